import { randomUUID } from "node:crypto";
import type { TokenCredential } from "@azure/identity";
import { LedgerError } from "../../providers/domain/errors.ts";
import type { EscrowReader } from "../../providers/domain/ports.ts";
import { Redacted } from "../../providers/domain/redacted.ts";
import type { World } from "../../providers/domain/world.ts";
import { escrowPlaceAt } from "../../providers/escrow/escrow-stores.ts";
import { loopbackCredential } from "../../providers/escrow/key-vault/loopback-credential.ts";
import { openEscrowReader } from "../../providers/escrow/open-escrow-reader.ts";
import type { AzureAccess, LedgerPlace, OpenedLedger } from "../../providers/ledger/ledger-store.ts";
import { ledgerPlaceAt } from "../../providers/ledger/ledger-stores.ts";
import { openLedger } from "../../providers/ledger/open-ledger.ts";
import { defaultPlaces } from "../../providers/pulumi/settings.ts";
import { CLOUD_NAMES, CLOUDS } from "../../providers/support/cloud.ts";
import { systemClock } from "../../providers/support/system-clock.ts";
import { findPulumi, type PulumiCommand } from "../pulumi/ask-pulumi.ts";
import { operator } from "./operator.ts";
import { readStackSettings, type StackSettings } from "./stack-settings.ts";
import { worldOfStack } from "./stack-world.ts";
import { configuredPlace, type Store, type StoreOptions } from "./store-locations.ts";
import { brakeOf, renderWhere } from "./where.ts";

/** DNS suffixes of the vaults of every cloud: a command takes the cloud from the address. */
export const VAULT_SUFFIXES = suffixesOf("vaultSuffix");

/** The ledger of a command, after one line that says where it is. */
export async function openLedgerOf(options: StoreOptions, root: string): Promise<OpenedLedger> {
  return (await openLedgerOfStack(options, root)).ledger;
}

/** A ledger, its place, and the stack that named it; null where the command line did. */
export interface LedgerOfStack extends FoundPlace {
  readonly ledger: OpenedLedger;
  readonly stack: string | null;
}

/** The same with what named it. */
export async function openLedgerOfStack(options: StoreOptions, root: string): Promise<LedgerOfStack> {
  const { place, settings } = await findPlace("ledger", options, root, process.env);
  const ledger = openLedgerAt(place, root, process.env);
  console.error(renderWhere({ settings, ledger: place }, await brakeOf(ledger)));
  return { ledger, place, settings, stack: settings?.stack ?? null };
}

/** A ledger that is about to be made: it has no brake to ask for. */
export interface NewLedger {
  readonly ledger: OpenedLedger;
  /** What the settings tell of its devices; null where they do not, or no stack is asked. */
  readonly world: World | null;
}

/** Makes nothing yet; says where the ledger will be in one line. */
export async function newLedgerOf(options: StoreOptions, root: string): Promise<NewLedger> {
  const { place, settings } = await findPlace("ledger", options, root, process.env);
  console.error(renderWhere({ settings, ledger: place }));
  return { ledger: openLedgerAt(place, root, process.env), world: settings === null ? null : worldOfStack(settings) };
}

/** Never made by accident, whatever Graph the runs use. */
export function openLedgerAt(location: string, root: string, environment: NodeJS.ProcessEnv): OpenedLedger {
  return openLedger({
    location,
    root,
    isLoopbackGraph: true,
    createWhenMissing: false,
    clock: systemClock,
    uuid: randomUUID,
    azure: azureAccess(location, environment),
    environment,
  });
}

/** The ledger's place of a command. Throws `ConfigurationError` for one that none can live in. */
export function ledgerPlaceOf(location: string, root: string): LedgerPlace {
  return ledgerPlaceAt(location, { root, blobSuffixes: suffixesOf("blobSuffix"), isLoopbackGraph: true });
}

interface FoundPlace {
  readonly place: string;
  /** Null where the command line names the place: then nobody is asked about a stack. */
  readonly settings: StackSettings | null;
}

/**
 * What the command line names, else what the stack does. Throws `ConfigurationError` for a place
 * that cannot be seen: none is ever guessed.
 */
async function findPlace(store: Store, options: StoreOptions, root: string, environment: NodeJS.ProcessEnv): Promise<FoundPlace> {
  const said = options[store];
  if (said !== undefined) return { place: said, settings: null };
  const settings = await readStackSettings(await pulumiOf(root, environment), options.stack);
  return { place: configuredPlace(store, settings), settings };
}

/** The CLI for questions about stacks. */
export function pulumiOf(root: string, environment: NodeJS.ProcessEnv): Promise<PulumiCommand> {
  return findPulumi({ env: environment, root, say: (line) => console.error(line) });
}

function azureAccess(location: string, environment: NodeJS.ProcessEnv): AzureAccess {
  const { AZURE_STORAGE_CONNECTION_STRING: connectionString } = environment;
  return {
    blobSuffixes: suffixesOf("blobSuffix"),
    credential: () => credentialOf(location, "blobSuffix", environment),
    connectionString: connectionString ? new Redacted(connectionString) : null,
    holder: `${operator()}, process ${process.pid}`,
  };
}

/** For commands that only read: they make no ledger. */
export function missingLedger(ledger: OpenedLedger): LedgerError {
  const ofDouble = defaultPlaces("http://127.0.0.1").ledger;
  const hint = `check the place (--stack, --ledger; the emulator's is --ledger ${ofDouble} unless its stack says otherwise); the first time: \`dlr ledger init STACK\``;
  return new LedgerError(`there is no ${ledger.describe()}`, { hint });
}

/**
 * The folder of a file escrow, after one line that says where it is; throws `ConfigurationError`
 * for a store without recipients, which has its own ways.
 */
export async function escrowFolderOf(options: StoreOptions, root: string): Promise<string> {
  const { place, settings } = await findPlace("escrow", options, root, process.env);
  console.error(renderWhere({ settings, ledger: null, escrow: place }));
  return escrowPlaceAt(place, { root, vaultSuffixes: VAULT_SUFFIXES, isLoopbackGraph: true }).recipientsFolder();
}

/** The authorized reader's door, with the identity of the environment for a vault. */
export function openReader(identityFile: string | null, root: string, environment: NodeJS.ProcessEnv): EscrowReader {
  return openEscrowReader({
    root,
    identityFile,
    vaultSuffixes: VAULT_SUFFIXES,
    environment,
    credential: ({ address, isLoopback }) =>
      isLoopback ? Promise.resolve(loopbackCredential(systemClock)) : credentialOf(address, "vaultSuffix", environment),
  });
}

type Suffix = "vaultSuffix" | "blobSuffix";

/** Of every cloud: a command takes the cloud from the address. */
function suffixesOf(kind: Suffix): readonly string[] {
  return [...new Set(CLOUD_NAMES.map((cloud) => CLOUDS[cloud][kind]))];
}

async function credentialOf(address: string, kind: Suffix, environment: NodeJS.ProcessEnv): Promise<TokenCredential> {
  const { createCredential } = await import("../../providers/identity/credential.ts");
  const cloud = CLOUD_NAMES.find((name) => new URL(address).hostname.endsWith(`.${CLOUDS[name][kind]}`)) ?? "global";
  return createCredential(environment, cloud, systemClock);
}

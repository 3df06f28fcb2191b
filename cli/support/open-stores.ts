import { randomUUID } from "node:crypto";
import type { TokenCredential } from "@azure/identity";
import { ConfigurationError, LedgerError } from "../../providers/domain/errors.ts";
import type { EscrowReader } from "../../providers/domain/ports.ts";
import { Redacted } from "../../providers/domain/redacted.ts";
import { parseEscrowLocation } from "../../providers/escrow/escrow-location.ts";
import { loopbackCredential } from "../../providers/escrow/key-vault/loopback-credential.ts";
import { openEscrowReader } from "../../providers/escrow/open-escrow-reader.ts";
import { type AzureAccess, type OpenedLedger, openLedger } from "../../providers/ledger/open-ledger.ts";
import { defaultPlaces } from "../../providers/pulumi/settings.ts";
import { CLOUD_NAMES, CLOUDS } from "../../providers/support/cloud.ts";
import { operator } from "./operator.ts";
import { locationOf, type StoreOptions } from "./store-locations.ts";
import { systemClock } from "./system-clock.ts";

const VAULT_SUFFIXES = suffixesOf("vaultSuffix");

/** The ledger of a command: never made by accident, whatever Graph the runs use. */
export async function openLedgerOf(
  options: StoreOptions,
  root: string,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<OpenedLedger> {
  const location = await locationOf("ledger", options, root);
  return openLedger({
    location,
    root,
    isLoopbackGraph: true,
    createWhenMissing: false,
    clock: systemClock,
    uuid: randomUUID,
    azure: azureAccess(location, environment),
  });
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
  const hint = `check the place (--stack, --ledger; the emulator's is --ledger ${ofDouble} unless its stack says otherwise); the first time: \`npm run ledger -- init\``;
  return new LedgerError(`there is no ${ledger.describe()}`, { hint });
}

/** The folder of a file escrow; throws `ConfigurationError` for a vault, which has its own ways. */
export async function escrowFolderOf(options: StoreOptions, root: string): Promise<string> {
  const text = await locationOf("escrow", options, root);
  const location = parseEscrowLocation(text, { root, vaultSuffixes: VAULT_SUFFIXES, isLoopbackGraph: true });
  if (location.kind === "file") return location.folder;
  throw new ConfigurationError(`${location.url} is a Key Vault: who may read there is set by roles, not by recipients`, {
    hint: "give readers the role Key Vault Secrets User on the vault; for a folder say --escrow file:FOLDER",
  });
}

/** The authorized reader's door, with the identity of the environment for a vault. */
export function openReader(identityFile: string | null, root: string, environment: NodeJS.ProcessEnv): EscrowReader {
  return openEscrowReader({
    root,
    identityFile,
    vaultSuffixes: VAULT_SUFFIXES,
    credential: ({ vaultUrl, isLoopback }) =>
      isLoopback ? Promise.resolve(loopbackCredential(systemClock)) : credentialOf(vaultUrl, "vaultSuffix", environment),
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

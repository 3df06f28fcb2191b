import { randomInt, randomUUID } from "node:crypto";
import { hostname } from "node:os";
import type { AuditLog, Sender } from "../domain/audit-log.ts";
import type { CloudName } from "../domain/cloud-name.ts";
import type { DeviceFleet } from "../domain/device-fleet.ts";
import type { LockPolicies } from "../domain/lock-policy.ts";
import type { Ports } from "../domain/ports.ts";
import { Redacted } from "../domain/redacted.ts";
import type { Recipient } from "../escrow/escrow-store.ts";
import { escrowPlaceAt } from "../escrow/escrow-stores.ts";
import { fingerprintOf } from "../escrow/fingerprint.ts";
import { loopbackCredential } from "../escrow/key-vault/loopback-credential.ts";
import type { CredentialFor, OpenedEscrow } from "../escrow/open-escrow.ts";
import { createGraph } from "../graph/create-graph.ts";
import { createCredential } from "../identity/credential.ts";
import { openTokens } from "../identity/open-tokens.ts";
import { tokenSenders } from "../identity/token-senders.ts";
import { tokenTenant } from "../identity/token-tenant.ts";
import type { AzureAccess, OpenedLedger } from "../ledger/ledger-store.ts";
import { openLedger } from "../ledger/open-ledger.ts";
import { CLOUDS, parseGraphEndpoint } from "../support/cloud.ts";
import { systemClock, systemMonotonic } from "../support/system-clock.ts";
import { processWatch } from "../telemetry/process-watch.ts";
import { watchEscrow, watchLedger } from "../telemetry/watch-stores.ts";
import { changeReference } from "./change-reference.ts";
import type { Settings } from "./settings.ts";
import { tellProgress } from "./tell-progress.ts";

/** The engine's ports, and what the program asks about them before it begins. */
export interface OpenedPorts extends Ports {
  /** Graph is a double on this machine. */
  readonly isLoopbackGraph: boolean;
  /** Scheme and host of Graph. */
  readonly graphOrigin: string;
  readonly ledger: OpenedLedger;
  readonly escrow: OpenedEscrow;
  /** Reads of the whole tenant, for reports. */
  readonly fleet: DeviceFleet;
  readonly auditLog: AuditLog;
  /** With whom calls are sent; empty where no token tells. */
  senders(): Promise<readonly Sender[]>;
  /** Policies that allow the Activation Lock. */
  readonly policies: LockPolicies;
  /** The tenant that the token for Graph is of; null where there is none, or it cannot be read. */
  tokenTenant(): Promise<string | null>;
  /**
   * Throws `EscrowError` or `ConfigurationError` where nothing could be escrowed; writes nothing.
   * Gives the recipients that are left out.
   */
  checkEscrow(): Promise<readonly Recipient[]>;
  /**
   * Throws `EscrowError` where the escrow does not answer, or does not let us in; writes nothing.
   */
  reachEscrow(): Promise<void>;
  /** Who could read what is escrowed from now on, in a text that tells them from others. */
  describeReaders(): Promise<string>;
}

function azureAccess(cloud: CloudName, environment: NodeJS.ProcessEnv): AzureAccess {
  const { AZURE_STORAGE_CONNECTION_STRING: connectionString } = environment;
  return {
    blobSuffixes: [CLOUDS[cloud].blobSuffix],
    credential: () => createCredential(environment, cloud, systemClock),
    connectionString: connectionString ? new Redacted(connectionString) : null,
    holder: [`process ${process.pid} on ${hostname()}`, changeReference(environment)].filter((text) => text !== null).join(", "),
  };
}

/**
 * The real parts, for one process. Nothing is opened or read before it is used. `says` is told what
 * takes long; where nobody else shows it, it goes to whoever started Pulumi.
 */
export function openPorts(
  settings: Settings,
  root: string,
  environment: NodeJS.ProcessEnv,
  says = (text: string) => tellProgress({ kind: "says", text, at: systemClock.now() }, environment),
): OpenedPorts {
  const { cloud } = settings;
  const endpoint = parseGraphEndpoint(cloud, settings.graphEndpoint);
  const common = { root, isLoopbackGraph: endpoint.isLoopback, clock: systemClock, uuid: randomUUID };
  const escrow = escrowPlaceAt(settings.escrow, { ...common, vaultSuffixes: [CLOUDS[cloud].vaultSuffix] });
  const credential: CredentialFor = async ({ isLoopback }) =>
    isLoopback ? loopbackCredential(systemClock) : createCredential(environment, cloud, systemClock);
  const tokens = openTokens(environment, cloud, endpoint);
  const { watch } = processWatch();
  const graph = createGraph({
    endpoint,
    tokens,
    clock: systemClock,
    monotonic: systemMonotonic,
    uuid: randomUUID,
    onProgress: says,
    shards: settings.shard.of,
    watch,
  });
  const store = watchEscrow(escrow.open({ clock: systemClock, uuid: randomUUID, credential, environment }), watch);
  const ledger = openLedger({ ...common, location: settings.ledger, azure: azureAccess(cloud, environment), environment });
  return {
    directory: graph.directory,
    actions: graph.actions,
    fleet: graph.fleet,
    auditLog: graph.auditLog,
    senders: () => tokenSenders(tokens),
    policies: graph.policies,
    escrow: store,
    ledger: watchLedger(ledger, watch),
    watch,
    clock: systemClock,
    monotonic: systemMonotonic,
    graphClock: graph.graphClock,
    uuid: randomUUID,
    pin: () => String(randomInt(0, 1_000_000)).padStart(6, "0"),
    fingerprint: fingerprintOf,
    isLoopbackGraph: endpoint.isLoopback,
    graphOrigin: endpoint.origin,
    tokenTenant: () => tokenTenant(tokens),
    checkEscrow: () => escrow.check(),
    reachEscrow: () => store.reach(),
    describeReaders: () => escrow.describeReaders(),
  };
}

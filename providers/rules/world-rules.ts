import { ConfigurationError } from "../domain/errors.ts";
import { type LedgerRecord, lastSettings, type WorldRecord } from "../domain/ledger-record.ts";
import { PROJECT } from "../domain/project.ts";
import { DOUBLE, describeWorld, type World } from "../domain/world.ts";
import { pulumiCommand } from "../support/dlr-command.ts";
import type { RunGuard } from "./rule.ts";

/** For the guards' table; `meetWorld` and `tenantOf` judge them. */
export const WORLD_GUARDS: readonly RunGuard[] = [
  {
    id: "another-world",
    effect: "the run is refused, with both named",
    when: "the ledger is of another Graph, or of another tenant, than the run; every Graph on this machine is one world, and no other",
    goOn: "the ledger of that Graph and tenant in `ledger`, best in a stack of its own",
  },
  {
    id: "two-tenants",
    effect: "the run is refused, with both named",
    when: "`tenant` names another tenant than the token for Graph",
    goOn: "correct `tenant`, or sign in to the tenant that it names",
  },
  {
    id: "unknown-tenant",
    effect:
      "what destroys data or puts a secret into escrow is `pending` (`Held`), and that a device is not there is no fact; other requests go on",
    when: "the ledger is of a tenant, and nobody can tell the run's: the token cannot be read, and `tenant` is not set",
    goOn: "set `tenant`",
  },
];

/**
 * The tenant of a run: what its token says, else what the setting says; null where neither tells.
 * Throws `ConfigurationError` where they contradict each other.
 */
export function tenantOf(token: string | null, setting: string | undefined, stack?: string): string | null {
  if (token === null || setting === undefined || token === setting) return token ?? setting ?? null;
  throw new ConfigurationError(
    `configuration ${PROJECT}:tenant is ${setting}, and the token for Graph is of tenant ${token}; nothing was sent`,
    { hint: `${pulumiCommand(["config", "set", "tenant", token], stack)}, or sign in to ${setting}` },
  );
}

/** The world that a ledger is of; null where nothing in it tells. */
export function worldIn(records: readonly LedgerRecord[]): World | null {
  const recorded = records.filter((record) => record.kind === "world");
  const [first] = recorded;
  if (first === undefined) return worldOfOlder(records);
  // Two runs may have begun at once: the word of the first one counts.
  const tenant = recorded.find((record) => record.graph === first.graph && record.tenant !== null)?.tenant ?? null;
  return { graph: first.graph, tenant };
}

/**
 * Before there were `world` records a run against Microsoft recorded its safety settings before it
 * began a request, and one against a double did not.
 */
function worldOfOlder(records: readonly LedgerRecord[]): World | null {
  const graph = lastSettings(records)?.settings.graph;
  if (graph !== undefined) return { graph, tenant: null };
  return records.some(({ kind }) => kind === "begun") ? { graph: DOUBLE, tenant: null } : null;
}

/** How a run and its ledger find each other. */
export interface Meeting {
  /** The world of the run. */
  readonly run: World;
  /** What the ledger does not say of its world yet, or null. */
  readonly record: WorldRecord | null;
  /**
   * For people, where the ledger was in use before it said so; null where there is nothing to tell.
   */
  readonly warning: string | null;
  /**
   * Why the run destroys and escrows nothing, or null: whether it is of the ledger's tenant cannot
   * be told.
   */
  readonly doubt: string | null;
}

/**
 * Throws `ConfigurationError` where the ledger is of another world than the run: what is recorded
 * there was never done here. `place` is the configuration's.
 */
export function meetWorld(records: readonly LedgerRecord[], run: World, place: string, at: string): Meeting {
  const known = worldIn(records);
  if (known !== null && isAnother(known, run)) throw anotherWorld(known, run, place);
  const world = { graph: run.graph, tenant: known?.tenant ?? run.tenant };
  const isRecorded = records.some(({ kind }) => kind === "world");
  const isNews = !isRecorded || world.tenant !== known?.tenant;
  const wasInUse = records.some((record) => "key" in record);
  return {
    run,
    record: isNews ? { kind: "world", at, ...world } : null,
    warning: isNews && wasInUse ? takenOver(isRecorded, world, place) : null,
    doubt: world.tenant !== null && run.tenant === null ? unknownTenant(world.tenant, place) : null,
  };
}

function isAnother(known: World, run: World): boolean {
  return known.graph !== run.graph || (known.tenant !== null && run.tenant !== null && known.tenant !== run.tenant);
}

function anotherWorld(known: World, run: World, place: string): ConfigurationError {
  const wayOut =
    run.graph === DOUBLE
      ? `take ${PROJECT}:ledger out of the stack's configuration, or set it to a place that only doubles use`
      : `set ${PROJECT}:ledger to the ledger of this Graph and tenant, or to a place for a new one (dlr ledger init STACK)`;
  return new ConfigurationError(
    `the ledger in ${place} is of ${describeWorld(known)}, and this run is of ${describeWorld(run)}: what was done there was not done here; nothing was sent`,
    { hint: `${wayOut}, best in a stack of its own` },
  );
}

function takenOver(isRecorded: boolean, world: World, place: string): string {
  const lacking = isRecorded ? "which tenant" : "whose devices";
  return `the ledger in ${place} was in use before it said ${lacking} it is about: from this up on it is of ${describeWorld(world)}, and of nothing else`;
}

function unknownTenant(tenant: string, place: string): string {
  return `the ledger in ${place} is of tenant ${tenant}, and Graph's tenant cannot be told: nothing is destroyed or escrowed before the configuration key ${PROJECT}:tenant is set`;
}

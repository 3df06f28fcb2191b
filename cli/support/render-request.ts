import { printable } from "../../providers/domain/diagnostic.ts";
import { type LedgerRecord, lastSettings } from "../../providers/domain/ledger-record.ts";
import type { Plan } from "../../providers/domain/plan.ts";
import type { RequestRecord, Why } from "../../providers/domain/request-record.ts";
import { describeWorld } from "../../providers/domain/world.ts";
import { historyOf } from "../../providers/engine/history.ts";
import { describeStanding } from "../../providers/engine/standing.ts";
import { worldIn } from "../../providers/rules/world-rules.ts";
import { factsOf, tellRecord } from "../../report/requests/tell-record.ts";

/**
 * What was done for one request: how it stands, its device, why it was done, and each record on a
 * line of its own.
 */
export function renderRequest(key: string, records: readonly RequestRecord[]): string {
  const { begun } = historyOf(records);
  const head = begun === null ? [] : [`  device       ${describeDevice(begun.plan)}`, ...renderWhy(begun.why)];
  const lines = records.map((record) => `  ${record.at}  ${tellRecord(record, begun?.plan)}`);
  return [`${key}: ${describeStanding(records)}`, ...head, ...lines].map(printable).join("\n");
}

/** A line for each fact that is known. */
function renderWhy(why: Why | undefined): readonly string[] {
  if (why === undefined) return ["  why          not on record: the ledger did not keep it then"];
  return [`  why          ${why.reason}`, ...factsOf(why).map(([name, fact]) => `  ${name.padEnd(12)} ${fact}`)];
}

/** Whose devices the ledger is about, where a record says so. */
export function renderWorld(records: readonly LedgerRecord[]): readonly string[] {
  const world = records.some(({ kind }) => kind === "world") ? worldIn(records) : null;
  return world === null ? [] : [printable(`this ledger is of ${describeWorld(world)}`)];
}

/** The safety settings that the last run had, and since when. */
export function renderSettings(records: readonly LedgerRecord[]): readonly string[] {
  const last = lastSettings(records);
  if (last === undefined) return [];
  return [`safety settings since ${last.at}`, ...Object.entries(last.settings).map(([name, value]) => `  ${name}: ${value}`)].map(
    printable,
  );
}

function describeDevice({ device }: Plan): string {
  return `serial ${device.serialNumber ?? "unknown"}, id ${device.id}, enrolled ${device.enrolledDateTime ?? "unknown"}`;
}

import { assertNever } from "../../providers/domain/assert-never.ts";
import { printable } from "../../providers/domain/diagnostic.ts";
import { type LedgerRecord, lastSettings } from "../../providers/domain/ledger-record.ts";
import { describeStep, type Plan } from "../../providers/domain/plan.ts";
import type { RequestRecord, Why } from "../../providers/domain/request-record.ts";
import type { IntentRecord } from "../../providers/domain/step-record.ts";
import { describeWorld } from "../../providers/domain/world.ts";
import { historyOf } from "../../providers/engine/history.ts";
import { worldIn } from "../../providers/rules/world-rules.ts";
import { describeStanding } from "./standing.ts";

/**
 * What was done for one request: how it stands, its device, why it was done, and each record on a
 * line of its own.
 */
export function renderRequest(key: string, records: readonly RequestRecord[]): string {
  const { begun } = historyOf(records);
  const head = begun === null ? [] : [`  device       ${describeDevice(begun.plan)}`, ...renderWhy(begun.why)];
  const lines = records.map((record) => `  ${record.at}  ${renderRecord(record, begun?.plan)}`);
  return [`${key}: ${describeStanding(records)}`, ...head, ...lines].map(printable).join("\n");
}

/** A line for each fact that is known. */
function renderWhy(why: Why | undefined): readonly string[] {
  if (why === undefined) return ["  why          not on record: the ledger did not keep it then"];
  return [`  why          ${why.reason}`, ...factsOf(why).map(([name, fact]) => `  ${name.padEnd(12)} ${fact}`)];
}

function factsOf({ ticket, source, commit, pullRequest, ciRun, who }: Why): readonly (readonly [name: string, fact: string])[] {
  const facts = [
    ["ticket", ticket],
    ["source", source],
    ["commit", commit],
    ["pull request", pullRequest],
    ["run", ciRun],
    ["by", who],
  ] as const;
  return facts.flatMap(([name, fact]) => (fact === null ? [] : [[name, fact] as const]));
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

/** One record in words, without its time. */
function renderRecord(record: RequestRecord, plan: Plan | undefined): string {
  const at = "step" in record ? `step ${record.step + 1} ${stepName(record.step, plan)}` : "";
  switch (record.kind) {
    case "begun":
      return `begun: ${record.plan.steps.map(describeStep).join(", ")}`;
    case "edited":
      return `edited: ${[record.why.reason, ...factsOf(record.why).map((fact) => fact.join(" "))].join("; ")}`;
    case "repeated":
      return `begun anew: ${record.reason}`;
    case "adopted":
      return `${at}: was under way already, started elsewhere (${record.result.actionState}); nothing was sent`;
    case "intent":
      return `${at}: about to send, attempt ${record.attempt}, client-request-id ${record.clientRequestId}${destroys(record)}`;
    case "result":
      return `${at}: ${RESULTS[record.result]}; ${record.detail}${record.requestId === null ? "" : ` (request-id ${record.requestId})`}`;
    case "escrowed":
      return `${at}: ${record.secret} escrowed as ${record.reference}`;
    case "finished":
      return `${at}: ${record.status} (${record.reason}): ${record.detail}`;
    case "settled":
      return `${at}: settled as ${record.decision} by ${record.who}: ${record.why}`;
    case "outcome":
      return `outcome ${record.outcome} (${record.reason}): ${record.message}`;
    default:
      return assertNever(record);
  }
}

const RESULTS = {
  accepted: "accepted by Graph",
  refused: "refused by Graph",
  notSent: "not taken by Graph, may be sent again",
  approvalRequired: "waits for another administrator",
  signInRequired: "refused to this identity, may be sent by another",
  unknown: "no answer: nobody can tell whether Graph took it",
} as const;

function destroys(record: IntentRecord): string {
  return record.destroysData ? ", DESTROYS DATA" : "";
}

function stepName(index: number, plan: Plan | undefined): string {
  return plan?.steps[index]?.action ?? "";
}

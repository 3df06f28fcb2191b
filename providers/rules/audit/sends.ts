import type { AuditedAction } from "../../domain/audit-log.ts";
import type { LedgerRecord } from "../../domain/ledger-record.ts";
import type { Concerned } from "../../domain/ports.ts";
import type { AdoptedRecord, IntentRecord, ResultRecord } from "../../domain/step-record.ts";

/** One call of this ledger's that destroys data, as an event of Intune's may tell of it. */
export interface Send {
  readonly intent: IntentRecord;
  /** Graph surely did not take it. What a person settled as not taken may have been taken. */
  readonly isUntaken: boolean;
  /** When an event of it may be: milliseconds. */
  readonly window: Window;
  /** The window is by Graph's time, and not by the clock of the machine that sent. */
  readonly isSure: boolean;
}

/** Milliseconds since the epoch, both included. */
export interface Window {
  readonly from: number;
  readonly to: number;
}

/** Everything of a ledger that may explain an event. */
export interface Sends {
  /** By the beginning of their windows. */
  readonly all: readonly Send[];
  /** By client request id, in lower case. */
  readonly byRequest: ReadonlyMap<string, Send>;
  /** By id of the device, in lower case; oldest first. */
  readonly byDevice: ReadonlyMap<string, readonly Send[]>;
  /** What was taken over from others, by id of the device. */
  readonly takenOver: ReadonlyMap<string, readonly AdoptedRecord[]>;
}

const MINUTE = 60_000;

/**
 * Intune's clock and that of the front end differ a little, and a call that waits on its way is
 * recorded late: a call takes 100 s at most, and Intune writes when it begins to act.
 */
const AROUND = { before: 5 * MINUTE, after: 15 * MINUTE };

/** Of older records only the clock of our machine tells. */
const AROUND_OUR_TIME = { before: 30 * MINUTE, after: 30 * MINUTE };

/** Longest of these windows, before and after: what an event may lie away from its send. */
export const LONGEST_WINDOW_MS = 60 * MINUTE;

/** What a ledger has to tell of, for these events to be explained by it. */
export function concernedBy(actions: readonly Pick<AuditedAction, "device" | "correlationId" | "at">[]): Concerned {
  return {
    devices: actions.flatMap(({ device }) => device ?? []),
    calls: actions.flatMap(({ correlationId }) => correlationId ?? []),
    since: actions.reduce((first, { at }) => Math.min(first, Date.parse(at)), Number.POSITIVE_INFINITY) - 2 * LONGEST_WINDOW_MS,
  };
}

/** Folds the records once; linear. */
export function sendsIn(records: readonly LedgerRecord[]): Sends {
  const results = new Map(records.filter((record) => record.kind === "result").map((record) => [nameOf(record), record]));
  const intents = records.filter((record) => record.kind === "intent").filter(({ destroysData }) => destroysData);
  const adopted = records.filter((record) => record.kind === "adopted").filter(({ destroysData }) => destroysData);
  const all = intents.map((intent) => sendOf(intent, results.get(nameOf(intent))));
  return {
    all: all.toSorted((a, b) => a.window.from - b.window.from),
    byRequest: new Map(all.map((send) => [send.intent.clientRequestId.toLowerCase(), send])),
    byDevice: Map.groupBy(all, ({ intent }) => intent.device.id.toLowerCase()),
    takenOver: Map.groupBy(adopted, ({ device }) => device.id.toLowerCase()),
  };
}

function nameOf({ key, step, attempt }: Pick<IntentRecord, "key" | "step" | "attempt">): string {
  return `${key} ${step} ${attempt}`;
}

function sendOf(intent: IntentRecord, result: ResultRecord | undefined): Send {
  const isUntaken = result !== undefined && result.result !== "accepted" && result.result !== "unknown";
  const isSure = intent.graphTime !== undefined && !Number.isNaN(Date.parse(intent.graphTime));
  const at = Date.parse(isSure ? (intent.graphTime ?? "") : intent.at);
  const { before, after } = isSure ? AROUND : AROUND_OUR_TIME;
  return { intent, isUntaken, isSure, window: { from: at - before, to: at + after } };
}

/** Sends whose window may hold the instant: a few, however many there are. */
export function sendsAround({ all }: Pick<Sends, "all">, instant: number): readonly Send[] {
  let [low, high] = [0, all.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((all[middle]?.window.from ?? 0) < instant - LONGEST_WINDOW_MS) low = middle + 1;
    else high = middle;
  }
  const found: Send[] = [];
  for (let send = all[low]; send !== undefined && send.window.from <= instant; send = all[++low]) found.push(send);
  return found;
}

/** False for a window of a record whose time cannot be read. */
export function isWithin({ from, to }: Window, instant: number): boolean {
  return instant >= from && instant <= to;
}

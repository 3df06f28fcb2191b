import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { isRepeatable } from "../../providers/domain/actions/action-table.ts";
import { LedgerError } from "../../providers/domain/errors.ts";
import type { LedgerRecord } from "../../providers/domain/ledger-record.ts";
import type { RequestRecord } from "../../providers/domain/request-record.ts";
import { historyOf } from "../../providers/engine/history.ts";
import { parseBytes } from "../../providers/ledger/ledger-bytes.ts";
import { CHAIN_START, formatLines } from "../../providers/ledger/ledger-line.ts";
import { World } from "../support/fakes.ts";
import { ACCEPTED, LOST_AFTER, LOST_BEFORE, REFUSED, type ScriptedAnswer, THROTTLED } from "../support/fakes-graph.ts";
import { jobOf, lifecycleRequest, UNLOCK_AND_WIPE } from "../support/fakes-requests.ts";
import { decide } from "../support/fakes-situation.ts";
import { SEED } from "../support/hostile-text.ts";

const CREATED: LedgerRecord = { kind: "created", version: 1, at: "2026-11-20T12:00:00.000Z" };
const JOB = jobOf(lifecycleRequest(UNLOCK_AND_WIPE, { reason: "Zurückgegeben 😀" }));

/**
 * The records that runs of one request really write, when Graph answers its wipe like this, one run
 * after the other.
 */
async function recordsOf(answers: readonly ScriptedAnswer[]): Promise<readonly RequestRecord[]> {
  const world = new World();
  world.graph.answer("wipe", ...answers);
  for (const _ of answers) await world.run(JOB, { waitMs: 1_000 });
  return world.journal.flatMap((entry) => (entry.kind === "append" ? [entry.record] : []));
}

/**
 * What a crash leaves of bytes: cut anywhere; then nothing, zeros, zeros in place of the last
 * written ones, or those with the end of the line.
 */
interface Crash {
  /** From 0 to 1. */
  readonly cut: number;
  readonly tail: "nothing" | "zeros" | "zeroed" | "zeroedLine";
  readonly length: number;
}

function crashed(whole: Buffer, { cut, tail, length }: Crash): Buffer {
  const kept = Buffer.from(whole.subarray(0, Math.round(cut * whole.length)));
  const written = kept.lastIndexOf("\n") + 1;
  const start = Math.max(written, kept.length - length);
  switch (tail) {
    case "nothing":
      return kept;
    case "zeros":
      return Buffer.concat([kept, Buffer.alloc(length)]);
    case "zeroed":
      return Buffer.from(kept.fill(0, start));
    case "zeroedLine":
      return kept.length === written ? kept : Buffer.concat([kept.fill(0, start), Buffer.from("\n")]);
  }
}

const crash: fc.Arbitrary<Crash> = fc.record({
  cut: fc.integer({ min: 0, max: 100_000 }).map((part) => part / 100_000),
  tail: fc.constantFrom("nothing", "zeros", "zeroed", "zeroedLine"),
  length: fc.integer({ min: 1, max: 700 }),
});

const answers = fc.array(fc.constantFrom(ACCEPTED, THROTTLED, REFUSED, LOST_AFTER, LOST_BEFORE), { minLength: 1, maxLength: 3 });

/** Null for a ledger that is refused. */
function replay(bytes: Buffer): readonly LedgerRecord[] | null {
  try {
    return parseBytes(bytes, CHAIN_START, "ledger.jsonl").records;
  } catch (error) {
    expect(error).toBeInstanceOf(LedgerError);
    return null;
  }
}

/** Whether Graph may have taken the step, by what stands in the ledger. */
function mayBeTaken(records: readonly RequestRecord[], step: number): boolean {
  const own = historyOf(records).inForce.filter((record) => "step" in record && record.step === step);
  const last = own.findLast((record) => record.kind === "intent" || record.kind === "result");
  return last?.kind === "intent" || (last?.kind === "result" && last.result !== "notSent");
}

test("whatever a crash leaves of a ledger replays to the records whose lines are whole, and nothing is sent twice after it", async () => {
  let sending = 0;
  await fc.assert(
    fc.asyncProperty(answers, crash, async (given, left) => {
      const written = [CREATED, ...(await recordsOf(given))];
      const { bytes } = formatLines(
        CHAIN_START,
        written.map((record) => JSON.stringify(record)),
      );
      const remains = crashed(bytes, left);

      const records = replay(remains);

      const whole =
        bytes
          .subarray(0, Math.round(left.cut * bytes.length))
          .toString()
          .split("\n").length - 1;
      expect(records).toEqual(written.slice(0, whole));
      const ofRequest = (records ?? []).filter((record): record is RequestRecord => "key" in record);
      for (const since of [{}, null, { enrolledDateTime: "2026-11-20T11:59:00Z" }]) {
        const decision = decide({ steps: UNLOCK_AND_WIPE, records: ofRequest, since, codeIsFresh: true });
        if (decision.kind !== "send" || isRepeatable(decision.step.action)) continue;
        sending += 1;
        expect(mayBeTaken(ofRequest, decision.step.index)).toBe(false);
      }
    }),
    { numRuns: 400, seed: SEED },
  );
  expect(sending).toBeGreaterThan(20);
});

test("a ledger in which one byte was changed is refused, or lacks nothing but what is torn", async () => {
  const written = [CREATED, ...(await recordsOf([ACCEPTED]))];
  const { bytes } = formatLines(
    CHAIN_START,
    written.map((record) => JSON.stringify(record)),
  );
  fc.assert(
    fc.property(fc.nat({ max: bytes.length - 1 }), fc.nat({ max: 255 }), (place, value) => {
      fc.pre(bytes[place] !== value);
      const changed = Buffer.from(bytes);
      changed[place] = value;

      const records = replay(changed);

      const lastLine = bytes.lastIndexOf("\n", bytes.length - 2) + 1;
      if (records !== null) expect([place >= lastLine, records]).toEqual([true, written.slice(0, -1)]);
    }),
    { numRuns: 1_000, seed: SEED },
  );
});

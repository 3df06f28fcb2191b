import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { destroysData, isRepeatable } from "../../providers/domain/actions/action-table.ts";
import { ACTION_STATES, isSupervisedApple, type ManagedDevice } from "../../providers/domain/managed-device.ts";
import type { ApprovalState } from "../../providers/domain/ports.ts";
import type { RequestRecord } from "../../providers/domain/request-record.ts";
import { historyOf } from "../../providers/engine/history.ts";
import { ANDROID, actionResult, IPAD, MAC, UNSUPERVISED_IPAD, WINDOWS } from "../support/fakes-devices.ts";
import { adopted, escrowed, finished, intent, outcome, repeated, result, settled } from "../support/fakes-records.ts";
import { ANEW, decide, TOO_LATE, terms } from "../support/fakes-situation.ts";
import { SEED } from "../support/hostile-text.ts";

const NAMES = ["bypassActivationLock", "resetPasscode", "wipe", "retire", "syncDevice", "remoteLock", "delete"] as const;
const RESULTS = ["accepted", "refused", "notSent", "approvalRequired", "signInRequired", "unknown"] as const;

const steps = fc.array(fc.constantFrom("escrowBypassCode", "waitFor", ...NAMES), { minLength: 1, maxLength: 4 });

/** Records in any order, also in ones that no run would write. */
const record: fc.Arbitrary<(actions: readonly string[]) => RequestRecord> = fc
  .record({
    step: fc.nat({ max: 3 }),
    attempt: fc.integer({ min: 1, max: 2 }),
    word: fc.constantFrom(...RESULTS),
    kind: fc.nat({ max: 9 }),
  })
  .map(({ step, attempt, word, kind }) => (actions) => {
    const action = actions[step] ?? "wipe";
    switch (kind) {
      case 0:
        return finished(step);
      case 1:
        return escrowed(step);
      case 2:
        return adopted(step, { action, result: actionResult(action, "pending") });
      case 3:
        return settled(step, attempt === 1 ? "taken" : "not-taken", { attempt });
      case 4:
        return outcome("pending");
      case 5:
        return repeated();
      case 6:
      case 7:
        return intent(step, { attempt, action });
      default:
        return result(step, word, { attempt });
    }
  });

const seen: fc.Arbitrary<Partial<ManagedDevice> | null> = fc.oneof(
  { weight: 5, arbitrary: fc.constant({}) },
  fc.constantFrom(
    null,
    ANEW,
    { isSupervised: null },
    { isSupervised: true },
    { operatingSystem: null },
    { managementState: "wipePending" },
  ),
  fc
    .array(fc.tuple(fc.constantFrom(...NAMES), fc.constantFrom(...ACTION_STATES)), { maxLength: 2 })
    .map((results) => ({ deviceActionResults: results.map(([name, state]) => actionResult(name, state)) })),
);

const facts = fc.record({
  codeIsFresh: fc.boolean(),
  followOnly: fc.boolean(),
  mayWait: fc.boolean(),
  now: fc.constantFrom(Date.parse("2026-11-20T12:00:01Z"), Date.parse("2026-11-21T12:00:00Z"), TOO_LATE),
  approval: fc.constantFrom<ApprovalState | null>(
    null,
    { kind: "waiting" },
    { kind: "approved" },
    { kind: "unknown" },
    { kind: "refused", detail: "" },
  ),
});

/**
 * By the records in force: it was never about to be sent, or Graph said of the last time that it
 * did not take it, or a person did.
 */
function mayBeSent(records: readonly RequestRecord[], step: number): boolean {
  const own = historyOf(records).inForce.filter((one) => "step" in one && one.step === step);
  if (own.some((one) => one.kind === "finished")) return false;
  const at = own.findLastIndex((one) => one.kind === "intent");
  const last = own[at];
  if (last?.kind !== "intent") return true;
  return own.slice(at + 1).some((one) => {
    if (one.kind === "settled") return one.attempt === last.attempt && one.decision === "not-taken";
    return one.kind === "result" && one.attempt === last.attempt && (one.result === "notSent" || one.result === "approvalRequired");
  });
}

test("whatever stands in the ledger and whatever the device says, nothing is destroyed before a fresh read of the code, and nothing in doubt is sent", () => {
  let sent = 0;
  fc.assert(
    fc.property(
      steps,
      fc.array(record, { maxLength: 6 }),
      fc.record({ device: fc.constantFrom(IPAD, IPAD, UNSUPERVISED_IPAD, ANDROID, MAC, WINDOWS), since: seen }),
      facts,
      (actions, makers, { device, since }, given) => {
        const records = makers.map((make) => make(actions));
        const acknowledged = { ...terms("dataLoss", "physicalPossession", "personalDevice"), expires: "2026-12-31" };

        const decision = decide({ steps: actions, records, device, since, terms: acknowledged, ...given });

        if (decision.kind !== "send") return;
        sent += 1;
        const { action, index } = decision.step;
        const now = { ...device, ...since };
        expect([since === null, now.enrolledDateTime === device.enrolledDateTime, given.now < TOO_LATE]).toEqual([false, true, true]);
        if (destroysData(action) && isSupervisedApple(now)) expect(given.codeIsFresh).toBe(true);
        if (!isRepeatable(action)) expect(mayBeSent(records, index)).toBe(true);
      },
    ),
    { numRuns: 6_000, seed: SEED },
  );
  expect(sent).toBeGreaterThan(300);
});

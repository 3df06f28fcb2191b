import { describe, expect, test } from "@jest/globals";
import { absent, type Observation, seen } from "../../providers/domain/observation.ts";
import { firstActOf } from "../../providers/engine/decide/first-act.ts";
import { ANDROID, actionResult } from "../support/fakes-devices.ts";
import { AT, adopted, begun, escrowed, finished, intent, outcome, result, sent, settled } from "../support/fakes-records.ts";
import { jobOf, lifecycleRequest, UNLOCK_AND_WIPE } from "../support/fakes-requests.ts";
import { ANEW, EMPTY_LEDGER, ended, type Row, reports, situationOf } from "../support/fakes-situation.ts";

const NOW = Date.parse(AT);
const LAST_SEEN = { kind: "seen", at: NOW, from: "a test" } as const;
const BEGUN = begun(jobOf(lifecycleRequest(UNLOCK_AND_WIPE)).plan);
const BRAKE = "wrong devices (set by anna@build-7 at 2026-11-20T11:00:00.000Z)";
const SENT = intent(0, { at: "2026-11-20T11:00:00.000Z" });

interface Words extends Omit<Row, "decision"> {
  readonly says: string;
}

const ROWS: readonly Words[] = [
  {
    name: "a new request",
    steps: UNLOCK_AND_WIPE,
    says: "WIPES: first escrows the bypass code, then sends bypassActivationLock, then sends wipe",
  },
  { name: "a wipe alone", steps: ["wipe"], device: ANDROID, says: "WIPES" },
  { name: "a retire", steps: ["retire"], device: ANDROID, says: "RETIRES" },
  { name: "a delete", steps: ["delete"], device: ANDROID, says: "DELETES" },
  {
    name: "a wipe on a device without a bypass code",
    steps: ["escrowBypassCode", "wipe"],
    device: ANDROID,
    says: "WIPES",
  },
  { name: "nothing that destroys", steps: ["syncDevice", "remoteLock"], says: "sends syncDevice, then sends remoteLock" },
  { name: "the escrow alone", steps: ["escrowBypassCode"], says: "escrows the bypass code" },
  {
    name: "a wipe that waits for what comes before",
    steps: ["syncDevice", "waitFor", "wipe"],
    device: ANDROID,
    says: "WIPES: first sends syncDevice, then waits for the device's report, then sends wipe",
  },
  {
    name: "a request that is expired",
    steps: UNLOCK_AND_WIPE,
    now: Date.parse("2027-01-26T12:00:00Z"),
    says: "will not run: expired 26 days ago",
  },
  {
    name: "one that expired a minute ago",
    steps: ["wipe"],
    now: Date.parse("2027-01-01T00:01:00Z"),
    says: "will not run: expired yesterday",
  },
  {
    name: "the brake",
    steps: UNLOCK_AND_WIPE,
    seen: { brake: { ...LAST_SEEN, value: BRAKE } },
    says: `held: brake set: ${BRAKE}`,
  },
  {
    name: "the brake, cleared since the last run said so",
    steps: UNLOCK_AND_WIPE,
    records: [outcome("pending", { reason: "Brake", message: "nothing is sent until: ./dlr resume" })],
    says: "WIPES: first escrows the bypass code, then sends bypassActivationLock, then sends wipe",
  },
  { name: "followOnly", steps: UNLOCK_AND_WIPE, followOnly: true, says: "held: followOnly is set" },
  {
    name: "changed settings",
    steps: UNLOCK_AND_WIPE,
    seen: { hold: { ...LAST_SEEN, value: "maxDestructive: 5 → 500" } },
    says: "held: settings changed",
  },
  {
    name: "a doubt that was settled as not taken",
    steps: ["wipe"],
    device: ANDROID,
    records: [SENT, outcome("ambiguous"), settled(0, "not-taken")],
    says: "wipes again: settled as not taken",
  },
  {
    name: "a doubt that was settled as taken",
    steps: ["wipe"],
    device: ANDROID,
    records: [SENT, outcome("ambiguous"), settled(0, "taken")],
    says: "nothing: finished",
  },
  {
    name: "a call that Graph did not take",
    steps: ["wipe"],
    device: ANDROID,
    records: sent(0, "notSent"),
    says: "WIPES: Graph did not take it before",
  },
  {
    name: "a call that was approved",
    steps: ["wipe"],
    device: ANDROID,
    records: sent(0, "approvalRequired"),
    approval: { kind: "approved" },
    says: "WIPES: approval approval-1 is used, where it was given",
  },
  {
    name: "a call that waits for approval",
    steps: ["wipe"],
    device: ANDROID,
    records: sent(0, "approvalRequired"),
    approval: { kind: "waiting" },
    says: "waits: wipe waits for another administrator to approve request approval-1 in the Intune admin center under Tenant administration > Multi Admin Approval, within 3 days; then run up again",
  },
  {
    name: "a call that was rejected",
    steps: ["wipe"],
    device: ANDROID,
    records: sent(0, "approvalRequired"),
    approval: { kind: "refused", detail: "rejected by bea" },
    says: "will not run: wipe: rejected by bea",
  },
  {
    name: "an accepted call",
    steps: ["wipe"],
    device: ANDROID,
    records: sent(0),
    says: "follows: Graph took wipe, and the device has not reported yet",
  },
  {
    name: "an accepted call that the device has reported, with another step behind it",
    steps: ["escrowBypassCode", "wipe"],
    records: [BEGUN, escrowed(0), finished(0)],
    says: "WIPES",
  },
  {
    name: "what somebody else has started",
    steps: ["resetPasscode"],
    since: reports(actionResult("resetPasscode", "active")),
    says: "takes over: resetPasscode is under way, started elsewhere",
  },
  {
    name: "what was taken over and came to nothing",
    steps: ["wipe"],
    device: ANDROID,
    records: [adopted(0), outcome("pending"), settled(0, "not-taken", { attempt: 0 })],
    says: "wipes again: what somebody else had started came to nothing, as settled",
  },
  {
    name: "a doubt that is fresh",
    steps: ["wipe"],
    device: ANDROID,
    records: sent(0, "unknown"),
    says: "follows: an answer of Graph was lost, and the device is looked at again",
  },
  {
    name: "a doubt that is old",
    steps: ["wipe"],
    device: ANDROID,
    records: [SENT, result(0, "unknown", { at: SENT.at }), outcome("ambiguous")],
    says: "nothing until it is settled: nobody can tell whether wipe was taken: there was no clear answer, and the device reports nothing new. Look at the device, then settle it: ./dlr settle leeds-leaver-0042 --taken (or --not-taken) --why TEXT",
  },
  {
    name: "a device that left",
    steps: ["wipe"],
    since: null,
    says: expect.stringMatching(/^will not run: device .* left Intune before wipe/) as unknown as string,
  },
  {
    name: "a device that was enrolled anew",
    steps: UNLOCK_AND_WIPE,
    since: ANEW,
    says: expect.stringMatching(/^will not run: the device was enrolled anew/) as unknown as string,
  },
  {
    name: "a device that cannot be read",
    steps: ["wipe"],
    seen: { device: { kind: "unreadable", reason: "GraphNotReadable", why: "Graph is down", at: NOW } },
    says: "held: Graph is down",
  },
  { name: "all steps done", steps: ["syncDevice"], records: ended(0), says: "nothing: finished" },
  {
    name: "too many today",
    steps: ["wipe"],
    device: ANDROID,
    seen: { ledger: seen({ ...EMPTY_LEDGER, destroyedToday: 5 }, NOW, "the ledger") },
    says: expect.stringMatching(/^held: 5 requests destroyed data in the last 24 hours, 1 more would/) as unknown as string,
  },
];

describe("the first line of a card", () => {
  test.each(ROWS)("of $name", ({ says, ...row }) => {
    expect(firstActOf(situationOf(row))).toMatchObject({ text: says });
  });

  test("asks for what is missing before it says anything, and never for a bypass code", () => {
    const { seen: all, ...situation } = situationOf({ steps: UNLOCK_AND_WIPE });
    const asked: string[] = [];
    const known = new Set<string>(["device"]);
    for (;;) {
      const some: Observation = Object.fromEntries(Object.entries(all).filter(([name]) => known.has(name)));
      const act = firstActOf({ ...situation, seen: some });
      if (act.kind !== "look") break;
      asked.push(...act.at);
      for (const name of act.at) known.add(name);
    }

    expect(asked).toEqual(["clock", "review", "shown", "brake", "permissions", "hold", "ledger"]);
  });

  test("of a request that waits for approval asks how it stands", () => {
    const { seen: all, ...situation } = situationOf({ steps: ["wipe"], device: ANDROID, records: sent(0, "approvalRequired") });
    const { approval: _, ...others } = all;

    expect(firstActOf({ ...situation, seen: others })).toEqual({ kind: "look", at: ["approval"] });
    expect(firstActOf({ ...situation, seen: { ...others, approval: absent("nobody knows", NOW) } })).toMatchObject({ kind: "acts" });
  });
});

import { describe, expect, test } from "@jest/globals";
import { absent, type Observation, seen } from "../../providers/domain/observation.ts";
import { ANDROID } from "../support/fakes-devices.ts";
import { AT, intent, result, sent, settled } from "../support/fakes-records.ts";
import { UNLOCK_AND_WIPE } from "../support/fakes-requests.ts";
import { decide, ended, finish, finishStep, GONE_AFTER, type Row } from "../support/fakes-situation.ts";

const NOW = Date.parse(AT);
type Missed = Omit<Row, "name" | "decision">;

/** Whatever follows from a device that left, and what does. */
const CONCLUSIONS: readonly (readonly [string, number, Missed, object])[] = [
  [
    "success after an accepted wipe",
    0,
    { steps: ["wipe"], device: ANDROID, records: sent(0) },
    finishStep(0, "done", "RemovedFromManagement"),
  ],
  [
    "failure after an accepted passcode reset",
    0,
    { steps: ["resetPasscode"], records: [intent(0, { action: "resetPasscode" }), result(0, "accepted")] },
    finishStep(0, "failed", "DeviceGone"),
  ],
  [
    "the end of a step through a later one",
    1,
    { steps: UNLOCK_AND_WIPE, records: [...ended(0), ...sent(1), ...sent(2)] },
    finishStep(1, "done", "ResultNotReported"),
  ],
  ["failure before a step", 0, { steps: ["wipe"], device: ANDROID }, finish("failed", "DeviceGone")],
  ["ambiguity after a doubt", 0, { steps: ["wipe"], device: ANDROID, records: sent(0, "unknown") }, finish("ambiguous", "InDoubt")],
];

const lookForGone = (index: number) => ({ kind: "look", at: ["gone"], step: { index } });
const waitFor = (atMostMs: number) => ({ kind: "wait", for: "gone", atMostMs });
const NOT_VISIBLE = finish("pending", "NotVisible");
const withGone = (gone: Observation["gone"]): Observation => (gone === undefined ? {} : { gone });

describe.each(CONCLUSIONS)("%s", (_name, index, row, conclusion) => {
  const missed = (missedFor: number | null, changes: Partial<Missed> = {}) => decide({ ...row, since: null, missedFor, ...changes });

  test("does not follow from the first look, nor from one soon after it: the run looks again", () => {
    expect(missed(null)).toMatchObject(waitFor(GONE_AFTER));
    expect(missed(GONE_AFTER - 1)).toMatchObject(waitFor(1));
  });

  test("does not follow from a time that is still to come", () => {
    expect(missed(-3_600_000)).toMatchObject(waitFor(GONE_AFTER));
  });

  test("is left to the next run by one that may not wait", () => {
    expect(missed(null, { mayWait: false })).toMatchObject(NOT_VISIBLE);
    expect(missed(GONE_AFTER - 1, { mayWait: false })).toMatchObject(NOT_VISIBLE);
  });

  test("asks for a closer look once it has lasted", () => {
    expect(missed(GONE_AFTER, { mayWait: false })).toMatchObject(lookForGone(index));
  });

  test("does not follow where a closer look fails, or where a list has the device", () => {
    const failed = withGone({ kind: "unreadable", reason: "GraphNotReadable", why: "503", at: NOW });
    const listed = withGone(absent("the list of all devices has it", NOW));

    expect(missed(GONE_AFTER, { seen: failed })).toMatchObject(NOT_VISIBLE);
    expect(missed(GONE_AFTER, { seen: listed })).toMatchObject(NOT_VISIBLE);
  });

  test("follows from proof", () => {
    expect(missed(GONE_AFTER, { seen: withGone(seen({ elsewhere: [] }, NOW, "Graph")) })).toMatchObject(conclusion);
  });

  test("does not follow from a 404 that is not Graph's own", () => {
    const device = { kind: "unreadable", reason: "NotVisible", why: "a page of a proxy", at: NOW } as const;

    expect(missed(GONE_AFTER, { seen: { device } })).toMatchObject({
      verdict: { outcome: "pending", reason: "NotVisible", message: device.why },
    });
  });
});

test("what waits says what was seen, that the identity may not see it, where to look, and what comes next", () => {
  const decision = decide({ steps: ["wipe"], device: ANDROID, records: sent(0), since: null, missedFor: null, mayWait: false });

  expect(decision).toMatchObject({
    verdict: {
      message: `Graph says that it does not know device ${ANDROID.id}, and one look is no proof that it left Intune. This identity may not see it (scope tags of its role): look for it in the Intune admin centre; the next up looks again`,
    },
  });
});

test("a serial number that is enrolled under another id is told", () => {
  const gone = withGone(seen({ elsewhere: ["00000000-0000-4000-8000-00000000000f"] }, NOW, "Graph"));
  const texts = CONCLUSIONS.filter(([, index]) => index === 0).map(([, , row]) =>
    JSON.stringify(decide({ ...row, since: null, seen: gone })),
  );

  for (const text of texts) expect(text).toContain("its serial number is enrolled anew, under the id 00000000-0000-4000-8000-00000000000f");
});

test("what a person settled as taken needs no proof: the person is the evidence", () => {
  const records = [...sent(0, "unknown"), settled(0, "taken")];

  expect(decide({ steps: ["wipe"], device: ANDROID, records, since: null, missedFor: null })).toMatchObject(
    finishStep(0, "done", "Settled"),
  );
});

test("a step that a later one overtook needs none either", () => {
  const records = [...ended(0, 2), ...sent(1)];

  expect(decide({ steps: UNLOCK_AND_WIPE, records, since: null, missedFor: null })).toMatchObject(
    finishStep(1, "done", "ResultNotReported"),
  );
});

import { describe, expect, test } from "@jest/globals";
import type { SeenPolicy } from "../../providers/domain/lock-policy.ts";
import { acceptWord, decidePolicy, losesLock, markOf, mayDelete, type WantedPolicy } from "../../providers/rules/lock-policy-rules.ts";
import { DESCRIPTION, GROUP_A, GROUP_B, MARK, POLICY_ID, seenPolicy, wanted } from "../support/fakes-policies.ts";

const ADOPTED = { title: null, adopt: POLICY_ID } as const;
const FILTERED = "group with a filter";

const decide = (policy: WantedPolicy, seen: SeenPolicy | null) => decidePolicy(policy, seen, DESCRIPTION);

describe("a policy that is made", () => {
  test.each<[string, SeenPolicy | null, object]>([
    ["that is not there is made", null, { kind: "create" }],
    ["that is as it should be is left alone", seenPolicy(), { kind: "inPlace" }],
    ["to which somebody added settings, and nothing else, is left alone", seenPolicy({ otherSettings: 2 }), { kind: "inPlace" }],
    [
      "that does not allow the lock is changed",
      seenPolicy({ allowsLock: false }),
      { kind: "change", settings: true, groups: false, differences: ["Activation Lock while supervised: not allowed → allowed"] },
    ],
    [
      "that another group has is changed",
      seenPolicy({ groups: { include: [GROUP_B], exclude: [GROUP_A] } }),
      { kind: "change", settings: false, groups: true, differences: [`include: + ${GROUP_A}, - ${GROUP_B}`, `exclude: - ${GROUP_A}`] },
    ],
    [
      "that has another name, and is not found by its mark any more, is changed",
      seenPolicy({ title: "other", description: "" }),
      {
        kind: "change",
        settings: true,
        differences: ['name: "other" → "activation-lock"', "description: by which this policy is found again"],
      },
    ],
    [
      "whose assignment has a filter is changed",
      seenPolicy({ otherTargets: [FILTERED] }),
      { kind: "change", groups: true, differences: [`assigned besides, which ends: ${FILTERED}`] },
    ],
    [
      "whose settings were changed and added to is not written over",
      seenPolicy({ allowsLock: null, otherSettings: 1 }),
      { kind: "failed", message: expect.stringContaining("1 other settings, which are never written here") },
    ],
    [
      "of another platform is not written",
      seenPolicy({ platforms: ["macOS"] }),
      { kind: "failed", message: expect.stringContaining("is for macOS") },
    ],
  ])("%s", (_, seen, decision) => {
    expect(decide(wanted(), seen)).toMatchObject(decision);
  });
});

describe("a policy that is adopted", () => {
  const differing = seenPolicy({ form: "deviceRestrictions", title: "iPads", description: "", allowsLock: false });
  const word = acceptWord(wanted(ADOPTED), differing);

  test("keeps its name and its description", () => {
    expect(decide(wanted(ADOPTED), seenPolicy({ title: "iPads", description: "of Leeds" }))).toEqual({ kind: "inPlace" });
  });

  test("that is not there is not made", () => {
    expect(decide(wanted(ADOPTED), null)).toMatchObject({ kind: "failed", message: expect.stringContaining(POLICY_ID) });
  });

  test("that is no policy of ours to read is not written", () => {
    expect(decide(wanted(ADOPTED), seenPolicy({ platforms: [] }))).toMatchObject({ kind: "failed" });
  });

  test("is held with its differences and the word that accepts them, and changed with that word", () => {
    expect(decide(wanted(ADOPTED), differing)).toEqual({
      kind: "held",
      message: `it is adopted as it is, and nothing is changed: write accept: ${word} to have exactly this changed`,
      differences: ["Activation Lock while supervised: not allowed → allowed"],
    });
    expect(decide(wanted({ ...ADOPTED, accept: word }), differing)).toMatchObject({ kind: "change", settings: true });
  });

  test.each<[string, Partial<SeenPolicy>]>([
    ["its groups", { groups: { include: [], exclude: [] } }],
    ["its lock", { allowsLock: null }],
    ["its filters", { otherTargets: [FILTERED] }],
    ["which it is", { id: "5b1c2d3e-0000-4000-8000-000000000002" }],
  ])("is held again where %s are others than what was accepted", (_, changes) => {
    const other = { ...differing, ...changes };

    expect(decide(wanted({ ...ADOPTED, accept: word }), other)).toMatchObject({
      kind: "held",
      message: expect.stringContaining("what was accepted was another difference"),
    });
  });

  test.each<[string, Partial<WantedPolicy>]>([
    ["groups", { groups: { include: [GROUP_B], exclude: [] } }],
    ["exclusions", { groups: { include: [GROUP_A], exclude: [GROUP_B] } }],
  ])("is held again where its file wants other %s than what was accepted", (_, changes) => {
    expect(decide(wanted({ ...ADOPTED, ...changes, accept: word }), differing)).toMatchObject({ kind: "held" });
  });

  test("goes on with what is left of what this run was let change, and with nothing more", () => {
    const policy = wanted({ ...ADOPTED, groups: { include: [GROUP_B], exclude: [] } });
    const half = seenPolicy({ title: "iPads" });
    const left = [`include: + ${GROUP_B}, - ${GROUP_A}`];

    expect(decidePolicy(policy, half, DESCRIPTION, left)).toMatchObject({ kind: "change", differences: left });
    expect(decidePolicy(policy, { ...half, allowsLock: false }, DESCRIPTION, left)).toMatchObject({ kind: "held" });
  });
});

test.each<[string, Partial<SeenPolicy>, boolean]>([
  ["that nobody has", { groups: { include: [], exclude: [] } }, true],
  ["that a group has", {}, false],
  ["that is kept from a group alone", { groups: { include: [], exclude: [GROUP_A] } }, false],
  ["that somebody has by a filter", { groups: { include: [], exclude: [] }, otherTargets: [FILTERED] }, false],
  ["with settings of somebody else's", { groups: { include: [], exclude: [] }, otherSettings: 1 }, false],
  ["without our mark", { groups: { include: [], exclude: [] }, description: "" }, false],
  ["of the older form", { groups: { include: [], exclude: [] }, form: "deviceRestrictions" }, false],
])("a policy %s may be deleted: %#", (_, changes, isAllowed) => {
  expect(mayDelete(seenPolicy(changes), MARK)).toBe(isAllowed);
});

test.each<[WantedPolicy["groups"], Partial<SeenPolicy>, readonly string[]]>([
  [{ include: [GROUP_A], exclude: [] }, {}, []],
  [{ include: [], exclude: [] }, {}, [GROUP_A]],
  [{ include: [GROUP_A], exclude: [GROUP_B] }, {}, [GROUP_B]],
  [{ include: ["allDevices"], exclude: [] }, {}, []],
  [{ include: [GROUP_A], exclude: [] }, { otherTargets: [FILTERED] }, [FILTERED]],
  [{ include: [], exclude: [] }, { allowsLock: false }, []],
])("%j takes the lock from %#", (groups, changes, lost) => {
  expect(losesLock(groups, seenPolicy(changes))).toEqual(lost);
});

test("a mark is of one stack, one policy and one platform, whatever stands behind the name", () => {
  const marks = [markOf("prod", "a", "iOS"), markOf("test", "a", "iOS"), markOf("prod", "b", "iOS"), markOf("prod", "a", "macOS")];

  expect(new Set(marks).size).toBe(4);
  expect(markOf("prod", "a/iOS", "iOS")).toBe(marks[0]);
});

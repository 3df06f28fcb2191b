import { describe, expect, test } from "@jest/globals";
import { GraphReadError } from "../../providers/domain/errors.ts";
import type { LockPolicy, SeenPolicy } from "../../providers/domain/lock-policy.ts";
import { type KnownPolicy, policyText } from "../../providers/pulumi/policy-state.ts";
import { previewPolicies } from "../../providers/pulumi/program/preview-policies.ts";
import { GROUP_A, GROUP_B, MARK, POLICY_ID, policyOf, seenPolicy } from "../support/fakes-policies.ts";

const NOBODY = { include: [], exclude: [] };
const KNOWN: KnownPolicy = { name: "activation-lock", id: POLICY_ID, isAdopted: false, mark: MARK, inPlace: policyText(policyOf()) };
const BEFORE: KnownPolicy = { ...KNOWN, inPlace: policyText(policyOf({ groups: { include: [], exclude: [] } })) };

function declared(changes: Partial<LockPolicy> = {}): LockPolicy {
  return {
    name: "activation-lock",
    title: "activation-lock",
    platform: "iOS",
    groups: { include: [GROUP_A], exclude: [] },
    adopt: null,
    accept: null,
    source: { file: "a.yaml", line: 2, column: 5 },
    ...changes,
  };
}

async function preview(policies: readonly LockPolicy[], known: readonly KnownPolicy[], there: readonly SeenPolicy[] | GraphReadError) {
  const asked: string[] = [];
  const all = () => {
    if (there instanceof GraphReadError) throw there;
    return there;
  };
  const { texts, titles } = await previewPolicies(policies, {
    known,
    stack: "prod",
    policies: {
      read: async (id) => {
        asked.push(id);
        return all().find((one) => one.id === id) ?? null;
      },
      find: async (mark) => {
        asked.push(mark);
        return all().filter(({ description }) => description.includes(mark));
      },
    },
  });
  return { texts, titles, asked };
}

describe("a preview of policies", () => {
  test("asks Graph nothing where none is declared and none is known", async () => {
    expect(await preview([], [], [])).toEqual({ texts: [], titles: [], asked: [] });
  });

  test("has nothing to say of one that is in place, and knows how devices call it", async () => {
    expect(await preview([declared()], [KNOWN], [seenPolicy()])).toEqual({ texts: [], titles: ["activation-lock"], asked: [POLICY_ID] });
  });

  test.each<[string, readonly LockPolicy[], readonly KnownPolicy[], readonly SeenPolicy[] | GraphReadError, readonly string[]]>([
    ["is new", [declared()], [], [], [`policy activation-lock: up makes it in Intune, for ${GROUP_A}`]],
    ["is new, for nobody", [declared({ groups: NOBODY })], [], [], ["policy activation-lock: up makes it in Intune, for nobody"]],
    [
      "was deleted by hand",
      [declared()],
      [KNOWN],
      [],
      [`policy activation-lock: Intune has it no more (${POLICY_ID}): up --refresh makes it anew, for ${GROUP_A}`],
    ],
    ["is forgotten", [declared()], [], [seenPolicy({ groups: NOBODY })], ["it was made before, and state does not know it: up changes it"]],
    [
      "was changed by hand",
      [declared()],
      [KNOWN],
      [seenPolicy({ allowsLock: false })],
      ["somebody changed it in Intune: up --refresh sets it back"],
    ],
    [
      "changed in its file",
      [declared()],
      [BEFORE],
      [seenPolicy({ groups: NOBODY })],
      [`policy activation-lock ("activation-lock"): up changes it; include: + ${GROUP_A}`],
    ],
    ["was deleted by hand, and changed in its file", [declared()], [BEFORE], [], ["up makes it anew"]],
    [
      "loses a group",
      [declared({ groups: { include: [GROUP_B], exclude: [] } })],
      [KNOWN],
      [seenPolicy()],
      [`WARNING: devices of ${GROUP_A} allow the lock no longer`],
    ],
    ["cannot be looked at", [declared()], [KNOWN], new GraphReadError("403"), ["policy activation-lock: it could not be looked at: 403"]],
    [
      "is adopted",
      [declared({ adopt: POLICY_ID, title: null })],
      [],
      [seenPolicy({ allowsLock: false, title: "iPads" })],
      ['policy activation-lock ("iPads"): it is adopted as it is'],
    ],
    ["is adopted, and is not there", [declared({ adopt: POLICY_ID, title: null })], [], [], ["up does not do it: Intune has no policy"]],
    [
      "is removed, and nobody has it",
      [],
      [KNOWN],
      [seenPolicy({ groups: NOBODY })],
      [`policy activation-lock (${POLICY_ID}) is not in the files any more: up DELETES it from Intune; nobody has it`],
    ],
    [
      "is removed, and a group has it",
      [],
      [KNOWN],
      [seenPolicy()],
      ["it is only forgotten, and stays in Intune as it is, for those who have it"],
    ],
    ["is removed, and was adopted", [], [{ ...KNOWN, isAdopted: true }], [seenPolicy()], ["it was adopted, so it is only forgotten"]],
    [
      "is removed, and was never made",
      [],
      [{ ...KNOWN, id: null }],
      [],
      ["policy activation-lock is not in the files any more: Intune never had it"],
    ],
    ["is removed, by hand too", [], [KNOWN], [], ["Intune does not have it either"]],
    ["is removed, and cannot be looked at", [], [KNOWN], new GraphReadError("503"), ["it could not be looked at (503)"]],
  ])("tells one that %s", async (_, ...[policies, known, there, texts]) => {
    const told = await preview(policies, known, there);

    expect(told.texts).toHaveLength(texts.length);
    for (const [index, text] of texts.entries()) expect(told.texts[index]).toContain(text);
  });

  test("never takes one for another: of another platform, or adopted in its place, it is two", async () => {
    const there = [
      seenPolicy({ groups: NOBODY }),
      seenPolicy({ id: "5b1c2d3e-0000-4000-8000-000000000002", description: "", title: "iPads" }),
    ];

    const moved = await preview([declared({ platform: "macOS" })], [KNOWN], there);
    const adopted = await preview([declared({ adopt: "5b1c2d3e-0000-4000-8000-000000000002", title: null })], [KNOWN], there);
    const released = await preview([declared()], [{ ...KNOWN, isAdopted: true }], [seenPolicy({ description: "", title: "iPads" })]);

    expect(moved.texts).toEqual([expect.stringContaining("up makes it in Intune"), expect.stringContaining("up DELETES it from Intune")]);
    expect(adopted.texts).toEqual([expect.stringContaining("up DELETES it from Intune")]);
    expect(released.texts).toEqual([
      expect.stringContaining("up makes it in Intune"),
      expect.stringContaining("it was adopted, so it is only forgotten"),
    ]);
  });
});

import { describe, expect, test } from "@jest/globals";
import type { DriftFinding, DriftKind, DriftLook } from "../../providers/domain/drift.ts";
import { mergeDrift } from "../../providers/rules/merge-drift.ts";

const FIRST = "2026-11-19T08:15:00.000Z";
const NOW = "2026-11-20T12:00:00.000Z";

const known = (kind: DriftKind, about = "device"): DriftFinding => ({
  kind,
  about,
  state: "known",
  message: "before",
  firstSeen: FIRST,
  lastSeen: FIRST,
});
const look = (kind: DriftKind | null, about = "device"): DriftLook => ({ about, found: kind === null ? null : { kind, message: "now" } });
const short = (findings: readonly DriftFinding[]) =>
  findings.map(({ kind, state, firstSeen, lastSeen }) => [kind, state, firstSeen, lastSeen]);

describe("a finding", () => {
  test("is new in the look that sees it first, and known in the next", () => {
    const first = mergeDrift([], [look("LeftIntune")], FIRST);
    const second = mergeDrift(first, [look("LeftIntune")], NOW);

    expect(short(first)).toEqual([["LeftIntune", "new", FIRST, FIRST]]);
    expect(short(second)).toEqual([["LeftIntune", "known", FIRST, NOW]]);
  });

  test("is resolved by seeing that it is over, once, and then dropped; when it comes again it is new", () => {
    const over = mergeDrift([known("LeftIntune")], [look(null)], NOW);

    expect(short(over)).toEqual([["LeftIntune", "resolved", FIRST, FIRST]]);
    expect(mergeDrift(over, [look(null)], NOW)).toEqual([]);
    expect(short(mergeDrift(over, [look("LeftIntune")], NOW))).toEqual([["LeftIntune", "new", NOW, NOW]]);
  });

  test("is resolved by another one about the same", () => {
    expect(short(mergeDrift([known("EnrolledAnew")], [look("LeftIntune")], NOW))).toEqual([
      ["LeftIntune", "new", NOW, NOW],
      ["EnrolledAnew", "resolved", FIRST, FIRST],
    ]);
  });

  test.each<DriftKind>(["NotKnown", "NotVisible", "SecretNotSeen", "SecretNotLookedAt"])(
    "stays as it is where a look ends in %s: what is not seen is not over",
    (kind) => {
      const merged = mergeDrift([known("LeftIntune")], [look(kind)], NOW);

      expect(short(merged)).toContainEqual(["LeftIntune", "known", FIRST, FIRST]);
      expect(short(merged)).toContainEqual([kind, "new", NOW, NOW]);
    },
  );

  test("of what was not looked at stays known", () => {
    const fresh = { ...known("BypassCodeChanged", "bypassCode"), state: "new" } as const;

    expect(short(mergeDrift([fresh], [look("NotVisible")], NOW))).toContainEqual(["BypassCodeChanged", "known", FIRST, FIRST]);
  });

  test("is one for each secret", () => {
    const merged = mergeDrift([known("SecretDisabled", "file:a")], [look(null, "file:a"), look("SecretDisabled", "file:b")], NOW);

    expect(merged.map(({ about, state }) => [about, state])).toEqual([
      ["file:a", "resolved"],
      ["file:b", "new"],
    ]);
  });
});

test("that nothing could be seen is over with the first look that sees, and leaves nothing behind", () => {
  expect(mergeDrift([known("NotVisible"), known("NotKnown")], [look(null)], NOW)).toEqual([]);
});

test("a right that is missing each time changes no state", () => {
  const before = mergeDrift(
    [known("SecretNotLookedAt", "file:a")],
    [{ about: "file:a", found: { kind: "SecretNotLookedAt", message: "before" } }],
    NOW,
  );

  expect(before).toEqual([known("SecretNotLookedAt", "file:a")]);
});

test("the weightiest stands first", () => {
  const merged = mergeDrift([], [look("SecretExpires", "x"), look("NotVisible"), look("BypassCodeChanged", "bypassCode")], NOW);

  expect(merged.map(({ kind }) => kind)).toEqual(["BypassCodeChanged", "NotVisible", "SecretExpires"]);
});

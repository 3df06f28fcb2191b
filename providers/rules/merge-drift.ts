import { DRIFT_KINDS, DRIFTS, type DriftFinding, type DriftLook } from "../domain/drift.ts";

/**
 * What is known after a refresh: findings of before, held against what was seen now. A look that
 * could not see leaves what was found before as it is: only seeing that it is over resolves it.
 * What was not looked at stays known. The weightiest first; `at` is ISO 8601.
 */
export function mergeDrift(before: readonly DriftFinding[], looks: readonly DriftLook[], at: string): readonly DriftFinding[] {
  const open = before.filter(({ state }) => state !== "resolved");
  const looked = new Map(looks.map((look) => [look.about, look]));
  const kept = open.flatMap((finding) => follow(finding, looked.get(finding.about), at));
  const fresh = looks.flatMap((look) => begin(look, open, at));
  return [...kept, ...fresh].sort((a, b) => DRIFT_KINDS.indexOf(a.kind) - DRIFT_KINDS.indexOf(b.kind));
}

function follow(finding: DriftFinding, look: DriftLook | undefined, at: string): readonly DriftFinding[] {
  const known = { ...finding, state: "known" } as const;
  if (look === undefined) return [known];
  if (look.found?.kind === finding.kind)
    return [{ ...known, message: look.found.message, lastSeen: isSteady(finding) ? finding.lastSeen : at }];
  // That nothing could be seen then is over with the first look that sees.
  if (!isSight(finding.kind)) return [];
  if (look.found !== null && !isSight(look.found.kind)) return [known];
  return [{ ...finding, state: "resolved" }];
}

function begin({ about, found }: DriftLook, open: readonly DriftFinding[], at: string): readonly DriftFinding[] {
  if (found === null || open.some((one) => one.about === about && one.kind === found.kind)) return [];
  return [{ ...found, about, state: "new", firstSeen: at, lastSeen: at }];
}

/** False for what only says that nothing could be seen. */
function isSight(kind: DriftFinding["kind"]): boolean {
  return DRIFTS[kind].weight !== "unknown" && kind !== "SecretNotLookedAt";
}

/** A missing right is the same each time: states would change at each refresh for nothing. */
function isSteady({ kind }: DriftFinding): boolean {
  return kind === "SecretNotLookedAt";
}

import { createHash } from "node:crypto";
import { canonicalJson } from "../domain/json.ts";
import type { LockPolicy, PolicyGroups, SeenPolicy } from "../domain/lock-policy.ts";

/** What a file wants of a policy, as far as it bears on Intune. */
export type WantedPolicy = Pick<LockPolicy, "title" | "platform" | "groups" | "adopt" | "accept">;

/**
 * What is to be done about a policy. `held`: it waits for a person, or for another run. `failed`:
 * somebody has to change something.
 */
export type PolicyDecision =
  | { readonly kind: "inPlace" }
  | { readonly kind: "create" }
  | { readonly kind: "change"; readonly settings: boolean; readonly groups: boolean; readonly differences: readonly string[] }
  | { readonly kind: "held" | "failed"; readonly message: string; readonly differences: readonly string[] };

/**
 * Pure. `seen`: as Intune has it now, null where it has none. `description`: what a policy that we
 * make says of itself. `agreed`: differences that this run was let change already, of which some
 * may be left.
 */
export function decidePolicy(
  wanted: WantedPolicy,
  seen: SeenPolicy | null,
  description: string,
  agreed: readonly string[] = [],
): PolicyDecision {
  if (seen === null)
    return wanted.adopt === null ? { kind: "create" } : failed(`Intune has no policy ${wanted.adopt}, or does not show it`);
  if (!seen.platforms.some((platform) => platform.toLowerCase() === wanted.platform.toLowerCase())) {
    const what = seen.platforms.length === 0 ? "of no platform that can have the lock" : `for ${seen.platforms.join(", ")}`;
    return failed(`the policy ${seen.id} is ${what}, and not for ${wanted.platform}`);
  }
  const settings = settingDifferences(wanted, seen, description);
  const groups = groupDifferences(wanted.groups, seen);
  const differences = [...settings, ...groups];
  if (differences.length === 0) return { kind: "inPlace" };
  if (settings.length > 0 && seen.otherSettings > 0) return { kind: "failed", message: hasOthers(seen), differences };
  const isAgreed = wanted.adopt === null || wanted.accept === acceptWord(wanted, seen) || differences.every((one) => agreed.includes(one));
  if (!isAgreed) return { kind: "held", message: toAccept(wanted, seen), differences };
  return { kind: "change", settings: settings.length > 0, groups: groups.length > 0, differences };
}

function failed(message: string): PolicyDecision {
  return { kind: "failed", message, differences: [] };
}

function hasOthers({ id, otherSettings }: SeenPolicy): string {
  return `the policy ${id} has ${otherSettings} other settings, which are never written here: allow the lock in it by hand, or declare a policy of its own`;
}

function toAccept(wanted: WantedPolicy, seen: SeenPolicy): string {
  const word = `accept: ${acceptWord(wanted, seen)}`;
  const old = wanted.accept === null ? "" : "; what was accepted was another difference";
  return `it is adopted as it is, and nothing is changed${old}: write ${word} to have exactly this changed`;
}

/** An adopted policy keeps title and description. */
function settingDifferences({ title, adopt }: WantedPolicy, seen: SeenPolicy, description: string): readonly string[] {
  const lock = seen.allowsLock === null ? "not set" : "not allowed";
  return [
    ...(seen.allowsLock === true ? [] : [`Activation Lock while supervised: ${lock} → allowed`]),
    ...(adopt !== null || title === null || seen.title === title ? [] : [`name: ${JSON.stringify(seen.title)} → ${JSON.stringify(title)}`]),
    ...(adopt !== null || seen.description === description ? [] : ["description: by which this policy is found again"]),
  ];
}

function groupDifferences(wanted: PolicyGroups, seen: SeenPolicy): readonly string[] {
  return [
    ...listDifference("include", seen.groups.include, wanted.include),
    ...listDifference("exclude", seen.groups.exclude, wanted.exclude),
    ...seen.otherTargets.map((target) => `assigned besides, which ends: ${target}`),
  ];
}

function listDifference(list: keyof PolicyGroups, before: readonly string[], after: readonly string[]): readonly string[] {
  const added = after.filter((id) => !before.includes(id)).map((id) => `+ ${id}`);
  const taken = before.filter((id) => !after.includes(id)).map((id) => `- ${id}`);
  return added.length + taken.length === 0 ? [] : [`${list}: ${[...added, ...taken].join(", ")}`];
}

/**
 * Names what is there and what is wanted: when either is another one later, nobody has agreed to
 * it.
 */
export function acceptWord({ platform, groups }: WantedPolicy, seen: SeenPolicy): string {
  const { id, form, allowsLock, groups: before, otherTargets } = seen;
  const facts = { platform, groups, id, form, allowsLock, before, otherTargets };
  return createHash("sha256").update(canonicalJson(facts)).digest("hex").slice(0, 12);
}

/** Groups whose devices would no longer have a policy that allows the lock; empty where none. */
export function losesLock(wanted: PolicyGroups, seen: Pick<SeenPolicy, "groups" | "otherTargets" | "allowsLock">): readonly string[] {
  if (seen.allowsLock !== true || wanted.include.includes("allDevices")) return [];
  const left = seen.groups.include.filter((id) => !wanted.include.includes(id));
  const newlyOut = wanted.exclude.filter((id) => !seen.groups.exclude.includes(id));
  return [...left, ...newlyOut, ...seen.otherTargets];
}

/**
 * Whether a policy that its file does not have any more may be taken out of Intune: one that we
 * made, that says what we made it say, and that nobody has. Everything else is only forgotten.
 */
export function mayDelete(seen: SeenPolicy, mark: string): boolean {
  const isOurs = seen.form === "settingsCatalog" && seen.description.includes(mark) && seen.otherSettings === 0;
  return isOurs && seen.groups.include.length + seen.groups.exclude.length + seen.otherTargets.length === 0;
}

/** By what a policy is found again, whatever became of the state; `stack` tells twins apart. */
export function markOf(stack: string, name: string, platform: string): string {
  return `[device-lifecycle ${stack}/${name.split("/", 1)[0]}/${platform}]`;
}

/** What a policy that we make says of itself. */
export function descriptionOf(mark: string): string {
  return `Declared as code: change it in its file, not here. ${mark}`;
}

import { printable } from "../../domain/diagnostic.ts";
import { isObject } from "../../domain/json.ts";
import type { SeenPolicy } from "../../domain/lock-policy.ts";

/** Whom the assignments of a policy name; sorted, so that equal ones are equal texts. */
export function readAssignments(values: readonly unknown[]): Pick<SeenPolicy, "groups" | "otherTargets"> {
  const targets = values.map((value) => targetOf(isObject(value) ? value.target : null));
  const of = (kind: Target["kind"]) => targets.flatMap((target) => (target.kind === kind ? [target.text] : [])).sort();
  return { groups: { include: of("include"), exclude: of("exclude") }, otherTargets: of("other") };
}

interface Target {
  readonly kind: "include" | "exclude" | "other";
  readonly text: string;
}

function targetOf(target: unknown): Target {
  if (!isObject(target)) return { kind: "other", text: "an assignment without a target" };
  const kind = kindOf(target);
  const { groupId } = target;
  if (isFiltered(target)) return { kind: "other", text: printable(`${kind} with a filter`) };
  if (kind === "allDevices") return { kind: "include", text: "allDevices" };
  if (kind === "allLicensedUsers") return { kind: "include", text: "allUsers" };
  if (typeof groupId !== "string" || groupId === "") return { kind: "other", text: printable(kind) };
  if (kind === "group") return { kind: "include", text: groupId.toLowerCase() };
  return kind === "exclusionGroup" ? { kind: "exclude", text: groupId.toLowerCase() } : { kind: "other", text: printable(kind) };
}

/** `group` of `#microsoft.graph.groupAssignmentTarget`. */
function kindOf(target: Readonly<Record<string, unknown>>): string {
  const type = target["@odata.type"];
  const [, kind] = /^#?microsoft\.graph\.([A-Za-z]{1,60})AssignmentTarget$/.exec(typeof type === "string" ? type : "") ?? [];
  return kind ?? "an assignment of an unknown kind";
}

/** A filter takes devices out of a group: written anew without it, the policy would reach more. */
function isFiltered({
  deviceAndAppManagementAssignmentFilterId: id,
  deviceAndAppManagementAssignmentFilterType: type,
}: Readonly<Record<string, unknown>>): boolean {
  return typeof id === "string" && id !== "" && !/^0{8}-/.test(id) && type !== "none";
}

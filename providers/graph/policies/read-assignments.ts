import { printable } from "../../domain/diagnostic.ts";
import { isObject } from "../../domain/json.ts";
import type { SeenPolicy } from "../../domain/lock-policy.ts";

/** Whom the assignments of a policy name; sorted, so that equal ones are equal texts. */
export function readAssignments(values: readonly unknown[]): Pick<SeenPolicy, "groups" | "otherTargets"> {
  const include: string[] = [];
  const exclude: string[] = [];
  const otherTargets: string[] = [];
  for (const value of values) {
    const target: unknown = isObject(value) ? value.target : null;
    const kind = isObject(target) ? kindOf(target) : "an assignment without a target";
    if (!isObject(target) || isFiltered(target)) otherTargets.push(printable(`${kind}${isObject(target) ? " with a filter" : ""}`));
    else if (kind === "group" && isId(target.groupId)) include.push(target.groupId.toLowerCase());
    else if (kind === "exclusionGroup" && isId(target.groupId)) exclude.push(target.groupId.toLowerCase());
    else if (kind === "allDevices") include.push("allDevices");
    else if (kind === "allLicensedUsers") include.push("allUsers");
    else otherTargets.push(printable(kind));
  }
  return { groups: { include: include.sort(), exclude: exclude.sort() }, otherTargets: otherTargets.sort() };
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

function isId(value: unknown): value is string {
  return typeof value === "string" && value !== "";
}

import { REMOTE_ACTIONS } from "../../domain/actions/action-table.ts";

/** Words of the API in the paths that are asked for. */
const WORDS: ReadonlySet<string> = new Set([
  ...["v1.0", "beta", "$batch", "deviceManagement", "managedDevices", "managedDevice", "detectedApps", "users"],
  ...["deviceManagementScripts", "deviceRunStates", "operationApprovalRequests", "auditEvents", "remoteActionAudits"],
  ...["configurationPolicies", "deviceConfigurations", "deviceConfigurationStates", "assignments", "assign", "settings"],
  ...REMOTE_ACTIONS.map(({ name }) => name),
]);

/**
 * A path without query, ids and names of people: whatever is no word of the API becomes `{id}`.
 * `/v1.0/deviceManagement/managedDevices/{id}/wipe`
 */
export function pathTemplate(path: string): string {
  const [bare = ""] = path.split("?", 1);
  return bare
    .split("/")
    .map((segment) => (segment === "" || WORDS.has(segment) ? segment : "{id}"))
    .join("/");
}

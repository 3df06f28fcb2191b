import { REMOTE_ACTIONS } from "../../domain/actions/action-table.ts";

const OF_DEVICES = ["deviceManagement", "managedDevices", "managedDevice", "detectedApps", "users", "deviceRunStates"];
const OF_POLICIES = ["configurationPolicies", "deviceConfigurations", "deviceConfigurationStates", "assignments", "assign", "settings"];
const OF_REST = ["v1.0", "beta", "$batch", "deviceManagementScripts", "operationApprovalRequests", "auditEvents", "remoteActionAudits"];

/** Words of the API in the paths that are asked for. */
const WORDS: ReadonlySet<string> = new Set([...OF_DEVICES, ...OF_POLICIES, ...OF_REST, ...REMOTE_ACTIONS.map(({ name }) => name)]);

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

import type { JsonObject } from "../json.ts";
import { RESULT_SECRETS } from "../secret-kinds.ts";
import { APPLE_ACTIONS } from "./actions-apple.ts";
import { CHROME_AND_ANDROID_ACTIONS } from "./actions-chrome-android.ts";
import { GENERAL_ACTIONS } from "./actions-general.ts";
import { REMOVAL_ACTIONS } from "./actions-removal.ts";
import { WINDOWS_ACTIONS } from "./actions-windows.ts";
import type { RemoteAction } from "./remote-action.ts";

export { ACKNOWLEDGEMENTS, type Acknowledgement, type RemoteAction } from "./remote-action.ts";

/**
 * Every remote action that a step can name; left-out-actions.ts has the others of Graph's, with the
 * reason.
 */
export const REMOTE_ACTIONS: readonly RemoteAction[] = [
  ...REMOVAL_ACTIONS,
  ...APPLE_ACTIONS,
  ...GENERAL_ACTIONS,
  ...WINDOWS_ACTIONS,
  ...CHROME_AND_ANDROID_ACTIONS,
].map(withSecret);

/** The table of secrets says whose results carry one. */
function withSecret(action: RemoteAction): RemoteAction {
  const secret = RESULT_SECRETS.find((one) => one.action === action.name);
  return secret === undefined || action.result.kind === "none" ? action : { ...action, result: { ...action.result, secret } };
}

const BY_NAME: ReadonlyMap<string, RemoteAction> = new Map(REMOTE_ACTIONS.map((action) => [action.name, action]));

/**
 * Undefined for a word that is no action of Graph's, such as `escrowBypassCode`, and for actions
 * that are left out.
 */
export function findRemoteAction(name: string): RemoteAction | undefined {
  return BY_NAME.get(name);
}

/** Steps that are the product's own and not a call of Graph's. */
export const ESCROW_STEP = "escrowBypassCode";

/** Holds the next step back until the device has reported the step before it. */
export const WAIT_STEP = "waitFor";

/** Every word that may stand in `steps`. */
export const STEP_NAMES: readonly string[] = [ESCROW_STEP, WAIT_STEP, ...REMOTE_ACTIONS.map((action) => action.name)];

/** False for a name that the table does not have. */
export function destroysData(stepName: string): boolean {
  return BY_NAME.get(stepName)?.destroysData ?? false;
}

/** True for what keeps people out of a device, whatever it does besides. */
export function locksOut(stepName: string): boolean {
  return BY_NAME.get(stepName)?.locksOut ?? false;
}

/** True where a secret that Graph hands back goes to escrow. */
export function escrowsSecret(stepName: string): boolean {
  const result = BY_NAME.get(stepName)?.result;
  return stepName === ESCROW_STEP || (result?.kind === "reported" && result.secret !== undefined);
}

/** The escrow step can always be repeated: it reads, and each new code becomes a new version. */
export function isRepeatable(stepName: string): boolean {
  return BY_NAME.get(stepName)?.repeatable ?? true;
}

/** Names of the parameters without which Graph does not take the action. */
export function requiredParameters(action: RemoteAction): readonly string[] {
  const { required } = action.parameters;
  return Array.isArray(required) ? required.map(String) : [];
}

/** The version of Graph that a call goes to. */
export function versionOf(action: RemoteAction, parameters: JsonObject): RemoteAction["version"] {
  return action.betaParameters?.some((name) => Object.hasOwn(parameters, name)) ? "beta" : action.version;
}

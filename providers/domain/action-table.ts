import type { JsonObject } from "./json.ts";
import type { ActionState, Platform } from "./managed-device.ts";

/** What a requester spells out before a step may run. */
export const ACKNOWLEDGEMENTS = ["dataLoss", "physicalPossession", "personalDevice", "noBypassCode"] as const;

export type Acknowledgement = (typeof ACKNOWLEDGEMENTS)[number];

/** How the result of an action shows in `deviceActionResults` and in `managementState`. */
export type ResultReading =
  | { readonly kind: "none" }
  | {
      readonly kind: "reported";
      /** Names seen in `actionName`, compared without case and punctuation. */
      readonly names: readonly string[];
      readonly managementStates?: Readonly<Record<string, ActionState>>;
      /** A device that is gone after the action was accepted: success. */
      readonly goneIsSuccess?: true;
      /** The result carries a secret that goes to escrow. */
      readonly secret?: "passcode" | "unlockPin";
    };

/** One managed-device remote action of Microsoft Graph. Adding an action to the product is one entry of the table. */
export interface RemoteAction {
  readonly name: string;
  readonly title: string;
  readonly version: "v1.0" | "beta";
  readonly method: "POST" | "DELETE";
  /** JSON Schema of the parameters as YAML and as the body of the call hold them. */
  readonly parameters: JsonObject & { readonly properties: JsonObject };
  /** Parameters that mean something on some platforms only. */
  readonly parameterPlatforms?: Readonly<Record<string, readonly Platform[]>>;
  readonly platforms: readonly Platform[];
  readonly minimumOs?: Readonly<Partial<Record<Platform, string>>>;
  readonly supervised: "required" | "any";
  readonly destroysData: boolean;
  readonly repeatable: boolean;
  readonly permission: { readonly application: string | null; readonly delegated: string };
  /** Calls per tenant and day; null where none is known. */
  readonly dailyQuota: number | null;
  readonly multiAdminApproval: boolean;
  readonly result: ResultReading;
  readonly demands: readonly Acknowledgement[];
  readonly source: string;
}

const PRIVILEGED = "DeviceManagementManagedDevices.PrivilegedOperations.All";
const APPLE_MOBILE = ["iOS", "iPadOS"] as const;
const NO_PARAMETERS = { type: "object", additionalProperties: false, properties: {} } as const;
const DOCS = "https://learn.microsoft.com/graph/api/intune-devices-manageddevice-";

const COMMON = {
  version: "v1.0",
  method: "POST",
  parameters: NO_PARAMETERS,
  supervised: "any",
  destroysData: false,
  repeatable: false,
  permission: { application: PRIVILEGED, delegated: PRIVILEGED },
  dailyQuota: null,
  multiAdminApproval: false,
  demands: [],
} as const;

export const REMOTE_ACTIONS = [
  {
    ...COMMON,
    name: "bypassActivationLock",
    title: "Remove the Activation Lock",
    platforms: [...APPLE_MOBILE, "macOS"],
    supervised: "required",
    repeatable: true,
    result: { kind: "reported", names: ["bypassActivationLock", "activationLockBypass", "disableActivationLock", "removeActivationLock"] },
    demands: ["physicalPossession"],
    source: `${DOCS}bypassactivationlock`,
  },
  {
    ...COMMON,
    name: "resetPasscode",
    title: "Remove or reset the passcode",
    platforms: [...APPLE_MOBILE, "Android"],
    result: { kind: "reported", names: ["resetPasscode"], secret: "passcode" },
    source: `${DOCS}resetpasscode`,
  },
  {
    ...COMMON,
    name: "wipe",
    title: "Erase the device",
    platforms: [...APPLE_MOBILE, "macOS", "tvOS", "visionOS", "Android", "Windows"],
    parameters: {
      type: "object",
      additionalProperties: false,
      properties: {
        keepEnrollmentData: { type: "boolean", description: "Stay enrolled after the reset (Windows only)" },
        keepUserData: { type: "boolean", description: "Keep the user's data (Windows only)" },
        persistEsimDataPlan: { type: "boolean", description: "Keep the eSIM data plan" },
      },
    },
    parameterPlatforms: { keepEnrollmentData: ["Windows"], keepUserData: ["Windows"] },
    destroysData: true,
    dailyQuota: 500,
    multiAdminApproval: true,
    result: {
      kind: "reported",
      names: ["wipe", "factoryReset", "eraseDevice"],
      managementStates: { wipePending: "pending", wipeIssued: "active", wipeFailed: "failed", wipeCanceled: "canceled" },
      goneIsSuccess: true,
    },
    demands: ["dataLoss"],
    source: `${DOCS}wipe`,
  },
  {
    ...COMMON,
    name: "retire",
    title: "Remove company data and management",
    platforms: [...APPLE_MOBILE, "macOS", "tvOS", "visionOS", "Android", "Windows"],
    destroysData: true,
    dailyQuota: 1000,
    multiAdminApproval: true,
    result: {
      kind: "reported",
      names: ["retire", "removeCompanyData"],
      managementStates: { retirePending: "pending", retireIssued: "active", retireFailed: "failed", retireCanceled: "canceled" },
      goneIsSuccess: true,
    },
    demands: ["dataLoss"],
    source: `${DOCS}retire`,
  },
  {
    ...COMMON,
    name: "syncDevice",
    title: "Ask the device to check in",
    platforms: [...APPLE_MOBILE, "macOS", "tvOS", "visionOS", "Android", "Windows", "ChromeOS", "Linux"],
    repeatable: true,
    result: { kind: "none" },
    source: `${DOCS}syncdevice`,
  },
  {
    ...COMMON,
    name: "remoteLock",
    title: "Lock the screen",
    platforms: [...APPLE_MOBILE, "macOS", "Android"],
    result: { kind: "reported", names: ["remoteLock", "deviceLock"], secret: "unlockPin" },
    source: `${DOCS}remotelock`,
  },
] as const satisfies readonly RemoteAction[];

const BY_NAME: ReadonlyMap<string, RemoteAction> = new Map(REMOTE_ACTIONS.map((action) => [action.name, action]));

export function findRemoteAction(name: string): RemoteAction | undefined {
  return BY_NAME.get(name);
}

/** Steps that are the product's own and not a call of Graph's. */
export const ESCROW_STEP = "escrowBypassCode";
export const WAIT_STEP = "waitFor";

/** Every word that may stand in `steps`. */
export const STEP_NAMES: readonly string[] = [ESCROW_STEP, WAIT_STEP, ...REMOTE_ACTIONS.map((action) => action.name)];

export function destroysData(stepName: string): boolean {
  return BY_NAME.get(stepName)?.destroysData ?? false;
}

/** The escrow step can always be repeated: it reads, and each new code becomes a new version. */
export function isRepeatable(stepName: string): boolean {
  return BY_NAME.get(stepName)?.repeatable ?? true;
}

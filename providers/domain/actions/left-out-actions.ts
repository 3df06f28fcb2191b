import { SENT_SECRETS } from "../secret-kinds.ts";

/** Something of Graph's that no step can name, and why. */
export interface LeftOut {
  readonly action: string;
  /** Of a supported action: the parameter's path, as `outer.inner`. */
  readonly parameter?: string;
  readonly reason: string;
}

const OURS = "the product makes the code itself and puts it into escrow";
const MANY = "it acts on many devices in one call, which no request for one device reviews";
const READS = "it reads files for support and changes no device";

/**
 * What Graph has for managed devices beyond the action table. A test holds both against the
 * published descriptions of Graph.
 */
export const LEFT_OUT: readonly LeftOut[] = [
  ...SENT_SECRETS.map(({ action, kind }) => ({ action, parameter: kind, reason: OURS })),
  {
    action: "updateWindowsDeviceAccount",
    parameter: "updateWindowsDeviceAccountActionParameter.deviceAccount",
    reason: "it holds the account's password, and a password does not belong in a reviewed file",
  },
  {
    action: "createDeviceLogCollectionRequest",
    parameter: "templateType.id",
    reason: "Graph gives the request its id",
  },
  { action: "executeAction", reason: MANY },
  { action: "moveDevicesToOU", reason: MANY },
  { action: "downloadAppDiagnostics", reason: READS },
  { action: "downloadPowerliftAppDiagnostic", reason: READS },
  {
    action: "changeAssignments",
    reason: "it takes apps and profiles away for a few hours of troubleshooting, and Intune itself gives them back",
  },
  {
    action: "overrideComplianceState",
    reason: "Microsoft documents neither what it does to a device nor the permission that it needs",
  },
  {
    action: "recoverPasscode",
    reason:
      "Microsoft documents neither the devices that it works on nor where the passcode shows, and what cannot be found cannot be escrowed",
  },
  {
    action: "triggerEnhancedLogCollection",
    reason: "it needs a token that AppleCare gives for one case, and a token does not belong in a reviewed file",
  },
  { action: "cancelEnhancedLogCollection", reason: "it only ends what triggerEnhancedLogCollection began" },
];

/** A name of Graph's under which no step of ours is reported, and why. */
interface LeftOutResult {
  readonly name: string;
  readonly reason: string;
}

const NO_ACTION = "it stands for what the enumeration cannot name";

/**
 * Members of `remoteAction` that end no step.
 * https://learn.microsoft.com/graph/api/resources/intune-devices-remoteaction
 */
export const LEFT_OUT_RESULTS: readonly LeftOutResult[] = [
  { name: "unknown", reason: NO_ACTION },
  { name: "unknownFutureValue", reason: NO_ACTION },
  { name: "recoverPasscode", reason: "the action is left out" },
  { name: "changeAssignments", reason: "the action is left out" },
  { name: "moveDeviceToOrganizationalUnit", reason: "the action, moveDevicesToOU, is left out" },
  { name: "getFileVaultKey", reason: "somebody looked at the recovery key in Intune; nothing is sent to the device" },
  { name: "launchRemoteHelp", reason: "a helper began a session of Remote Help from the portal; no call of Graph does" },
];

/**
 * Without `parameter` it finds an action that is left out whole; undefined for what a step may
 * name, and for what Graph does not have.
 */
export function findLeftOut(action: string, parameter?: string): LeftOut | undefined {
  return LEFT_OUT.find((entry) => entry.action === action && entry.parameter === parameter);
}

/** Something of Graph's that no step can name, and why. */
export interface LeftOut {
  readonly action: string;
  /** Of a supported action: the parameter's path, as `outer.inner`. */
  readonly parameter?: string;
  readonly reason: string;
}

const MANY = "it acts on many devices in one call, which no request for one device reviews";
const READS = "it reads files for support and changes no device";

/** What Graph has for managed devices beyond the action table. A test holds both against the published descriptions of Graph. */
export const LEFT_OUT: readonly LeftOut[] = [
  { action: "wipe", parameter: "macOsUnlockCode", reason: "the product makes the code itself and puts it into escrow" },
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

export function findLeftOut(action: string, parameter?: string): LeftOut | undefined {
  return LEFT_OUT.find((entry) => entry.action === action && entry.parameter === parameter);
}

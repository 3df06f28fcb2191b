import {
  COMMON,
  intune,
  NOT_IN_US_GOVERNMENT,
  nested,
  parameters,
  reference,
  reported,
  text,
  UNREPORTED,
  WRITE_PERMISSION,
} from "./action-defaults.ts";
import type { RemoteAction } from "./remote-action.ts";

const WINDOWS = { ...COMMON, platforms: ["Windows"] } as const satisfies Partial<RemoteAction>;

/**
 * Attestation needs Windows 10 22H2 or later, and in each release of Windows 11 a build of its own
 * that one number cannot tell.
 */
const ATTESTATION = { minimumOs: { Windows: "10.0.19045.3996" }, requirements: intune("device-enrollment/windows/attestation") } as const;

/** Actions for Windows alone. */
export const WINDOWS_ACTIONS: readonly RemoteAction[] = [
  {
    ...WINDOWS,
    name: "windowsDefenderScan",
    title: "Scan with Microsoft Defender",
    parameters: parameters(
      { quickScan: { type: "boolean", description: "true: the places where malware usually is; false: everything", examples: [true] } },
      ["quickScan"],
    ),
    repeatable: true,
    result: reported("windowsDefenderScan", "quickScan", "fullScan"),
    source: reference("windowsdefenderscan"),
    requirements: intune("device-management/actions/quick-scan"),
  },
  {
    ...WINDOWS,
    name: "windowsDefenderUpdateSignatures",
    title: "Update the signatures of Microsoft Defender",
    repeatable: true,
    result: reported("windowsDefenderUpdateSignatures", "signatureUpdate"),
    source: reference("windowsdefenderupdatesignatures"),
    requirements: intune("device-management/actions/"),
  },
  {
    ...WINDOWS,
    name: "rotateBitLockerKeys",
    title: "Make new BitLocker recovery keys",
    version: "beta",
    // Windows 10, version 1909.
    minimumOs: { Windows: "10.0.18363" },
    repeatable: true,
    permission: WRITE_PERMISSION,
    result: reported("rotateBitLockerKeys"),
    source: reference("rotatebitlockerkeys"),
    requirements: intune("device-management/actions/rotate-bitlocker-keys"),
  },
  {
    ...WINDOWS,
    // The password of the account stays out: see left-out-actions.ts.
    name: "updateWindowsDeviceAccount",
    title: "Change the settings of a Surface Hub's device account",
    parameters: parameters(
      {
        updateWindowsDeviceAccountActionParameter: nested(
          {
            passwordRotationEnabled: { type: "boolean", description: "Let the device change the account's password by itself" },
            calendarSyncEnabled: { type: "boolean", description: "Synchronize the calendar" },
            deviceAccountEmail: text("Address of the device account", "hub-0301@contoso.example", 256),
            exchangeServer: text("Name of the Exchange server", "outlook.office365.com", 256),
            sessionInitiationProtocalAddress: text("SIP address; spelled as Graph spells it", "hub-0301@contoso.example", 256),
          },
          { passwordRotationEnabled: true },
        ),
      },
      ["updateWindowsDeviceAccountActionParameter"],
    ),
    result: reported("updateWindowsDeviceAccount", "updateDeviceAccount"),
    source: reference("updatewindowsdeviceaccount"),
    requirements: reference("updatewindowsdeviceaccount"),
  },
  {
    ...WINDOWS,
    name: "pauseConfigurationRefresh",
    title: "Pause the refresh of the configuration",
    version: "beta",
    // Windows 11.
    minimumOs: { Windows: "10.0.22000" },
    parameters: parameters(
      {
        pauseTimePeriodInMinutes: {
          type: "integer",
          minimum: 0,
          maximum: 1440,
          description: "How long, at most a day; 0 ends a pause",
          examples: [60],
        },
      },
      ["pauseTimePeriodInMinutes"],
    ),
    repeatable: true,
    result: reported("pauseConfigurationRefresh"),
    source: reference("pauseconfigurationrefresh"),
    requirements: intune("device-management/actions/pause-config-refresh"),
  },
  {
    ...WINDOWS,
    // A script runs, and nobody here knows whether it may run twice.
    name: "initiateOnDemandProactiveRemediation",
    title: "Run a remediation script now",
    version: "beta",
    parameters: parameters({ scriptPolicyId: text("Id of the script package", "5c7a1f4e-0b1a-4e36-9b1d-3c8d5f0e7a11", 64) }, [
      "scriptPolicyId",
    ]),
    clouds: NOT_IN_US_GOVERNMENT,
    result: reported("initiateOnDemandProactiveRemediation"),
    source: reference("initiateondemandproactiveremediation"),
    requirements: intune("device-management/actions/run-remediation"),
  },
  {
    ...WINDOWS,
    ...ATTESTATION,
    name: "initiateDeviceAttestation",
    title: "Attest the device's enrolment by its TPM",
    version: "beta",
    repeatable: true,
    result: reported("initiateDeviceAttestation"),
    source: reference("initiatedeviceattestation"),
  },
  {
    ...WINDOWS,
    ...ATTESTATION,
    name: "initiateMobileDeviceManagementKeyRecovery",
    title: "Move the enrolment's key into the TPM and attest it",
    version: "beta",
    repeatable: true,
    result: reported("initiateMobileDeviceManagementKeyRecovery"),
    source: reference("initiatemobiledevicemanagementkeyrecovery"),
  },
  {
    ...WINDOWS,
    name: "removeDeviceFirmwareConfigurationInterfaceManagement",
    title: "End the management of the firmware (DFCI)",
    version: "beta",
    clouds: NOT_IN_US_GOVERNMENT,
    result: reported("removeDeviceFirmwareConfigurationInterfaceManagement"),
    source: reference("removedevicefirmwareconfigurationinterfacemanagement"),
    requirements: "https://learn.microsoft.com/autopilot/dfci-management",
  },
  {
    ...WINDOWS,
    // Graph answers it with the request that it made; how that ends is shown under Device
    // diagnostics in Intune.
    name: "createDeviceLogCollectionRequest",
    title: "Collect diagnostics; Intune keeps them for 28 days",
    version: "beta",
    parameters: parameters(
      {
        templateType: nested(
          { templateType: { type: "string", enum: ["predefined"], description: "What is collected", examples: ["predefined"] } },
          { templateType: "predefined" },
          ["templateType"],
        ),
      },
      ["templateType"],
    ),
    repeatable: true,
    permission: WRITE_PERMISSION,
    result: UNREPORTED,
    source: reference("createdevicelogcollectionrequest"),
    requirements: intune("device-management/actions/collect-diagnostics"),
  },
  {
    ...WINDOWS,
    name: "enrollNowAction",
    title: "Have the Configuration Manager client enrol for co-management",
    version: "beta",
    repeatable: true,
    result: UNREPORTED,
    source: reference("enrollnowaction"),
    requirements: reference("enrollnowaction"),
  },
  {
    ...WINDOWS,
    name: "triggerConfigurationManagerAction",
    title: "Trigger an action of the Configuration Manager client",
    version: "beta",
    parameters: parameters(
      {
        configurationManagerAction: nested(
          {
            action: {
              type: "string",
              enum: [
                "refreshMachinePolicy",
                "refreshUserPolicy",
                "wakeUpClient",
                "appEvaluation",
                "quickScan",
                "fullScan",
                "windowsDefenderUpdateSignatures",
              ],
              description: "What the client does",
              examples: ["refreshMachinePolicy"],
            },
          },
          { action: "refreshMachinePolicy" },
          ["action"],
        ),
      },
      ["configurationManagerAction"],
    ),
    repeatable: true,
    result: UNREPORTED,
    source: reference("triggerconfigurationmanageraction"),
    requirements: reference("triggerconfigurationmanageraction"),
  },
];

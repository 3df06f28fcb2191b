import { APPLE_MOBILE, intune } from "./action-defaults.ts";
import type { Caution } from "./caution.ts";

/** Apple's User Enrollment, by the words of v1.0 and the one that only beta has. */
const APPLE_USER_ENROLMENT = ["appleUserEnrollment", "appleUserEnrollmentWithServiceAccount", "appleAccountDrivenUserEnrollment"];

/** What manages a device that no Android Enterprise and no Configuration Manager manages. */
const MDM_ALONE = ["mdm", "easMdm"];

const CO_MANAGED = ["configurationManagerClientMdm", "configurationManagerClientMdmEas"];

/** PCs that signed in to Entra when they were enrolled. */
const ENTRA_JOINED = [
  "windowsAzureADJoin",
  "windowsBulkAzureDomainJoin",
  "windowsAzureADJoinUsingDeviceAuth",
  "azureAdJoinUsingAzureVmExtension",
];

/** One sentence, for two words of Graph's tell the same. */
const NOT_CO_MANAGED = "does not work on a PC that is co-managed, or joined to a domain besides";

const WIPE = intune("device-management/actions/wipe");
const RENAME = intune("device-management/actions/rename");

const FAILS_FOR_USER_ENROLMENT: Caution = {
  devices: { platforms: [...APPLE_MOBILE, "macOS", "visionOS"], enrolments: APPLE_USER_ENROLMENT },
  text: "does not work on a device in Apple's User Enrollment, as this one is",
  source: intune("device-enrollment/apple/overview-user-enrollment"),
};

/** What Microsoft's page says of a wipe. */
export const WIPE_CAUTIONS: readonly Caution[] = [
  FAILS_FOR_USER_ENROLMENT,
  {
    devices: { platforms: ["Android"], owner: "personal" },
    text: "does not work on an Android with a personal work profile: retire takes the work profile away",
    source: WIPE,
  },
  {
    devices: { platforms: ["Android"], agents: MDM_ALONE },
    text: "does not work on an Android that a device administrator manages, as this one seems to be",
    source: WIPE,
  },
  {
    devices: { platforms: ["Android"], owner: "company", manufacturers: ["samsung"] },
    text: "never finishes on a fully managed Samsung whose policy blocks Factory Reset, and the device loses contact: look at its Device Restrictions",
    source: WIPE,
  },
  {
    devices: { platforms: ["Android"], manufacturers: ["zebra", "zebra technologies"] },
    text: "removes company data alone on a Zebra, and resets nothing",
    source: WIPE,
  },
  {
    devices: { platforms: ["ChromeOS"] },
    unlessAfter: "deprovision",
    text: "leaves a ChromeOS device that enrols itself again on the next network: deprovision goes before it",
    source: WIPE,
  },
  {
    devices: { platforms: ["Android"] },
    unlessParameter: "persistEsimDataPlan",
    text: "leaves it to Intune whether an eSIM keeps its data plan: persistEsimDataPlan decides it",
    source: "https://learn.microsoft.com/graph/api/intune-devices-manageddevice-wipe",
  },
];

const LOSES_BITLOCKER: Caution = {
  devices: { platforms: ["Windows"], enrolments: ENTRA_JOINED },
  text: "takes the BitLocker protectors of an Entra joined PC away, and nobody signs in with Entra after it: note the recovery key and the local administrator's password first",
  source: intune("device-management/actions/retire"),
};

/** What Microsoft's page says of a retire. */
export const RETIRE_CAUTIONS: readonly Caution[] = [
  LOSES_BITLOCKER,
  {
    devices: { platforms: ["Android"], owner: "company" },
    text: "does not work on a fully managed or dedicated Android",
    source: intune("device-management/actions/retire"),
  },
];

/** What Microsoft's page says of a delete. */
export const DELETE_CAUTIONS: readonly Caution[] = [
  LOSES_BITLOCKER,
  {
    devices: { platforms: ["Android"], owner: "company" },
    text: "wipes a corporate Android",
    source: intune("device-management/actions/delete"),
  },
];

/** What Microsoft's pages say of new passcodes. */
export const PASSCODE_CAUTIONS: readonly Caution[] = [FAILS_FOR_USER_ENROLMENT];

/** What Microsoft's page says of new names. */
export const NAME_CAUTIONS: readonly Caution[] = [
  {
    devices: { platforms: ["Windows"], enrolments: ["windowsCoManagement"] },
    text: NOT_CO_MANAGED,
    source: RENAME,
  },
  {
    devices: { platforms: ["Windows"], agents: CO_MANAGED },
    text: NOT_CO_MANAGED,
    source: RENAME,
  },
  {
    devices: { platforms: ["macOS", "Windows"], owner: "personal" },
    text: "works on corporate computers alone",
    source: RENAME,
  },
];

/** What Microsoft's page says of a restart. */
export const RESTART_CAUTIONS: readonly Caution[] = [
  {
    devices: { platforms: ["Android"], owner: "personal" },
    text: "does not work on an Android with a personal work profile",
    source: intune("device-management/actions/restart"),
  },
  {
    devices: { platforms: ["Android"], owner: "company" },
    text: "does not work on a corporate Android with a work profile, only on fully managed and dedicated ones",
    source: intune("device-management/actions/restart"),
  },
  {
    devices: { platforms: ["ChromeOS"] },
    text: "works in kiosk mode and managed guest sessions alone",
    source: intune("device-management/actions/restart"),
  },
];

/** What Microsoft's page says of notifications. */
export const NOTIFICATION_CAUTIONS: readonly Caution[] = [
  {
    devices: { platforms: ["Android"], owner: "company" },
    text: "reaches no corporate Android, only those with a personal work profile",
    source: intune("device-management/actions/send-custom-notification"),
  },
];

/** What Microsoft's page says of Recovery Lock. */
export const RECOVERY_LOCK_CAUTIONS: readonly Caution[] = [
  {
    devices: { platforms: ["macOS"] },
    text: "works on Macs with Apple silicon alone, and needs a policy that enables Recovery Lock",
    source: intune("device-management/actions/rotate-recovery-lock-passcode"),
  },
];

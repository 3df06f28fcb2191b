import type { JsonValue } from "../../../providers/domain/json.ts";
import type { GraphVersion } from "../graph-call.ts";

/** What Graph gives for a property without a value depends on it: `false`, 0, null or `unknown`. */
export type PropertyType =
  | "text"
  | "boolean"
  | "nullableBoolean"
  | "integer"
  | "dateTime"
  | "nullableDateTime"
  | "object"
  | "list"
  | "word";

/** Graph's way to say "never" in a date that cannot be null. */
const NO_DATE = "0001-01-01T00:00:00Z";

const EMPTY: Readonly<Record<PropertyType, JsonValue>> = {
  text: null,
  boolean: false,
  nullableBoolean: null,
  integer: 0,
  dateTime: NO_DATE,
  nullableDateTime: null,
  object: null,
  list: [],
  word: "unknown",
};

/**
 * Structural properties of `managedDevice` in v1.0
 * (https://learn.microsoft.com/graph/api/resources/intune-devices-manageddevice).
 */
const V1: Readonly<Record<PropertyType, readonly string[]>> = {
  text: words(
    "id activationLockBypassCode androidSecurityPatchLevel azureADDeviceId deviceCategoryDisplayName deviceName easDeviceId emailAddress",
    "enrollmentProfileName ethernetMacAddress iccid imei jailBroken managedDeviceName manufacturer meid model notes operatingSystem osVersion",
    "phoneNumber remoteAssistanceSessionErrorDetails remoteAssistanceSessionUrl serialNumber subscriberCarrier udid userDisplayName userId",
    "userPrincipalName wiFiMacAddress",
  ),
  boolean: words("easActivated isEncrypted isSupervised"),
  nullableBoolean: words("azureADRegistered requireUserEnrollmentApproval"),
  integer: words("freeStorageSpaceInBytes physicalMemoryInBytes totalStorageSpaceInBytes"),
  dateTime: words(
    "complianceGracePeriodExpirationDateTime easActivationDateTime enrolledDateTime exchangeLastSuccessfulSyncDateTime lastSyncDateTime",
    "managementCertificateExpirationDate",
  ),
  nullableDateTime: [],
  object: words("configurationManagerClientEnabledFeatures deviceHealthAttestationState"),
  list: words("deviceActionResults"),
  word: words(
    "complianceState deviceEnrollmentType deviceRegistrationState exchangeAccessState exchangeAccessStateReason managedDeviceOwnerType",
    "managementAgent managementState partnerReportedThreatState",
  ),
};

/** What beta has besides. */
const BETA: Readonly<Record<PropertyType, readonly string[]>> = {
  text: words("azureActiveDirectoryDeviceId enrolledByUserPrincipalName securityPatchLevel skuFamily specificationVersion"),
  boolean: [],
  nullableBoolean: words("aadRegistered autopilotEnrolled bootstrapTokenEscrowed deviceFirmwareConfigurationInterfaceManaged"),
  integer: words("skuNumber windowsActiveMalwareCount windowsRemediatedMalwareCount"),
  dateTime: [],
  nullableDateTime: words("preferMdmOverGroupPolicyAppliedDateTime retireAfterDateTime"),
  object: words("configurationManagerClientHealthState configurationManagerClientInformation hardwareInformation"),
  list: words("chromeOSDeviceInfo cloudPcRemoteActionResults roleScopeTagIds usersLoggedOn"),
  word: words("chassisType deviceType joinType ownerType processorArchitecture"),
};

/** Words whose "nothing" is not `unknown`. */
const EMPTY_WORDS: Readonly<Record<string, JsonValue>> = {
  exchangeAccessState: "none",
  exchangeAccessStateReason: "none",
  deviceRegistrationState: "registered",
  managementState: "managed",
  managementAgent: "mdm",
};

/** In beta only, and null unless something set it. */
const LOST_MODE = "lostModeState";
const BETA_NULL_WORDS = [LOST_MODE, "managementFeatures"];

const PROPERTY_TYPES: ReadonlyMap<string, PropertyType> = new Map([
  ...entries(V1),
  ...entries(BETA),
  ...BETA_NULL_WORDS.map((name) => [name, "word"] as const),
]);

const V1_NAMES = new Set(entries(V1).map(([name]) => name));

/** Undefined for a name that Graph's `managedDevice` does not have in any version. */
export function propertyType(name: string): PropertyType | undefined {
  return PROPERTY_TYPES.get(name);
}

/** In the order of the reference; beta has all of v1.0's and more. */
export function propertyNames(version: GraphVersion): readonly string[] {
  return [...PROPERTY_TYPES.keys()].filter((name) => version === "beta" || V1_NAMES.has(name));
}

/** False in v1.0 for a property of beta: `$select` of it is a 400 there. */
export function isProperty(name: string, version: GraphVersion): boolean {
  return version === "beta" ? PROPERTY_TYPES.has(name) : V1_NAMES.has(name);
}

/** What Graph answers for a property that nothing set. */
export function emptyValue(name: string): JsonValue {
  if (BETA_NULL_WORDS.includes(name)) return null;
  return EMPTY_WORDS[name] ?? EMPTY[PROPERTY_TYPES.get(name) ?? "text"];
}

function words(...lines: readonly string[]): readonly string[] {
  return lines.flatMap((line) => line.split(" "));
}

function entries(table: Readonly<Record<PropertyType, readonly string[]>>): readonly (readonly [string, PropertyType])[] {
  const types = Object.keys(table).filter((type): type is PropertyType => type in EMPTY);
  return types.flatMap((type) => table[type].map((name) => [name, type] as const));
}

import type { JsonValue } from "../../../providers/domain/json.ts";
import { type Platform, platformOf } from "../../../providers/domain/managed-device.ts";
import { guidFrom, numberFrom } from "./derive.ts";

type Properties = Readonly<Record<string, JsonValue>>;

interface PlatformDefaults {
  readonly operatingSystem: string;
  readonly osVersion: string;
  readonly manufacturer: string;
  readonly model: string;
  readonly companyEnrollment: string;
}

const APPLE = { manufacturer: "Apple", companyEnrollment: "appleBulkWithUser" } as const;

const PLATFORM_DEFAULTS: Readonly<Record<"iOS" | "iPadOS" | "macOS" | "Android" | "Windows" | "other", PlatformDefaults>> = {
  iOS: { ...APPLE, operatingSystem: "iOS", osVersion: "18.6.2", model: "iPhone 15" },
  iPadOS: { ...APPLE, operatingSystem: "iPadOS", osVersion: "18.6.2", model: "iPad Air" },
  macOS: { ...APPLE, operatingSystem: "macOS", osVersion: "15.6.1", model: "MacBook Air" },
  Android: {
    operatingSystem: "Android",
    osVersion: "15.0",
    manufacturer: "samsung",
    model: "SM-S921B",
    companyEnrollment: "userEnrollment",
  },
  Windows: {
    operatingSystem: "Windows",
    osVersion: "10.0.26100.4652",
    manufacturer: "LENOVO",
    model: "ThinkPad T14",
    companyEnrollment: "windowsAzureADJoin",
  },
  other: {
    operatingSystem: "Linux",
    osVersion: "24.04",
    manufacturer: "Unknown",
    model: "Unknown",
    companyEnrollment: "unknown",
  },
};

const HOURS = 2;
const HOUR = 60 * 60 * 1000;

/**
 * Wherever Graph gives a day, the emulator's devices were enrolled on this one unless their file
 * says otherwise.
 */
const ENROLLED = "2026-01-12T09:30:00Z";

/**
 * Fills in what a device file leaves out. An Apple device counts as supervised unless it is
 * personal or its enrolment type says that it was not enrolled in bulk; a given bypass code means
 * supervised.
 */
export function fillIn(given: Properties): Properties {
  const platform = platformGroup(given);
  const base = PLATFORM_DEFAULTS[platform];
  const personal = given.managedDeviceOwnerType === "personal";
  const name = text(given.serialNumber) ?? text(given.id) ?? "device";
  const user = guessUser(given, name);
  const filled: Record<string, JsonValue> = {
    deviceName: `${base.model} ${name}`,
    operatingSystem: base.operatingSystem,
    osVersion: base.osVersion,
    manufacturer: base.manufacturer,
    model: base.model,
    managedDeviceOwnerType: personal ? "personal" : "company",
    deviceEnrollmentType: personal ? "userEnrollment" : base.companyEnrollment,
    managementAgent: platform === "Android" ? "googleCloudDevicePolicyController" : "mdm",
    isSupervised: isSupervisedByDefault(given, platform),
    complianceState: "compliant",
    azureADRegistered: true,
    azureADDeviceId: guidFrom(`entra:${name}`),
    enrolledDateTime: ENROLLED,
    lastSyncDateTime: lastSeen(name),
    isEncrypted: true,
    jailBroken: "False",
    totalStorageSpaceInBytes: 128_000_000_000,
    freeStorageSpaceInBytes: 64_000_000_000 + numberFrom(name, 1_000_000),
    ...user,
    ...given,
  };
  filled.managedDeviceName ??= `${text(filled.userPrincipalName) ?? name}_${text(filled.operatingSystem) ?? base.operatingSystem}`;
  return filled;
}

/** Some hours before the emulator began, at another minute for each device. */
function lastSeen(name: string): string {
  return new Date(Date.now() - HOURS * HOUR - numberFrom(name, HOUR)).toISOString().replace(/\.\d+/, "");
}

function platformGroup(given: Properties): keyof typeof PLATFORM_DEFAULTS {
  const platform = guessPlatform(given);
  return platform !== null && platform in PLATFORM_DEFAULTS ? (platform as keyof typeof PLATFORM_DEFAULTS) : "other";
}

function guessPlatform(given: Properties): Platform | null {
  const model = text(given.model);
  const operatingSystem = text(given.operatingSystem);
  if (operatingSystem !== null) return platformOf({ operatingSystem, model });
  if (/^mac|^imac/i.test(model ?? "")) return "macOS";
  return platformOf({ operatingSystem: "iOS", model });
}

function isSupervisedByDefault(given: Properties, platform: string): boolean {
  if (text(given.activationLockBypassCode) !== null) return true;
  if (!["iOS", "iPadOS", "macOS"].includes(platform) || given.managedDeviceOwnerType === "personal") return false;
  const enrollment = text(given.deviceEnrollmentType);
  return enrollment === null || enrollment.startsWith("appleBulk");
}

function guessUser(given: Properties, name: string): Record<string, JsonValue> {
  if (given.userPrincipalName === null) return { userId: null, userDisplayName: null, emailAddress: null };
  const upn = text(given.userPrincipalName) ?? `user-${numberFrom(name, 10_000)}@contoso.example`;
  const userDisplayName = upn.split("@")[0] ?? upn;
  return { userPrincipalName: upn, userId: guidFrom(`user:${upn.toLowerCase()}`), userDisplayName, emailAddress: upn };
}

function text(value: JsonValue | undefined): string | null {
  return typeof value === "string" ? value : null;
}

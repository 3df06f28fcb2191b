import type { EmulatedDevice } from "./emulated-device.ts";

const COMPANY_PORTAL = { id: "0000000d1d5d0000000000000000000000000001", displayName: "Company Portal" };

/** The script and its run on the Windows laptop, for the paths over `deviceManagementScripts`. */
const SCRIPT = "5c7a1f4e-0b1a-4e36-9b1d-3c8d5f0e7a11";

/**
 * The devices that the emulator has when nobody names others. Serial numbers are fixed: examples
 * and tests rely on them.
 */
export const DEFAULT_FLEET: readonly EmulatedDevice[] = [
  {
    serialNumber: "DMPXK2ABCDEF",
    deviceName: "Leeds iPad 0042",
    operatingSystem: "iPadOS",
    model: "iPad Air",
    isSupervised: true,
    userPrincipalName: "j.doe@contoso.example",
    deviceCategoryDisplayName: "Sales",
    "x-emulator": { activationLock: true, detectedApps: [COMPANY_PORTAL] },
  },
  {
    serialNumber: "DMPXK2GHJKLM",
    deviceName: "Leeds iPad 0043",
    // Some tenants still say iOS for an iPad.
    operatingSystem: "iOS",
    model: "iPad Pro 11",
    isSupervised: true,
    userPrincipalName: "a.smith@contoso.example",
    "x-emulator": { detectedApps: [COMPANY_PORTAL] },
  },
  { serialNumber: "F17XK2PHONE1", deviceName: "Leeds iPhone 0101", operatingSystem: "iOS", model: "iPhone 15", isSupervised: true },
  {
    serialNumber: "F2LXK2PERS01",
    deviceName: "Jane's iPhone",
    operatingSystem: "iOS",
    model: "iPhone 14",
    isSupervised: false,
    managedDeviceOwnerType: "personal",
    deviceEnrollmentType: "userEnrollment",
  },
  { serialNumber: "C02XK2MACBK1", deviceName: "Leeds Mac 0007", operatingSystem: "macOS", model: "MacBook Air", isSupervised: true },
  { serialNumber: "R58XK2DROID1", deviceName: "Leeds Galaxy 0201", operatingSystem: "Android", model: "SM-S921B" },
  {
    serialNumber: "R58XK2DROID2",
    deviceName: "Leeds Galaxy 0202",
    operatingSystem: "Android",
    model: "SM-S921B",
    "x-emulator": { passcodePolicy: false },
  },
  {
    serialNumber: "PF3XK2WINDOW",
    deviceName: "LEEDS-LT-0301",
    operatingSystem: "Windows",
    model: "ThinkPad T14",
    "x-emulator": {
      detectedApps: [COMPANY_PORTAL],
      deviceRunStates: [{ script: SCRIPT, runState: `${SCRIPT}:b1c7c0de-0000-4000-8000-000000000301` }],
    },
  },
  { serialNumber: "DMPXK2TWICE1", deviceName: "Leeds iPad 0050", operatingSystem: "iPadOS", model: "iPad", isSupervised: true },
  {
    serialNumber: "DMPXK2TWICE1",
    deviceName: "Leeds iPad 0050 (old record)",
    operatingSystem: "iPadOS",
    model: "iPad",
    isSupervised: true,
  },
  { serialNumber: "dmpxk2 lower7", deviceName: "Leeds iPad 0051", operatingSystem: "iPadOS", model: "iPad mini", isSupervised: true },
  {
    serialNumber: "DMPXK2NOCODE",
    deviceName: "Leeds iPad 0052",
    operatingSystem: "iPadOS",
    model: "iPad",
    isSupervised: true,
    activationLockBypassCode: null,
    "x-emulator": { activationLock: true },
  },
];

import type { CloudName } from "../../providers/domain/cloud-name.ts";

/**
 * The Intune admin center of each cloud. Source:
 * https://learn.microsoft.com/mem/intune/fundamentals/intune-endpoints
 */
const ADMIN_CENTERS: Readonly<Record<CloudName, string>> = {
  global: "https://intune.microsoft.com",
  usGovernment: "https://intune.microsoft.us",
  usGovernmentDod: "https://intune.microsoft.us",
  china: "https://intune.microsoftonline.cn",
};

/** Where a person sees one device; the id is Intune's. */
export function devicePage(cloud: CloudName, deviceId: string): string {
  const id = encodeURIComponent(deviceId.toWellFormed());
  return `${ADMIN_CENTERS[cloud]}/#view/Microsoft_Intune_Devices/DeviceSettingsMenuBlade/~/overview/mdmDeviceId/${id}`;
}

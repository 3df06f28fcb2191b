import type { AzurePartsArguments } from "./arguments.ts";

/**
 * With nobody to let in over the internet, the public address is shut altogether and only private
 * endpoints remain.
 */
export function isClosed({ allowedIpRanges, allowedSubnets }: Pick<AzurePartsArguments, "allowedIpRanges" | "allowedSubnets">): boolean {
  return allowedIpRanges.length === 0 && allowedSubnets.length === 0;
}

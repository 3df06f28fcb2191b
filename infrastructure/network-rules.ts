import type { AzurePartsArguments } from "./arguments.ts";

/**
 * True where nobody is let in over the internet: the public address is shut then, and only private
 * endpoints remain.
 */
export function isClosed({ allowedIpRanges, allowedSubnets }: Pick<AzurePartsArguments, "allowedIpRanges" | "allowedSubnets">): boolean {
  return allowedIpRanges.length === 0 && allowedSubnets.length === 0;
}

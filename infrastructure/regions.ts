import type { CloudName } from "../providers/domain/cloud-name.ts";
import type { ConfigReader, Form } from "./config-reader.ts";

const REGION: Form = {
  pattern: /^[a-z][a-z0-9]{2,39}$/,
  words: "a region in Azure's short form, such as westeurope (`az account list-locations -o table`)",
};

/** How the names of regions begin in the clouds that are not the global one. */
const BEGINNINGS: Readonly<Record<Exclude<CloudName, "global">, readonly string[]>> = {
  usGovernment: ["usgov"],
  usGovernmentDod: ["usdod"],
  china: ["china"],
};
const ALL_BEGINNINGS = Object.values(BEGINNINGS).flat();

/**
 * Regions whose identities cannot have federated credentials; seen in 2026-11. Other features are
 * Azure's to refuse: it names the region and the feature. Source:
 * https://learn.microsoft.com/entra/workload-id/workload-identity-federation-considerations#unsupported-regions-user-assigned-managed-identities
 */
const WITHOUT_FEDERATION: readonly string[] = ["malaysiasouth", "newzealandnorth"];

/** Undefined where the key is absent; notes a mistake for a region of another cloud. */
export function parseRegion(reader: ConfigReader, key: string, cloud: CloudName): string | undefined {
  const region = reader.optional(key, REGION);
  if (region === undefined || !REGION.pattern.test(region)) return region;
  const beginnings = cloud === "global" ? null : BEGINNINGS[cloud];
  const fits = beginnings === null ? !startsWithOne(region, ALL_BEGINNINGS) : startsWithOne(region, beginnings);
  if (!fits) {
    const expected = beginnings === null ? "none of a national cloud" : `one that begins with ${beginnings.join(" or ")}`;
    reader.note(key, `is ${region}, which is not in cloud ${cloud}: write ${expected}, or set cloud`);
  }
  return region;
}

/** Empty where the key is absent, which is noted as a mistake. */
export function requireRegion(reader: ConfigReader, key: string, cloud: CloudName): string {
  const region = parseRegion(reader, key, cloud);
  if (region === undefined) reader.note(key, `is missing; it must be ${REGION.words}`);
  return region ?? "";
}

/** Notes a mistake for a region whose identities no pipeline could sign in as. */
export function noteWithoutFederation(reader: ConfigReader, region: string): void {
  if (!WITHOUT_FEDERATION.includes(region)) return;
  reader.note("identityLocation", `must be set: identities in ${region} cannot have federated credentials; any other region will do`);
}

function startsWithOne(text: string, beginnings: readonly string[]): boolean {
  return beginnings.some((beginning) => text.startsWith(beginning));
}

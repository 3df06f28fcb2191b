import type { AzurePartsArguments } from "../../infrastructure/arguments.ts";
import { PROJECT, parseSettings } from "../../infrastructure/settings.ts";
import { ENVIRONMENTS } from "../../infrastructure/sign-in.ts";
import { parseCloud } from "../../providers/support/cloud.ts";
import type { Change, ConfigFile } from "./config-file.ts";
import type { SetupFlags } from "./flags.ts";

/** Where the parts go: what Azure's sign-in says when nobody else does. */
export interface Home {
  readonly tenantId: string;
  readonly subscriptionId: string;
}

/** True where the sign-in need not be asked: both ids are said already. */
export function isHomeSaid(flags: SetupFlags, file: ConfigFile): boolean {
  const values = file.valuesOf(PROJECT);
  return (flags.tenant ?? values.get("tenantId")) !== undefined && (flags.subscription ?? values.get("subscriptionId")) !== undefined;
}

/**
 * The settings of the Azure parts: the options over what the file of their stack says. The file is
 * changed in memory. Throws `ConfigurationError` that lists every mistake.
 */
export function settleSettings(
  flags: SetupFlags,
  home: Home | null,
  file: ConfigFile,
): { readonly settings: AzurePartsArguments; readonly changes: readonly Change[] } {
  const said = file.valuesOf(PROJECT);
  const wanted = {
    tenantId: flags.tenant ?? (said.has("tenantId") ? undefined : home?.tenantId),
    subscriptionId: flags.subscription ?? (said.has("subscriptionId") ? undefined : home?.subscriptionId),
    location: flags.location,
    readersGroupId: flags.readersGroup,
    operatorsGroupId: flags.operatorsGroup,
    name: flags.name,
    cloud: flags.cloud,
    allowedIpRanges: flags.allowIp,
    github: githubOf(flags, file),
  };
  const known = Object.entries(wanted).filter(([, value]) => value !== undefined);
  const own = Object.fromEntries(known.map(([key, value]) => [`${PROJECT}:${key}`, value]));
  const changes = [...file.set(own), ...file.set(environmentOf(flags.cloud ?? said.get("cloud")))];
  return { settings: parseSettings(file.valuesOf(PROJECT), flags.stack), changes };
}

/** What is said of the repository besides stays. */
function githubOf({ github, githubEnvironment }: SetupFlags, file: ConfigFile): unknown {
  if (github === undefined && githubEnvironment === undefined) return undefined;
  const before = file.value(`${PROJECT}:github`);
  const said: Readonly<Record<string, unknown>> = typeof before === "object" && before !== null ? { ...before } : {};
  return { ...said, repository: github ?? said.repository, environments: githubEnvironment ?? said.environments ?? ["production"] };
}

/** The provider's own word for a cloud; the global one is its default. */
function environmentOf(cloud: string | undefined): Readonly<Record<string, string>> {
  return cloud === undefined || cloud === "global" ? {} : { "azure-native:environment": ENVIRONMENTS[parseCloud(cloud)] };
}

import type { CloudName } from "../providers/domain/cloud-name.ts";
import { ConfigurationError } from "../providers/domain/errors.ts";
import type { AzurePartsArguments } from "./arguments.ts";

/** Who runs this program, as the provider says. */
export interface SignedIn {
  readonly tenantId: string;
  readonly subscriptionId: string;
}

/** The words of azure-native for the clouds. */
export const ENVIRONMENTS: Readonly<Record<CloudName, string>> = {
  global: "public",
  usGovernment: "usgovernment",
  usGovernmentDod: "usgovernment",
  china: "china",
};

/**
 * The parts must land where the configuration says. Throws `ConfigurationError` for a sign-in to
 * another cloud, tenant or subscription.
 */
export function checkSignIn(settings: Pick<AzurePartsArguments, "cloud" | "tenantId" | "subscriptionId">, signedIn: SignedIn): void {
  const wrong = [
    ...difference("tenant", settings.tenantId, signedIn.tenantId, `az login --tenant ${settings.tenantId}`),
    ...difference(
      "subscription",
      settings.subscriptionId,
      signedIn.subscriptionId,
      `az account set --subscription ${settings.subscriptionId}`,
    ),
  ];
  if (wrong.length === 0) return;
  throw new ConfigurationError(
    `the sign-in is not the one that the configuration names; nothing was made or changed\n${wrong.join("\n")}`,
    {
      hint: "sign in as written, or correct tenantId and subscriptionId in the configuration",
    },
  );
}

/**
 * `environment` is the provider's own setting `azure-native:environment`, or the variable
 * ARM_ENVIRONMENT. Asked first: with the wrong cloud there is nobody to ask about the sign-in.
 */
export function checkEnvironment(cloud: CloudName, environment: string | undefined): void {
  const expected = ENVIRONMENTS[cloud];
  if ((environment ?? "public").toLowerCase() === expected) return;
  throw new ConfigurationError(`cloud is ${cloud}, while the provider works in ${environment ?? "public"}; nothing was made or changed`, {
    hint: `./dlr pulumi -C infrastructure config set azure-native:environment ${expected}, and az cloud set --name ${CLI_NAMES[expected]}`,
  });
}

const CLI_NAMES: Readonly<Record<string, string>> = {
  public: "AzureCloud",
  usgovernment: "AzureUSGovernment",
  china: "AzureChinaCloud",
};

function difference(what: string, expected: string, found: string, command: string): readonly string[] {
  return expected.toLowerCase() === found.toLowerCase() ? [] : [`  ${what} is ${found}, not ${expected}: ${command}`];
}

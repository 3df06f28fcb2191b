import { getClientConfig } from "@pulumi/azure-native/authorization/index.js";
import * as pulumi from "@pulumi/pulumi";
import { printableLines } from "../providers/domain/diagnostic.ts";
import { ProductError } from "../providers/domain/errors.ts";
import type { AzurePartsArguments } from "./arguments.ts";
import { AzureParts } from "./azure-parts.ts";
import { PROJECT, parseSettings } from "./settings.ts";
import { checkEnvironment, checkSignIn } from "./sign-in.ts";

/**
 * The whole program: everything that may be refused comes before the first resource is registered.
 */
export async function runProgram(environment: NodeJS.ProcessEnv): Promise<AzureParts> {
  return new AzureParts("device-lifecycle", await readSettings(environment));
}

async function readSettings(environment: NodeJS.ProcessEnv): Promise<AzurePartsArguments> {
  try {
    const settings = parseSettings(ownValues(), pulumi.getStack());
    const provider = new pulumi.Config("azure-native").get("environment") ?? environment.ARM_ENVIRONMENT;
    checkEnvironment(settings.cloud, provider);
    checkSignIn(settings, await getClientConfig());
    return settings;
  } catch (error) {
    if (error instanceof ProductError) throw runError(`${error.message}\n  help: ${error.hint}`);
    throw error;
  }
}

/** The stack's values of our namespace, which is cut off. */
function ownValues(): ReadonlyMap<string, string> {
  const prefix = `${PROJECT}:`;
  return new Map(
    Object.entries(pulumi.runtime.allConfig()).flatMap(([key, value]) =>
      key.startsWith(prefix) ? [[key.slice(prefix.length), value] as const] : [],
    ),
  );
}

/**
 * A `RunError` without a stack is printed as it is and at once; any other error takes Pulumi many
 * seconds on Node 24.
 */
function runError(text: string): pulumi.RunError {
  const error = new pulumi.RunError(printableLines(text));
  Reflect.set(error, "stack", undefined);
  return error;
}

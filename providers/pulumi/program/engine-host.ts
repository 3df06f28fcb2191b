import * as pulumi from "../sdk.ts";
import { fullStackName, readOwnState } from "./own-state.ts";
import type { RunHost } from "./run-host.ts";

/** The run that Pulumi's engine has started this process for. */
export async function engineHost(): Promise<RunHost> {
  return {
    isPreview: pulumi.isDryRun(),
    configuration: pulumi.allConfig(),
    project: pulumi.getProject(),
    stack: pulumi.getStack(),
    fullStackName: await fullStackName(),
    readOwnState,
    warn: (text) => pulumi.log.warn(text),
    error: (text) => pulumi.log.error(text),
  };
}

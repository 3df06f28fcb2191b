import { knownIn } from "../../providers/pulumi/known-in.ts";
import type { PulumiCommand } from "../pulumi/ask-pulumi.ts";
import { exportedOutputs } from "../support/exported-state.ts";

/** True too where the state cannot be read whole: a ledger that it needs is not made anew. */
export async function mayKnowRequests(pulumi: PulumiCommand, stack: string): Promise<boolean> {
  const outputs = await exportedOutputs(pulumi, stack);
  return outputs === null || outputs.some((one) => knownIn(one).length > 0);
}

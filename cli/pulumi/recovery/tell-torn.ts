import { printableLines } from "../../../providers/domain/diagnostic.ts";
import type { PulumiCommand } from "../ask-pulumi.ts";
import { stackNamed } from "../stack-named.ts";
import { tornError } from "./refuse-torn.ts";
import { tornStacks } from "./torn-state.ts";

/**
 * After Pulumi failed: says which states it could not read, and what mends them. Of the stack that
 * its arguments name, else of each: the selected one is among them.
 */
export async function tellTorn(args: readonly string[], pulumi: PulumiCommand): Promise<void> {
  const named = stackNamed(args);
  const stacks = named === null ? await tornStacks(pulumi) : [named];
  for (const stack of stacks) {
    const torn = await tornError(stack, pulumi);
    if (torn !== null) pulumi.say(printableLines(`pulumi: ${torn.message}\n  help: ${torn.hint}`));
  }
}

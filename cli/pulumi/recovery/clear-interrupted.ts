import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { printable } from "../../../providers/domain/diagnostic.ts";
import { askPulumi, type PulumiCommand } from "../ask-pulumi.ts";
import { tailOf } from "../run-tool.ts";

/**
 * Clears what a dead run was busy with from the state, by writing the state anew: `stack import`
 * leaves it out, under the stack's lock, and keeps a copy of what was there. Unlike `refresh` it
 * looks at no device. When it fails, the run goes on all the same: Pulumi then warns of what is
 * left.
 */
export async function clearInterrupted(stack: string, names: readonly string[], pulumi: PulumiCommand): Promise<void> {
  const folder = await mkdtemp(path.join(tmpdir(), "device-lifecycle-state-"));
  const file = path.join(folder, "state.json");
  try {
    for (const step of ["export", "import"]) {
      const result = await askPulumi(pulumi, ["stack", step, "--stack", stack, "--file", file]);
      if (result.kind === "exited" && result.code === 0) continue;
      const output = result.kind === "notStarted" ? result.code : tailOf(result.output);
      pulumi.say(`up: what it left unfinished in the state could not be cleared (pulumi stack ${step}):\n${output}`);
      return;
    }
    const list = names.length > 5 ? `${names.slice(0, 5).join(", ")} and ${names.length - 5} more` : names.join(", ");
    pulumi.say(printable(`up: cleared from the state what was under way when a run died: ${list}`));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

import { appendFileSync } from "node:fs";

/**
 * Names the file in which the processes of a run say why it is red: Pulumi's own exit code is the
 * same for everything.
 */
export const EXIT_FILE = "DEVICE_LIFECYCLE_EXIT_FILE";

/**
 * For `dlr up` and `dlr preview`, which started Pulumi and end with this code; says nothing
 * to anybody else.
 */
export function tellExit(code: number, environment: NodeJS.ProcessEnv = process.env): void {
  const file = environment[EXIT_FILE];
  if (file === undefined || file === "") return;
  try {
    appendFileSync(file, `${code}\n`);
  } catch {
    // The run is red either way, and what made it so is told; Pulumi's own code then stands.
  }
}

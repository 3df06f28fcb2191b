import { createInterface } from "node:readline/promises";
import { ConfigurationError } from "../../providers/domain/errors.ts";

/** True when a person at a terminal types `yes`. Without a terminal it takes `--yes`: silence is no consent. */
export async function isConfirmed(question: string, saidYes: boolean): Promise<boolean> {
  if (saidYes) return true;
  if (!process.stdin.isTTY || !process.stderr.isTTY) {
    throw new ConfigurationError("nobody is there to confirm this", { hint: "add --yes when you are sure" });
  }
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return (await terminal.question(`${question} Type yes: `)).trim().toLowerCase() === "yes";
  } finally {
    terminal.close();
  }
}

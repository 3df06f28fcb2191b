import { createInterface } from "node:readline/promises";
import { ConfigurationError } from "../../providers/domain/errors.ts";
import { isCi } from "../../providers/support/ci.ts";

/** Whether somebody at a terminal could answer. */
export function canAsk(): boolean {
  return !isCi(process.env) && process.stdin.isTTY && process.stderr.isTTY;
}

/** What a person types in answer, without spaces around it; `byDefault` where it is only ENTER. */
export async function askText(question: string, byDefault: string): Promise<string> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = (await terminal.question(`${question}${byDefault === "" ? "" : ` [${byDefault}]`}: `)).trim();
    return answer === "" ? byDefault : answer;
  } finally {
    terminal.close();
  }
}

/**
 * Throws `ConfigurationError` in CI and without a terminal, where nobody can be asked, unless the
 * command line said yes.
 */
export function requireConsent(saidYes: boolean, flag = "--yes"): void {
  if (saidYes || canAsk()) return;
  throw new ConfigurationError("nobody is there to confirm this", { hint: `add ${flag} when you are sure` });
}

/**
 * True when a person at a terminal types `yes`, or the command line said so; Ctrl-C and Ctrl-D say
 * no.
 */
export async function isConfirmed(question: string, saidYes: boolean, flag = "--yes"): Promise<boolean> {
  requireConsent(saidYes, flag);
  if (saidYes) return true;
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const gone = new AbortController();
  terminal.once("close", () => gone.abort());
  try {
    return (await terminal.question(`${question} Type yes: `, { signal: gone.signal })).trim().toLowerCase() === "yes";
  } catch (error) {
    if (!gone.signal.aborted) throw error;
    console.error("");
    return false;
  } finally {
    terminal.close();
  }
}

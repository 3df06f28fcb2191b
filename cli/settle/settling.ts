import { printable } from "../../providers/domain/diagnostic.ts";
import type { OpenedLedger } from "../../providers/ledger/open-ledger.ts";
import type { CommandWriter } from "../support/command-writer.ts";
import { isConfirmed } from "../support/require-consent.ts";
import type { Decision } from "./decision.ts";

/** What one command wants to settle, and with what. */
export interface Settling {
  readonly ledger: OpenedLedger;
  /** Null for somebody who only looks. */
  readonly decision: Decision | null;
  readonly saidYes: boolean;
  /** The generation that was asked for; null for the newest. */
  readonly generation: number | null;
  readonly command: CommandWriter;
}

/** Asks the person; what is not confirmed is wrong use to whoever reads the exit code. */
export async function isAgreed(question: string, { saidYes }: Settling): Promise<boolean> {
  if (await isConfirmed(question, saidYes)) return true;
  console.error("nothing was recorded");
  process.exitCode = 2;
  return false;
}

/** The two commands that settle a request or a list, one a line. */
export function renderChoices(name: string, { command, generation }: Settling): readonly string[] {
  const which = generation === null ? [] : ["--generation", String(generation)];
  return ["--taken", "--not-taken"].map((decision) =>
    printable(`    ${command("settle", name, ...which, decision, "--why", "what you saw, and where")}`),
  );
}

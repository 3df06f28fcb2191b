import { printable } from "../../providers/domain/diagnostic.ts";
import { ConfigurationError } from "../../providers/domain/errors.ts";
import type { CommandWriter } from "../support/command-writer.ts";
import type { KnownRequest } from "../support/known-requests.ts";
import { QUESTIONS, SAID } from "./decision.ts";
import { type Doubt, findDoubt, type NextCommand } from "./find-doubt.ts";
import { recordDecision } from "./record-decision.ts";
import { renderEvidence } from "./render-evidence.ts";
import { isAgreed, renderChoices, type Settling } from "./settling.ts";

/** Shows the evidence of one request, and records the decision where there is one. */
export async function settleOne(request: KnownRequest, settling: Settling): Promise<void> {
  const doubt = doubtOf(request, settling);
  if (doubt === null) return;
  const { decision, ledger, command } = settling;
  const evidence = renderEvidence(request.key, doubt, request.records);
  if (decision === null) return console.log([evidence, "  to settle it, one of", ...renderChoices(request.name, settling)].join("\n"));
  console.error(evidence);
  const { kind } = doubt.state;
  if (!(await isAgreed(QUESTIONS[kind][decision.decision], settling))) return;
  await recordDecision(ledger, request.key, doubt, decision);
  const said = `${doubt.step.action} of ${request.key} ${SAID[kind][decision.decision]}`;
  console.log(printable(`recorded: ${said}; it goes on with: ${command("up")}`));
}

/** Null where there is none, which whoever only looks is told. */
function doubtOf({ key, records }: KnownRequest, { command, decision }: Settling): Doubt | null {
  const answer = findDoubt(records);
  if (answer.kind === "doubt") return answer.doubt;
  const text = `there is nothing to settle for ${printable(key)}: ${answer.why}`;
  const hint = printable(hintOf(key, answer.next, command));
  if (decision !== null) throw new ConfigurationError(text, { hint });
  console.log(`${text}\n  ${hint}`);
  return null;
}

function hintOf(key: string, next: NextCommand, command: CommandWriter): string {
  if (next === "up") return `${command("up")} looks, and may settle it by itself`;
  return `${command("ledger show", key)} shows what was done`;
}

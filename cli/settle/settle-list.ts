import { printable } from "../../providers/domain/diagnostic.ts";
import { ConfigurationError } from "../../providers/domain/errors.ts";
import { standingOf } from "../../providers/engine/standing.ts";
import { allRecords } from "../support/all-records.ts";
import { type KnownRequest, knownRequests, ofGeneration, requestsNamed } from "../support/known-requests.ts";
import { renderTally } from "../support/render-fold.ts";
import { type Decision, QUESTIONS, SAID } from "./decision.ts";
import { areSame, type DoubtfulMember, doubtfulMembers, isOneQuestion } from "./doubtful-members.ts";
import { recordDecision } from "./record-decision.ts";
import { renderMembers, renderNames } from "./render-members.ts";
import { isAgreed, type Settling } from "./settling.ts";

/**
 * Shows which devices of a list are in doubt, and records one decision about all of them where
 * there is one.
 */
export async function settleList(list: string, members: readonly KnownRequest[], settling: Settling): Promise<void> {
  const doubtful = doubtfulMembers(members);
  if (doubtful.length === 0) {
    const nothing = nothingInDoubt(list, members, settling);
    if (settling.decision !== null) throw nothing;
    return console.log(`${nothing.message}\n  ${nothing.hint}`);
  }
  const heading = renderTally(list, members);
  if (settling.decision === null) return console.log([heading, ...renderMembers(list, doubtful, settling)].join("\n"));
  if (!isOneQuestion(doubtful)) throw severalQuestions(list, settling);
  console.error([heading, ...renderNames(doubtful)].join("\n"));
  await decide(list, doubtful, settling.decision, settling);
}

/** The decision is about the devices that were named, and about no other. */
async function decide(list: string, doubtful: readonly DoubtfulMember[], decision: Decision, settling: Settling): Promise<void> {
  const [first] = doubtful;
  if (first === undefined) return;
  const { kind } = first.doubt.state;
  const question = `This is about each of the ${doubtful.length} named above. ${QUESTIONS[kind][decision.decision]}`;
  if (!(await isAgreed(question, settling))) return;
  await refuseOthers(list, doubtful, settling);
  for (const { request, doubt } of doubtful) {
    await recordDecision(settling.ledger, request.key, doubt, decision);
    console.log(printable(`recorded: ${doubt.step.action} of ${request.key} ${SAID[kind][decision.decision]}`));
  }
  console.log(printable(`all ${doubtful.length} are settled; they go on with: ${settling.command("up")}`));
}

/** Throws `ConfigurationError` when others are in doubt than those that the person was shown. */
async function refuseOthers(list: string, seen: readonly DoubtfulMember[], { ledger, generation }: Settling): Promise<void> {
  const { members } = requestsNamed(list, knownRequests(await allRecords(ledger)));
  const now = doubtfulMembers(ofGeneration(members, generation));
  if (areSame(seen, now)) return;
  throw new ConfigurationError("other devices of the list are in doubt now: nothing was recorded", { hint: "run the command again" });
}

function nothingInDoubt(list: string, members: readonly KnownRequest[], { command }: Settling): ConfigurationError {
  const isUnfinished = members.some(({ records }) => standingOf(records) === "unfinished");
  const hint = isUnfinished ? `${command("up")} looks at the unfinished ones` : `${command("ledger show", list)} shows how each stands`;
  return new ConfigurationError(`nothing of the list is in doubt: ${renderTally(list, members)}`, { hint: printable(hint) });
}

function severalQuestions(list: string, { command }: Settling): ConfigurationError {
  const text = "nothing was recorded: the devices are in doubt about different steps, and one decision cannot mean them all";
  return new ConfigurationError(text, { hint: printable(`settle each by its name; ${command("settle", list)} shows them`) });
}

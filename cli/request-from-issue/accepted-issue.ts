import { ConfigurationError } from "../../providers/domain/errors.ts";
import { isObject, parseJson } from "../../providers/domain/json.ts";
import { ACCEPTED_LABEL } from "./accepted-label.ts";

/** An issue as it was at the moment when somebody set the label. */
export interface AcceptedIssue {
  readonly number: number;
  /** Empty for an issue without text. */
  readonly body: string;
  /** Who set the label; `isPerson` is false for an app. */
  readonly labeller: { readonly login: string; readonly isPerson: boolean };
  /** The branch that a pull request goes to. */
  readonly base: string;
}

/**
 * Reads GitHub's event. Throws `ConfigurationError` for any other one than that an open issue got
 * the label. Source: https://docs.github.com/webhooks/webhook-events-and-payloads#issues
 */
export function parseAcceptedIssue(text: string): AcceptedIssue {
  const event = parseJson(text);
  if (!isObject(event)) throw other("it is no JSON object");
  const { action, label, issue, sender, repository } = event;
  if (action !== "labeled" || !isObject(label) || label.name !== ACCEPTED_LABEL) throw other(`nobody set the label ${ACCEPTED_LABEL}`);
  if (!isObject(issue) || !isObject(sender) || !isObject(repository)) throw other("it has no issue, sender or repository");
  const { number, body, state } = issue;
  if (issue.pull_request !== undefined) throw other("it is about a pull request");
  if (state !== "open") throw other("the issue is closed");
  if (typeof number !== "number" || !Number.isSafeInteger(number) || number < 1) throw other("the issue has no number");
  const { login, type } = sender;
  if (typeof login !== "string" || typeof repository.default_branch !== "string") throw other("it does not say who, or which branch");
  return {
    number,
    body: typeof body === "string" ? body : "",
    labeller: { login, isPerson: type === "User" },
    base: repository.default_branch,
  };
}

function other(why: string): ConfigurationError {
  return new ConfigurationError(`the event is not about an accepted issue: ${why}`, { hint: "--event FILE names the event of GitHub's" });
}

import { parse } from "yaml";
import { ConfigurationError } from "../../providers/domain/errors.ts";
import { isObject } from "../../providers/domain/json.ts";
import { listed } from "../../providers/support/words.ts";
import type { Field } from "../adopt/wanted.ts";

/** One question of the form. */
export interface Question {
  readonly field: Field;
  readonly label: string;
  readonly isRequired: boolean;
  /** What can be chosen or ticked, word by word as the form shows it; none for a text. */
  readonly options: readonly string[];
}

/** The questions that an answer is looked for, in the order of the form. */
export type IssueForm = readonly Question[];

const IDS: Readonly<Record<string, Field>> = {
  "serial-numbers": "devices",
  playbook: "playbook",
  reason: "reason",
  ticket: "ticket",
  expires: "expires",
  acknowledge: "acknowledge",
};

/**
 * The form as GitHub reads it: labels and choices are the organisation's, ids are ours. Throws
 * `ConfigurationError` for one that lacks a question, or asks one that nobody would read.
 */
export function parseIssueForm(text: string): IssueForm {
  const form: unknown = parse(text);
  const body = isObject(form) && Array.isArray(form.body) ? (form.body as readonly unknown[]) : [];
  const questions = body
    .filter(isObject)
    .filter(({ type }) => type !== "markdown")
    .map(questionOf);
  const missing = Object.keys(IDS).filter((id) => questions.filter(({ field }) => field === IDS[id]).length !== 1);
  if (missing.length > 0) throw new ConfigurationError(`the issue form has no question, or several, with the id ${listed(missing, "and")}`);
  return questions;
}

function questionOf({ id, attributes, validations }: Readonly<Record<string, unknown>>): Question {
  const field = typeof id === "string" ? IDS[id] : undefined;
  if (field === undefined) throw new ConfigurationError(`the issue form asks ${JSON.stringify(id)}, which becomes nothing of a request`);
  if (!isObject(attributes) || typeof attributes.label !== "string") throw new ConfigurationError(`the question ${field} has no label`);
  const options = Array.isArray(attributes.options) ? (attributes.options as readonly unknown[]) : [];
  return {
    field,
    label: attributes.label,
    isRequired: isObject(validations) && validations.required === true,
    options: options.map((option) => String(isObject(option) ? option.label : option)),
  };
}

/** `unlock: Take the lock off` means `unlock`. */
export function wordOf(option: string): string {
  return option.split(":", 1)[0]?.trim() ?? "";
}

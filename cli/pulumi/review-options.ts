import { rm } from "node:fs/promises";
import { Option } from "commander";
import { printable } from "../../providers/domain/diagnostic.ts";
import { ConfigurationError } from "../../providers/domain/errors.ts";
import { REVIEWED } from "../../providers/domain/run-variables.ts";
import { SAVE_REVIEW } from "../../providers/pulumi/program/review-draft.ts";
import { REVIEW_COMMIT } from "../../providers/pulumi/program/review-facts.ts";
import { REVIEWED_SHA256, readReviewFile } from "../../providers/pulumi/review-gate.ts";
import { sha256 } from "../../review/digest.ts";
import { parseReview } from "../../review/review-text.ts";
import { fromCaller } from "../support/from-caller.ts";
import { takeOption } from "./take-option.ts";

type StackCommand = "up" | "preview";

/** Arguments for Pulumi, and what our processes in it have to know. */
export interface Prepared {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

const SAVE = "--save-review";
const COMMIT = "--review-commit";
const PERFORM = "--reviewed";
const PERFORM_SHA256 = "--reviewed-sha256";

/** The options about reviews, for the help. */
export function reviewOptions(command: StackCommand): readonly Option[] {
  const performing = [
    new Option(`${PERFORM} <FILE>`, "holds back what destroys or escrows and is not in this review as it is now (docs/reviews.md)"),
    new Option(`${PERFORM_SHA256} <HASH>`, "refuses the review where its SHA-256 is another one"),
  ];
  if (command === "up") return performing;
  return [
    new Option(`${SAVE} <FILE>`, "writes what the preview shows as data: for the pull request, and for up --reviewed (docs/reviews.md)"),
    new Option(`${COMMIT} <SHA>`, "the commit that is reviewed (default: the one that is checked out)"),
    ...performing,
  ];
}

/**
 * Takes the options about reviews out of the arguments of `npm run up` and `npm run preview`.
 * Throws `ConfigurationError`.
 */
export async function prepareReview(command: StackCommand, args: readonly string[]): Promise<Prepared> {
  const performing = preparePerforming(command, args);
  if (command === "up") return performing;
  const saving = await prepareSaving(command, performing.args);
  return { args: saving.args, env: { ...performing.env, ...saving.env } };
}

/** Every process of the run reads that very file: it is named with its SHA-256. */
function preparePerforming(command: StackCommand, args: readonly string[]): Prepared {
  const hash = takeOption(args, PERFORM_SHA256);
  const file = takeOption(hash.rest, PERFORM);
  if (file.value === null && hash.value === null) return { args, env: {} };
  const place = fileNamed(command, file.value, PERFORM);
  const text = readReviewFile(place);
  parseReview(text, place);
  const found = sha256(text);
  if (hash.value !== null && hash.value !== found) {
    throw new ConfigurationError(printable(`the SHA-256 of ${place} is ${found}, and not ${hash.value}; nothing was sent`), {
      hint: "the review was changed since it was saved, or is another one: take the one that was approved",
    });
  }
  return { args: file.rest, env: { [REVIEWED]: place, [REVIEWED_SHA256]: found } };
}

/**
 * Removes the file of the option before the preview begins, so that an older review is not taken
 * for this one.
 */
async function prepareSaving(command: StackCommand, args: readonly string[]): Promise<Prepared> {
  const saving = takeOption(args, SAVE);
  const commit = takeOption(saving.rest, COMMIT);
  if (commit.value !== null && !/^[0-9a-f]{7,64}$/.test(commit.value))
    throw new ConfigurationError(printable(`${COMMIT}: ${commit.value} is not the hash of a commit`));
  const ofCommit = commit.value === null ? {} : { [REVIEW_COMMIT]: commit.value };
  if (saving.value === null) return { args: commit.rest, env: ofCommit };
  const file = fileNamed(command, saving.value, SAVE);
  await rm(file, { force: true });
  return { args: commit.rest, env: { [SAVE_REVIEW]: file, ...ofCommit } };
}

/** From the folder in which the command was typed: Pulumi, and npm, run in the project's. */
function fileNamed(command: StackCommand, name: string | null, option: string): string {
  if (name === null || name === "") throw new ConfigurationError(`${option} needs the name of a file`);
  return fromCaller(command, name);
}

import { readFileSync } from "node:fs";
import path from "node:path";
import { SAVE_REVIEW } from "../../providers/pulumi/program/review-draft.ts";
import { BEFORE_UP } from "../../providers/pulumi/review-gate.ts";
import { systemCode } from "../../providers/support/system-code.ts";
import type { Review } from "../../review/review.ts";
import { parseReview } from "../../review/review-text.ts";
import { hasTargets, previewArgs } from "./choose-display.ts";
import { followRun, type RunEnd } from "./follow-run.ts";
import { renderPreview } from "./preview-table.ts";
import { renderSaid } from "./render-said.ts";
import type { Stage } from "./stage.ts";
import { toldBy } from "./told-by.ts";

/** What a preview left behind, after it was shown. */
export interface ShownPreview {
  /** 0 where `up` may follow. */
  readonly code: number;
  /** Null where the preview did not get that far. */
  readonly review: { readonly file: string; readonly text: string } | null;
  /** Warnings that were told. */
  readonly told: ReadonlySet<string>;
  /** The engine would do something, be it only to write something down. */
  readonly hasChanges: boolean;
}

/** Runs Pulumi's preview, and shows it as a table. `saveTo`: where the person wants the review. */
export async function showPreview(stage: Stage, isBeforeUp: boolean, saveTo: string | undefined): Promise<ShownPreview> {
  const file = saveTo ?? path.join(stage.folder, "review.json");
  const details = stage.withDetails ? ["--diff"] : [];
  const end = await followRun({
    ...stage,
    args: ["preview", ...details, ...previewArgs(stage.args)],
    env: { [SAVE_REVIEW]: file, ...(isBeforeUp ? { [BEFORE_UP]: "true" } : {}) },
    isPreview: true,
  });
  const text = readOrNull(file);
  const review = text === null ? null : parseReview(text, file);
  const told = review === null ? new Set<string>() : toldBy(review);
  if (review !== null) stage.print(renderPreview(takingPart(review, end, stage.args), writtenBack(review, end), stage.look));
  stage.print(renderSaid(end, told, () => false, stage.look));
  return { code: end.code, review: text === null ? null : { file, text }, told, hasChanges: hasChanges(end) };
}

/** A program is not told of targets: what they leave out is known to the engine alone. */
function takingPart(review: Review, { view }: RunEnd, args: readonly string[]): Review {
  if (!hasTargets(args)) return review;
  return { ...review, requests: review.requests.filter(({ name }) => isChange(view.operations.get(name))) };
}

/** Requests that state has lost; those that come off a shelf are told of elsewhere. */
function writtenBack(review: Review, { view }: RunEnd): number {
  const open = new Set(review.requests.map(({ name }) => name));
  return [...view.operations].filter(([name, operation]) => operation === "create" && !open.has(name) && !view.shelved.has(name)).length;
}

function hasChanges({ view }: RunEnd): boolean {
  return [...view.operations.values(), ...view.shelfOperations].some(isChange);
}

function isChange(operation: string | undefined): boolean {
  return operation !== undefined && operation !== "same" && operation !== "refresh";
}

function readOrNull(file: string): string | null {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if (systemCode(error) === "ENOENT") return null;
    throw error;
  }
}

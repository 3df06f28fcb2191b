import { readFile } from "node:fs/promises";
import { ConfigurationError } from "../../providers/domain/errors.ts";
import { savesReview } from "../../providers/support/dlr-command.ts";
import type { Review } from "../../review/review.ts";
import { parseReview } from "../../review/review-text.ts";

/** The review in a file, and the file's text. Throws `ConfigurationError`. */
export async function readReview(file: string): Promise<{ readonly text: string; readonly review: Review }> {
  const text = await readFile(file, "utf8").catch((cause: unknown) => {
    throw new ConfigurationError(`the review ${file} cannot be read`, { cause, hint: `${savesReview(undefined)} writes it` });
  });
  return { text, review: parseReview(text, file) };
}

import { randomUUID } from "node:crypto";
import { rename, rm, writeFile } from "node:fs/promises";
import { digestOf } from "../../../review/digest.ts";
import { planOf } from "../../../review/plan-of.ts";
import { REVIEW_FORMAT, type Refusal, type Review } from "../../../review/review.ts";
import { renderReview } from "../../../review/review-text.ts";
import { ConfigurationError } from "../../domain/errors.ts";
import { withoutAnySecret } from "../../domain/likely-secrets.ts";

/**
 * Names the file that a preview's review goes to: `dlr preview --save-review FILE` sets it.
 */
export const SAVE_REVIEW = "DEVICE_LIFECYCLE_SAVE_REVIEW";

/** What a preview learns for its review, bit by bit: a refusal may end it anywhere. */
export class ReviewDraft {
  readonly #file: string | null;
  #known: Partial<Review> = {};

  /** Saves nothing where nobody asked for it. */
  constructor(env: NodeJS.ProcessEnv) {
    this.#file = env[SAVE_REVIEW] || null;
  }

  note(known: Partial<Review>): void {
    this.#known = { ...this.#known, ...known };
  }

  warn(text: string): void {
    this.note({ warnings: [...(this.#known.warnings ?? []), text] });
  }

  /** What is known so far. */
  review(refusals: readonly Refusal[]): Review {
    const unknown = { stack: "", commit: null, at: "", graph: null, tenant: null, ledger: null, guards: null, warnings: [], requests: [] };
    return withoutSecretTexts({ format: REVIEW_FORMAT, ...unknown, ...this.#known, refusals });
  }

  /**
   * Whole or not at all: a review that was cut off would be one of fewer requests. Throws
   * `ConfigurationError`.
   */
  async save(refusals: readonly Refusal[]): Promise<void> {
    if (this.#file === null) return;
    const text = renderReview(this.review(refusals));
    const draft = `${this.#file}.${randomUUID()}`;
    try {
      await writeFile(draft, text, { mode: 0o600, flag: "wx" });
      await rename(draft, this.#file);
    } catch (cause) {
      await rm(draft, { force: true });
      throw new ConfigurationError(`the review cannot be written to ${this.#file}`, { cause, hint: "name a file that can be written" });
    }
  }
}

/**
 * Nothing in a review was read as a secret. What somebody wrote into a file all the same is hidden,
 * and then is not what will be sent.
 */
function withoutSecretTexts(review: Review): Review {
  const text = JSON.stringify(review);
  if (withoutAnySecret(text) === text) return review;
  const hidden = JSON.parse(text, (_, value: unknown) => (typeof value === "string" ? withoutAnySecret(value) : value)) as Review;
  return { ...hidden, requests: hidden.requests.map((request) => ({ ...request, digest: digestOf(planOf(request)) })) };
}

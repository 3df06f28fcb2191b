import type { Review, ReviewedGuards } from "../../../review/review.ts";
import { DAY_MS } from "../../domain/day.ts";
import type { LedgerFacts } from "../../domain/ports.ts";
import { foreignToday } from "../../engine/ledger-look.ts";
import { provenanceOf, readGit } from "../provenance.ts";
import type { Settings } from "../settings.ts";
import type { RunHost } from "./run-host.ts";

/** The commit that is reviewed, where the files of another one lie over those of the folder. */
export const REVIEW_COMMIT = "DEVICE_LIFECYCLE_REVIEW_COMMIT";

/** Which run it is. */
export async function aboutRun(
  root: string,
  env: NodeJS.ProcessEnv,
  { fullStackName }: Pick<RunHost, "fullStackName">,
): Promise<Pick<Review, "stack" | "commit" | "at">> {
  const commit = env[REVIEW_COMMIT] || provenanceOf(env, await readGit(root, env)).commit;
  return { stack: fullStackName, commit, at: new Date().toISOString() };
}

/** `now` in milliseconds. */
export function guardsOf(settings: Settings, ledger: LedgerFacts, now: number): ReviewedGuards {
  const { followOnly, shard, protected: names, maxDestructive, maxDisruptive, countForeign } = settings;
  const others = countForeign ? foreignToday(ledger, now) : 0;
  return {
    requireReview: settings.requireReview,
    followOnly,
    shard: `${shard.index}/${shard.of}`,
    protected: names,
    maxDestructive: { limit: maxDestructive, used: ledger.destroyedSince(now - DAY_MS).size + others },
    maxDisruptive: { limit: maxDisruptive, used: ledger.lockedOutSince(now - DAY_MS).size },
    hold: null,
  };
}

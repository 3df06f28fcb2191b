import "../plain-stack-traces.ts";
import * as pulumi from "../sdk.ts";
import { engineHost } from "./engine-host.ts";
import { orRefuse, RefusedRun, refusalsOf } from "./refuse-run.ts";
import type { OrTell } from "./register-policies.ts";
import { registerRequests, type StackOutputs } from "./register-requests.ts";
import { ReviewDraft } from "./review-draft.ts";
import { survey } from "./survey.ts";
import { watchSurvey } from "./watch-survey.ts";

/**
 * The whole program: everything that may refuse comes first, then each request is registered as one
 * resource.
 */
export function runProgram(root: string, environment: NodeJS.ProcessEnv): Promise<StackOutputs> {
  const orTell: OrTell = (work) => asRunError(() => orRefuse({ root, env: environment }, work));
  const draft = new ReviewDraft(pulumi.isDryRun() ? environment : {});
  const surveyed = () =>
    orRefuse({ root, env: environment }, async () => {
      const host = await engineHost();
      return await watchSurvey(environment, host, () => survey({ root, environment, draft, host }));
    });
  return orTell(async () => registerRequests(await savingReview(draft, surveyed), orTell));
}

/**
 * Saves the review also where a refusal ends the work: people then read the refusal where they
 * review.
 */
async function savingReview<T>(draft: ReviewDraft, work: () => Promise<T>): Promise<T> {
  try {
    const found = await work();
    await draft.save([]);
    return found;
  } catch (error) {
    const refusals = refusalsOf(error);
    if (refusals.length > 0) await draft.save(refusals);
    throw error;
  }
}

/**
 * A `RunError` without a stack is printed as it is and at once; any other error takes Pulumi many
 * seconds to report on Node 24 and buries the text under a stack trace.
 */
async function asRunError<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof RefusedRun)) throw error;
    const told = new pulumi.RunError(error.message);
    // A string is what the type promises and `undefined` what Pulumi checks for.
    Reflect.set(told, "stack", undefined);
    throw told;
  }
}

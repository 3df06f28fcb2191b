import { ConfigurationError, LedgerError } from "../../providers/domain/errors.ts";
import type { JsonObject } from "../../providers/domain/json.ts";
import { requestNameOf } from "../../providers/domain/request.ts";
import { driftWarnings } from "../../providers/pulumi/program/drift-warnings.ts";
import { type OwnState, parseOwnState } from "../../providers/pulumi/program/own-state.ts";
import { orRefuse, RefusedRun } from "../../providers/pulumi/program/refuse-run.ts";
import type { Found } from "../../providers/pulumi/program/register-requests.ts";
import { ReviewDraft } from "../../providers/pulumi/program/review-draft.ts";
import { survey } from "../../providers/pulumi/program/survey.ts";
import { requestName, requestsOfState } from "../../providers/pulumi/shelf-state.ts";
import type { PulumiCommand } from "../pulumi/ask-pulumi.ts";
import type { SetUpOptions } from "../pulumi/options.ts";
import { withPulumi } from "../pulumi/run-pulumi.ts";
import { stackNamed } from "../pulumi/stack-named.ts";
import { exportedResources } from "../support/exported-state.ts";
import type { StackSettings } from "../support/stack-settings.ts";
import { withPassphrase } from "./ask-passphrase.ts";
import { FAST, refuseOfEngine } from "./fast-words.ts";
import { renderPreview } from "./preview-table.ts";
import { renderSaid } from "./render-said.ts";
import { RunView } from "./run-view.ts";
import { openStage, type Stage } from "./stage.ts";
import { toldBy } from "./told-by.ts";

type Before = (pulumi: PulumiCommand) => Promise<StackSettings>;

/**
 * `dlr preview --fast`: the survey of the program, in this process, shown as any other preview.
 * Gives the exit code. Throws `ConfigurationError` for options that only a whole preview has.
 */
export async function previewFast(args: readonly string[], before: Before, options: Omit<SetUpOptions, "signal">): Promise<number> {
  refuseOfEngine(args);
  return await withPulumi(options, async (found) => {
    const pulumi = await withPassphrase(found, args);
    const named = stackNamed(args);
    // At once: each is a start of Pulumi's CLI, and most of this command's time.
    const [settings, early] = await Promise.all([before(pulumi), named === null ? null : exportedResources(pulumi, named)]);
    if (settings.unseen.keys.length > 0)
      throw new ConfigurationError(`${FAST} cannot read ${settings.unseen.keys.join(", ")}`, { hint: "set PULUMI_CONFIG_PASSPHRASE" });
    const state = known(settings, named === null ? await exportedResources(pulumi, settings.stack) : early);
    const stage = openStage(settings, options.env, { pulumi, args, withDetails: false, folder: "", saveRun: null });
    return show(stage, settings, state);
  });
}

const NOT_ASKED =
  "Pulumi's engine was not asked: policies and targets are unknown here, and nothing is saved. Without --fast the preview asks it.";

async function show(stage: Stage, settings: StackSettings, state: readonly JsonObject[]): Promise<number> {
  const view = new RunView();
  const say = (severity: "error" | "warning", text: string, name: string | null = null) =>
    view.see({ kind: "diagnostic", severity, text, name }, true);
  const draft = new ReviewDraft({});
  const end = await surveyed(stage, settings, { draft, state, warn: (text) => say("warning", text) });
  if (end instanceof RefusedRun) say("error", end.message);
  else for (const { name, text } of driftIn(end, state)) say("warning", text, name);
  const review = draft.review(end instanceof RefusedRun ? end.refusals : []);
  const code = end instanceof RefusedRun ? end.code : 0;
  stage.print(renderPreview(review, end instanceof RefusedRun ? 0 : writtenBack(end, state), stage.look));
  stage.print(renderSaid({ code, view, display: "" }, toldBy(review), () => false, stage.look));
  stage.print([NOT_ASKED]);
  return code;
}

interface Listened {
  readonly draft: ReviewDraft;
  readonly state: readonly JsonObject[];
  readonly warn: (text: string) => void;
}

/** Refusals are values: they are shown where a preview shows them. */
async function surveyed({ pulumi }: Stage, settings: StackSettings, { draft, state, warn }: Listened): Promise<Found | RefusedRun> {
  const { root } = pulumi;
  const environment = { ...pulumi.env };
  const host = {
    isPreview: true,
    configuration: settings.values,
    project: settings.project,
    stack: settings.stack,
    fullStackName: settings.stack,
    readOwnState: async () => knownState(state),
    warn: async (text: string) => warn(text),
    // Only a run that records is red by itself.
    error: async (text: string) => warn(text),
  };
  try {
    return await orRefuse({ root, env: environment }, () => survey({ root, environment, draft, host }));
  } catch (error) {
    if (error instanceof RefusedRun) return error;
    throw error;
  }
}

function known({ stack }: StackSettings, state: readonly JsonObject[] | null): readonly JsonObject[] {
  if (state !== null) return state;
  throw new LedgerError(`the state of stack ${stack} cannot be read to hold the ledger against it`, {
    hint: "`pulumi stack export` shows whether the backend can be reached",
  });
}

/** Requests that have ended, and that state does not know. */
function writtenBack({ entries }: Found, state: readonly JsonObject[]): number {
  const known = new Set(knownState(state).requests.map(({ key }) => requestNameOf(key)));
  return entries.filter(({ isEnded, request }) => isEnded && !known.has(request.name)).length;
}

function driftIn({ entries }: Found, state: readonly JsonObject[]): readonly { readonly name: string; readonly text: string }[] {
  const outputs = new Map(requestsOfState(state.map((resource) => resource.outputs)).map((own) => [requestName(own), own]));
  return entries.flatMap(({ request }) => {
    const own = outputs.get(request.name);
    return own !== undefined ? driftWarnings(own, request).map((text) => ({ name: request.name, text })) : [];
  });
}

function knownState(state: readonly JsonObject[]): OwnState {
  return parseOwnState(Object.fromEntries(state.map((resource) => [typeof resource.urn === "string" ? resource.urn : "", resource])));
}

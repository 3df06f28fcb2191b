import { expect, test } from "@jest/globals";
import { GraphReadError } from "../../providers/domain/errors.ts";
import type { LifecycleRequest } from "../../providers/domain/request.ts";
import { withDriftRepeats } from "../../providers/pulumi/program/drift-repeats.ts";
import { previewActs } from "../../providers/pulumi/program/preview-acts.ts";
import type { KnownState } from "../../providers/rules/known-ledger-rules.ts";
import { World } from "../support/fakes.ts";
import { settings } from "../support/fakes-pulumi.ts";
import { AT, begun, escrowed, finished, outcome } from "../support/fakes-records.ts";
import { jobOf, lifecycleRequest } from "../support/fakes-requests.ts";
import { entryOf } from "../support/fakes-resolved.ts";
import { factsOf } from "../support/ledger-contents.ts";

const NOW = Date.parse(AT);
const DRIFT = "the device has another Activation Lock bypass code than the one in escrow";
const STEPS = ["escrowBypassCode"];
const { plan } = jobOf(lifecycleRequest(STEPS));
const RECORDS = [begun(plan), escrowed(0), finished(0), outcome("succeeded")];
const REPEATS = { steps: STEPS, onDrift: "repeat" } as const;

function entry(request: Partial<Omit<LifecycleRequest, "steps">> & { readonly steps: readonly string[] } = REPEATS, records = RECORDS) {
  return entryOf(request, { records, isEnded: true });
}

const stateOf = (key = plan.key) => ({ requests: [{ key, calls: [], drift: DRIFT }], ledger: undefined });

async function opened(one = entry(), state: KnownState = stateOf(), changes = {}) {
  const world = new World();
  const found = await withDriftRepeats([one], state, world.graph, { settings: settings(changes), now: NOW });
  return { world, found };
}

test("what up does anew for drift is shown as what up does", async () => {
  const { world, found } = await opened();

  expect(found[0]?.isEnded).toBe(false);
  const facts = { settings: settings(), ledgerFacts: factsOf(...RECORDS), hold: null, unreviewed: () => null, now: NOW };
  const { graphClock } = world.ports;
  const ports = { actions: world.graph, directory: world.graph, ledger: world.ledger, graphClock, canResendSecrets: true };
  const acts = await previewActs(found, ports, facts);
  expect(acts.get("leeds-leaver-0042")).toMatchObject({ kind: "acts", text: "escrows the bypass code" });
});

test.each<[string, Parameters<typeof opened>]>([
  ["that only reports drift", [entry({ steps: STEPS })]],
  ["without drift", [entry(), { requests: [{ key: plan.key, calls: [] }], ledger: undefined }]],
  ["of which the drift is another generation's", [entry(), stateOf("leeds-leaver-0042#2")]],
  ["that failed", [entry(REPEATS, [begun(plan), outcome("failed")])]],
  ["in a run that only follows", [entry(), stateOf(), { followOnly: true }]],
])("a request stays ended %s", async (_, args) => {
  const { found } = await opened(...args);

  expect(found).toEqual([args[0]]);
});

test("a device that Graph does not show is unreadable, and not gone", async () => {
  const error = new GraphReadError("Graph did not answer");
  const directory = { observe: () => Promise.reject(error) };

  const [found] = await withDriftRepeats([entry()], stateOf(), directory, { settings: settings(), now: NOW });

  expect(found).toMatchObject({ device: undefined, unreadable: error, isEnded: false });
});

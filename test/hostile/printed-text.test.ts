import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { renderEntry } from "../../cli/reveal/render-entry.ts";
import { renderEvidence } from "../../cli/settle/render-evidence.ts";
import { renderTally, renderUndone } from "../../cli/support/render-fold.ts";
import { renderRequest } from "../../cli/support/render-request.ts";
import { printable, printableJson, renderDiagnostic } from "../../providers/domain/diagnostic.ts";
import { ConfigurationError } from "../../providers/domain/errors.ts";
import { historyOf, stepOf } from "../../providers/engine/history.ts";
import { renderCard } from "../../providers/pulumi/program/card.ts";
import { lackingPermissions } from "../../providers/pulumi/program/lacking-permissions.ts";
import { outcomeMessageOf } from "../../providers/pulumi/program/outcome-message.ts";
import type { ResolvedRequest } from "../../providers/pulumi/program/resolved-request.ts";
import { withoutStack } from "../../providers/pulumi/provider/failure.ts";
import { IPAD } from "../support/fakes-devices.ts";
import { adopted, begun, edited, escrowed, finished, intent, outcome, repeated, result, settled } from "../support/fakes-records.ts";
import { jobOf, lifecycleRequest, UNLOCK_AND_WIPE } from "../support/fakes-requests.ts";
import { findSteering, hostileText, isPipelineCommand, SEED } from "../support/hostile-text.ts";

const AT = { file: "devices/requests/a.yaml", line: 3, column: 2 };

/** Everything that prints what somebody else wrote, with one text in all of its places. */
const PRINTED: Readonly<Record<string, (text: string) => string | Promise<string>>> = {
  "a mistake, its line and its help": (text) =>
    renderDiagnostic({
      code: "DLR011",
      severity: "error",
      location: { ...AT, file: `devices/requests/${text}.yaml` },
      message: text,
      hint: text,
      sourceLine: text,
    }),
  "a card": (text) =>
    renderCard(resolved(text), { kind: "ends", verdict: { outcome: "failed", reason: text, message: text }, text }, [text]),
  "what a run tells of a request": (text) => {
    const finished = { type: "Finished", status: "True", reason: text, message: text, lastTransitionTime: "" } as const;
    return outcomeMessageOf("failed", [finished], false).text;
  },
  "what a provider throws": (text) =>
    withoutStack(new ConfigurationError(oneLine(text), { hint: `write ${oneLine(text)}` }), { root: "nowhere", env: {} }).message,
  "what a token lacks": async (text) => {
    const answer = { kind: "missing", permission: text, signIn: text, why: text } as const;
    const warnings = await lackingPermissions([resolved(text)], { permission: async () => answer });
    return [...warnings.values()].join("\n");
  },
  "records of the ledger": (text) => renderRequest(`${text}#1`, recordsWith(text)),
  "a list of the ledger": (text) => {
    const members = [0, 1].map((one) => ({ key: `${text}/${one}#1`, name: `${text}/${one}`, generation: 1, records: recordsWith(text) }));
    return [renderTally(text, members), ...renderUndone(members)].join("\n");
  },
  "evidence to settle by": (text) => {
    const step = { index: 0, action: "wipe", parameters: { a: text } };
    const state = stepOf(historyOf([intentWith(text), result(0, "unknown", { detail: text, requestId: text })]), step);
    if (state.kind !== "inDoubt") throw new TypeError("the step is not in doubt");
    const doubt = { step, state };
    return renderEvidence(text, doubt, recordsWith(text));
  },
  "what a revealed secret is of": (text) => {
    const device = { id: text, serialNumber: text, enrolledDateTime: text };
    return renderEntry({ kind: text as "passcode", requestKey: text, device, deviceName: text, capturedAt: text }, 0).join("\n");
  },
};

function resolved(text: string): ResolvedRequest {
  const request = lifecycleRequest(UNLOCK_AND_WIPE, { reason: text, ticket: text });
  const device = { ...IPAD, deviceName: text, model: text, userPrincipalName: text, osVersion: text, serialNumber: text };
  return {
    request,
    history: historyOf([outcome("failed", { message: text })]),
    plan: jobOf(request).plan,
    device,
    unreadable: null,
    isEnded: false,
  };
}

function intentWith(text: string) {
  const snapshot = [{ actionName: text, actionState: "done", startDateTime: text, lastUpdatedDateTime: text } as const];
  return intent(0, { clientRequestId: text, snapshot, managementState: text });
}

function recordsWith(text: string) {
  const old = { actionName: text, actionState: "pending", startDateTime: text, lastUpdatedDateTime: text } as const;
  const why = { reason: text, ticket: text, source: text, commit: text, pullRequest: text, ciRun: text, who: text };
  return [
    begun(undefined, { why }),
    edited({ why }),
    intentWith(text),
    result(0, "unknown", { detail: text, requestId: text }),
    settled(0, "taken", { who: text, why: text }),
    adopted(0, { result: old }),
    escrowed(0, { reference: text }),
    finished(0, "done", { detail: text }),
    repeated({ reason: text }),
    outcome("failed", { reason: text, message: text }),
  ];
}

const ATTACKED = "##vso[task.setvariable variable=a]b";

/** Errors of ours may have lines of their own; what is put into them comes as one. */
function oneLine(text: string): string {
  return text.replaceAll("\n", " ");
}

describe("whoever wrote a text, it steers no terminal, is no command to a pipeline and makes no line, in", () => {
  test.each(Object.entries(PRINTED))("%s", async (_, print) => {
    const lines = (await print("x")).split("\n").length;

    await fc.assert(
      fc.asyncProperty(hostileText, async (text) => {
        const printed = await print(text);

        expect(findSteering(printed)).toEqual([]);
        expect(printed.split("\n")).toHaveLength(lines);
      }),
      { numRuns: 150, seed: SEED },
    );
  });
});

test("what is made harmless once stays as it is", () => {
  fc.assert(
    fc.property(hostileText, (text) => {
      expect(printable(printable(text))).toBe(printable(text));
    }),
    { numRuns: 500, seed: SEED },
  );
});

test("JSON says the same as before, and no line of it is a command", () => {
  fc.assert(
    fc.property(fc.record({ [ATTACKED]: hostileText, list: fc.array(hostileText) }), (value) => {
      const text = printableJson(value);

      expect(JSON.parse(text)).toEqual(value);
      expect(text.split("\n").filter(isPipelineCommand)).toEqual([]);
      expect(findSteering(text)).toEqual([]);
    }),
    { numRuns: 300, seed: SEED },
  );
});

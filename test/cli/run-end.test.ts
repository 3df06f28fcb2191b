import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { parseEvent } from "../../cli/shown/engine-events.ts";
import type { Look } from "../../cli/shown/look.ts";
import { renderSaid } from "../../cli/shown/render-said.ts";
import { renderEnd } from "../../cli/shown/run-end.ts";
import { RunView } from "../../cli/shown/run-view.ts";
import { commandWriter } from "../../cli/support/command-writer.ts";
import type { Outcome } from "../../providers/domain/outcome.ts";
import { shelfOutputs, urnOf } from "../support/fakes-shelf.ts";
import { findSteering, hostileText, SEED } from "../support/hostile-text.ts";

const LOOK: Look = { width: 100, color: false, details: "./dlr preview prod --details" };
const PLACE = { cloud: "global", write: commandWriter({ stack: "prod" }, "posix") } as const;
const URN = "urn:pulumi:prod::device-lifecycle::pulumi-nodejs:dynamic/intune:DeviceLifecycle::";
const STACK = "urn:pulumi:prod::device-lifecycle::pulumi:pulumi:Stack::device-lifecycle-prod";

/** A line of the engine's event log for a request that has come to its end. */
function ended(name: string, outcome: Outcome, message = "", { op = "create", reason = "Why", device = {} } = {}): string {
  const facts = { id: `id-of-${name}`, deviceName: "Leeds iPad 0042", serialNumber: "DMPXK2ABCDEF", ...device };
  const conditions = [{ type: "Finished", status: "False", reason, message }];
  const outputs = { outcome, conditions, device: facts, request: { name, source: "devices/requests/a.yaml:2" } };
  return JSON.stringify({ resOutputsEvent: { metadata: { op, urn: `${URN}${name}`, type: URN.split("::")[2], new: { outputs } } } });
}

const diagnostic = (severity: string, message: string, urn = STACK) => JSON.stringify({ diagnosticEvent: { severity, message, urn } });

function viewOf(...lines: readonly string[]): RunView {
  const view = new RunView();
  view.hear({ kind: "open", requests: lines.length });
  for (const line of lines) {
    const event = parseEvent(line);
    if (event !== null) view.see(event, false);
  }
  return view;
}

const linesOf = (view: RunView, look = LOOK) => renderEnd(view, PLACE, look).join("\n");

describe("golden", () => {
  test.each<[string, RunView]>([
    ["up-done", viewOf(ended("a", "succeeded"), ended("b", "succeeded"))],
    [
      "up-36",
      viewOf(
        ...Array.from({ length: 34 }, (_, index) => ended(`summer/DMP${index}`, "succeeded")),
        ended("leeds-leaver-0042", "failed", "Graph refused wipe (403 Forbidden): the caller may not do this"),
        ended("too-late", "expired", "expired at the end of 2026-11-01 (UTC), before wipe"),
      ),
    ],
    [
      "up-mixed",
      viewOf(
        ...Array.from({ length: 31 }, (_, index) => ended(`done-${index}`, "succeeded")),
        ended("late", "expired", "expired at the end of 2026-11-01 (UTC), before wipe"),
        ended("refused", "failed", "Graph refused wipe: 403 Forbidden (request-id 0f1e2d3c), and says: the device is not managed any more"),
        ended("waits-1", "pending", "Graph took wipe, and the device has not reported yet; run up again to follow it", {
          reason: "Reported",
        }),
        ended("waits-2", "pending", "Graph took retire, and the device has not reported yet", { reason: "Reported" }),
        ended("doubt", "ambiguous", "nobody can tell whether wipe was taken"),
        ended("second-eyes", "awaitingApproval", "wipe waits for another administrator"),
        ended("signs", "awaitingSignIn", "wipe needs DeviceManagementManagedDevices.PrivilegedOperations.All"),
      ),
    ],
  ])("%s (UPDATE_GOLDEN=1 writes it)", (name, view) => {
    const text = `${linesOf(view)}\n`;
    const file = path.resolve(import.meta.dirname, "golden", `${name}.txt`);
    if (process.env.UPDATE_GOLDEN === "1") writeFileSync(file, text);

    expect(text).toBe(readFileSync(file, "utf8"));
  });
});

describe("the last block", () => {
  test("counts requests that the engine left as they were, and those whose run broke", () => {
    const broke = JSON.stringify({ resOpFailedEvent: { metadata: { urn: `${URN}broken`, op: "create" } } });
    const same = ended("old", "succeeded", "", { op: "same" });

    expect(linesOf(viewOf(same, ended("new", "succeeded"), broke))).toBe("3 requests: 2 done, 1 broke off");
  });

  test("counts those of the stack's outputs that no event told", () => {
    const outputs = { requests: { a: "succeeded", b: "failed" } };
    const stack = { resOutputsEvent: { metadata: { op: "update", urn: STACK, type: "pulumi:pulumi:Stack", new: { outputs } } } };

    expect(linesOf(viewOf(JSON.stringify(stack)))).toBe("2 requests: 1 done, 1 failed");
  });

  test("forgets requests that were removed", () => {
    expect(linesOf(viewOf(ended("gone", "failed", "", { op: "delete" }), ended("a", "succeeded")))).toBe("1 request: 1 done");
  });

  test("names no page in the admin center for a double of Graph, and each cloud's own otherwise", () => {
    const view = viewOf(ended("a", "failed"));
    const lines = (cloud: "usGovernment" | null) => renderEnd(view, { ...PLACE, cloud }, LOOK).join("\n");

    expect(lines(null)).not.toContain("https://");
    expect(lines("usGovernment")).toContain(
      "https://intune.microsoft.us/#view/Microsoft_Intune_Devices/DeviceSettingsMenuBlade/~/overview/mdmDeviceId/id-of-a",
    );
  });

  test("tells what failed of each, and what waits for the same reason together", () => {
    const failed = Array.from({ length: 3 }, (_, index) => ended(`f-${index}`, "failed", `device ${index} said no`));
    const waiting = Array.from({ length: 40 }, (_, index) =>
      ended(`w-${index}`, "pending", `device ${index} is silent`, { reason: "Silent" }),
    );
    const text = linesOf(viewOf(...failed, ...waiting));

    for (const number of [0, 1, 2]) expect(text).toContain(`device ${number} said no`);
    expect(text).toContain("pending  40 requests: w-0, w-1, w-2 and 37 more");
  });

  test("says how many are left out, and the command that lists them", () => {
    const failed = Array.from({ length: 25 }, (_, index) => ended(`f-${index}`, "failed", `device ${index} said no`));

    expect(linesOf(viewOf(...failed))).toContain("and 15 more: ./dlr status prod --failed");
    expect(linesOf(viewOf(...failed, ended("w", "pending")))).toContain("and 16 more: ./dlr status prod --failed --waiting");
  });

  test("steers no terminal and no pipeline, whatever devices and servers say", () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const view = viewOf(ended(text, "failed", text, { device: { deviceName: text, id: text } }), diagnostic("error", text));
        const said = renderSaid({ code: 1, view, display: text }, new Set(), () => false, LOOK);
        expect(findSteering([linesOf(view), ...said].join("\n"))).toEqual([]);
      }),
      { seed: SEED },
    );
  });
});

describe("a shelf", () => {
  const begins = (op: string, ...names: readonly string[]) =>
    JSON.stringify({
      resourcePreEvent: {
        metadata: { op, urn: urnOf("s"), old: { outputs: shelfOutputs(...names.map((name) => ({ request: { name } }))) } },
      },
    });

  test("is told of by what the engine does with it, and by who stood on it before", () => {
    const view = viewOf(begins("update", "a", "b"), begins("create"), begins("same", "c"));

    expect(view.shelfOperations).toEqual(["update", "create", "same"]);
    expect([...view.shelved]).toEqual(["a", "b"]);
    expect(view.operations.size).toBe(0);
  });
});

describe("what was said", () => {
  const saidOf = (code: number, display: string, told: readonly string[], ...lines: readonly string[]) =>
    renderSaid({ code, view: viewOf(...lines), display }, new Set(told), () => false, LOOK).join("\n");

  test("is told once, however many resources said it, without Pulumi's colours", () => {
    const text = "<{%fg 1%}>policy pack is broken<{%reset%}>\n";

    expect(saidOf(1, "", [], diagnostic("error", text), diagnostic("error", text))).toBe("error: policy pack is broken");
  });

  test("names the requests that it was said of", () => {
    const lines = ["a", "b", "c", "d", "e"].map((name) => diagnostic("warning", "drifted", `${URN}${name}`));

    expect(saidOf(0, "", [], ...lines)).toBe("a, b, c and 2 more\n  warning: drifted");
  });

  test("keeps the lines of an error, all of them", () => {
    const refusal = `${Array.from({ length: 200 }, (_, index) => `a.yaml:${index}:1: error DLR301: no device`).join("\n")}\n\n200 mistakes`;

    expect(saidOf(1, "", [], diagnostic("error", refusal))).toBe(`error: ${refusal}`);
  });

  test("does not say again what was told, nor what the engine says of every red run", () => {
    const own = "an unhandled error occurred: Program exited with non-zero exit code: 1";

    expect(saidOf(1, "", ["known"], diagnostic("warning", "known"), diagnostic("error", own), ended("a", "failed"))).toBe("");
  });

  test("is all that Pulumi wrote where nothing else says why a run failed", () => {
    const own = "an unhandled error occurred: Program exited with non-zero exit code: 1";

    expect(saidOf(1, "node: bad option\n", [], diagnostic("error", own))).toBe("node: bad option");
    expect(saidOf(0, "node: bad option\n", [])).toBe("");
    expect(saidOf(255, "the stack is locked\n", [])).toBe("the stack is locked");
  });

  test("of a policy is an error where it is mandatory", () => {
    const policy = (enforcementLevel: string) =>
      JSON.stringify({ policyEvent: { enforcementLevel, policyName: "tickets", message: "no ticket", resourceUrn: `${URN}a` } });

    expect(saidOf(1, "", [], policy("mandatory"))).toBe("a\n  error: tickets: no ticket");
    expect(saidOf(0, "", [], policy("advisory"))).toBe("a\n  warning: tickets: no ticket");
  });
});

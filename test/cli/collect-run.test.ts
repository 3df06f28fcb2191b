import { describe, expect, test } from "@jest/globals";
import { collectRefusal, collectRun } from "../../cli/notify/collect-run.ts";
import { parseEvent } from "../../cli/shown/engine-events.ts";
import { RunView } from "../../cli/shown/run-view.ts";
import type { DriftFinding } from "../../providers/domain/drift.ts";
import type { Outcome } from "../../providers/domain/outcome.ts";
import { SHELF_TYPE } from "../../providers/domain/project.ts";
import { shelfOutputs, urnOf } from "../support/fakes-shelf.ts";

const TYPE = "pulumi-nodejs:dynamic/intune:DeviceLifecycle";
const BEFORE = "2026-11-20T11:59:59.999Z";
const DURING = "2026-11-20T12:00:01.000Z";
const TIMES = { stack: "prod", startedAt: Date.parse("2026-11-20T12:00:00.000Z"), endedAt: Date.parse("2026-11-20T12:05:00.000Z") };

interface Ended {
  readonly since?: string;
  readonly op?: string;
  readonly reason?: string;
  readonly drift?: readonly Partial<DriftFinding>[];
}

function outputsOf(name: string, outcome: Outcome, { since = DURING, reason = "Why", drift = [] }: Ended = {}) {
  return {
    outcome,
    conditions: [{ type: "Finished", status: "False", reason, message: `${name} it is`, lastTransitionTime: since }],
    device: { id: "id", deviceName: "Leeds iPad 0042", serialNumber: "DMPXK2ABCDEF" },
    request: { name, generation: 2, source: "devices/requests/a.yaml:2", ticket: "INC-4711" },
    drift,
  };
}

function ended(name: string, outcome: Outcome, more: Ended = {}): string {
  const { op = "update" } = more;
  const outputs = outputsOf(name, outcome, more);
  return JSON.stringify({ resOutputsEvent: { metadata: { op, urn: urnOf(name, TYPE), type: TYPE, new: { outputs } } } });
}

/** A shelf that the engine is through with. */
function shelf(op: string, ...requests: readonly ReturnType<typeof outputsOf>[]): string {
  const outputs = shelfOutputs(...requests);
  return JSON.stringify({ resOutputsEvent: { metadata: { op, urn: urnOf("s"), type: SHELF_TYPE, new: { outputs } } } });
}

const error = (message: string) => JSON.stringify({ diagnosticEvent: { severity: "error", message, urn: "" } });

function collected(code: number, ...lines: readonly string[]) {
  const view = new RunView();
  for (const line of lines) {
    const event = parseEvent(line);
    if (event !== null) view.see(event, false);
  }
  return collectRun({ code, view }, TIMES);
}

const finding = (kind: DriftFinding["kind"], state: DriftFinding["state"]): DriftFinding => ({
  kind,
  state,
  about: "device",
  message: "so it is",
  firstSeen: DURING,
  lastSeen: DURING,
});

describe("what a run has to tell", () => {
  test("is how requests came to stand in it, and not what an earlier run told", () => {
    const run = collected(
      4,
      ended("a", "failed"),
      ended("b", "failed", { since: BEFORE }),
      ended("c", "succeeded", { op: "same", since: BEFORE }),
    );

    expect(run).toMatchObject({
      format: 1,
      stack: "prod",
      at: "2026-11-20T12:05:00.000Z",
      exitCode: 4,
      totals: { failed: 2, succeeded: 1 },
    });
    expect(run.events).toEqual([
      {
        kind: "outcome",
        id: expect.stringMatching(/^[0-9a-f]{32}$/),
        at: DURING,
        stack: "prod",
        request: "a",
        generation: 2,
        outcome: "failed",
        reason: "Why",
        message: "a it is",
        device: { id: "id", serialNumber: "DMPXK2ABCDEF", deviceName: "Leeds iPad 0042" },
        ticket: "INC-4711",
      },
    ]);
  });

  test("is drift that it saw first, or saw the end of; what state only remembers is not", () => {
    const drift = [finding("LeftIntune", "new"), finding("EnrolledAnew", "resolved"), finding("BypassCodeChanged", "known")];
    const looked = collected(0, ended("a", "succeeded", { op: "refresh", since: BEFORE, drift }));
    const remembered = collected(0, ended("a", "succeeded", { op: "same", since: BEFORE, drift }));

    expect(looked.events).toMatchObject([
      { kind: "drift", request: "a", finding: "LeftIntune", state: "new", at: DURING },
      { kind: "drift", request: "a", finding: "EnrolledAnew", state: "resolved", at: "2026-11-20T12:05:00.000Z" },
    ]);
    expect(remembered.events).toEqual([]);
  });

  test("is the same of requests on a shelf", () => {
    const drift = [finding("LeftIntune", "new"), finding("EnrolledAnew", "known")];
    const on = (op: string) =>
      collected(0, shelf(op, outputsOf("a", "succeeded", { since: BEFORE, drift }), outputsOf("b", "succeeded", { since: BEFORE })));

    expect(on("refresh").events).toMatchObject([{ kind: "drift", request: "a", finding: "LeftIntune" }]);
    for (const op of ["refresh", "same", "update", "create"]) expect(on(op).totals).toEqual({ succeeded: 2 });
    for (const op of ["same", "update", "create", "delete"]) expect(on(op).events).toEqual([]);
    expect(on("delete").totals).toEqual({});
  });

  test("is the brake, once for all that it held", () => {
    const { events } = collected(0, ended("a", "pending", { reason: "Brake" }), ended("b", "pending", { reason: "Brake" }));

    expect(events.filter(({ kind }) => kind === "brake")).toMatchObject([{ state: "held", reason: "a it is", held: ["a", "b"] }]);
  });

  test("is that it broke, with its first errors, unless its requests say so", () => {
    const broke = collected(3, error("no ledger"), error("b"), error("c"), error("d"));

    expect(broke.events).toMatchObject([{ kind: "run", exitCode: 3, errors: ["no ledger", "b", "c"] }]);
    expect(collected(4, error("a failed"), ended("a", "failed")).events.map(({ kind }) => kind)).toEqual(["outcome"]);
  });

  test("is the same under the same id when the same run is told again", () => {
    const lines = [ended("a", "failed"), ended("b", "succeeded")];

    expect(collected(4, ...lines).events).toEqual(collected(4, ...lines).events);
  });

  test("is no secret of an error", () => {
    process.env.SOME_SECRET_TOKEN = "9Z8Y7-XWVUT-SRQPO";
    try {
      expect(JSON.stringify(collected(3, error("said 9Z8Y7-XWVUT-SRQPO")))).not.toContain("9Z8Y7");
    } finally {
      delete process.env.SOME_SECRET_TOKEN;
    }
  });
});

test("a run that its preview refused says so", () => {
  expect(collectRefusal(1, "prod", TIMES.endedAt)).toMatchObject({ exitCode: 1, events: [{ kind: "run", exitCode: 1 }] });
});

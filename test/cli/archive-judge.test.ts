import { describe, expect, test } from "@jest/globals";
import { entriesOf } from "../../cli/archive/entry.ts";
import { judgeEntries } from "../../cli/archive/judge-entries.ts";
import type { LifecycleRequest } from "../../providers/domain/request.ts";
import { requestKey } from "../../providers/domain/request.ts";
import type { RequestRecord } from "../../providers/domain/request-record.ts";
import { editionOf } from "../../providers/pulumi/edition.ts";
import { AT, adopted, begun, finished, intent, outcome, repeated, result, settled } from "../support/fakes-records.ts";
import { lifecycleRequest } from "../support/fakes-requests.ts";

const BEFORE = Date.parse(AT) + 1;

const request = (name: string, changes: Partial<LifecycleRequest> = {}) => lifecycleRequest(["wipe"], { name, ...changes });

/** A story under the key of a request, with the edition that the request has. */
function of(one: LifecycleRequest, story: readonly RequestRecord[]): readonly RequestRecord[] {
  return story.map((record) => ({ ...record, key: requestKey(one), ...(record.kind === "outcome" ? { edition: editionOf(one) } : {}) }));
}

const DONE = [begun(), intent(0), result(0, "accepted"), finished(0), outcome("succeeded")];

function judge(
  requests: readonly LifecycleRequest[],
  records: readonly RequestRecord[],
  before = BEFORE,
): Readonly<Record<string, string>> {
  const judged = judgeEntries(entriesOf(requests), records, before);
  return Object.fromEntries(judged.map((one) => [one.entry.name, one.kind === "goes" ? "goes" : one.stay]));
}

describe("what may be archived", () => {
  test.each<[string, readonly RequestRecord[], string]>([
    ["done", DONE, "goes"],
    ["failed, and refused by Graph", [begun(), intent(0), result(0, "refused"), outcome("failed")], "goes"],
    ["expired, and nothing was sent", [begun(), outcome("expired")], "goes"],
    ["settled, and ended since", [begun(), intent(0), result(0, "unknown"), settled(0, "not-taken"), outcome("failed")], "goes"],
    ["unknown to the ledger", [], "unfinished"],
    ["begun", [begun()], "unfinished"],
    ...(["pending", "ambiguous", "awaitingApproval", "awaitingSignIn"] as const).map((word): [string, readonly RequestRecord[], string] => [
      word,
      [begun(), intent(0), result(0, "accepted"), outcome(word)],
      "unfinished",
    ]),
    ["gone on with since it ended", [...DONE, repeated()], "unfinished"],
    ["expired while Graph has it", [begun(), intent(0), result(0, "accepted"), outcome("expired")], "open"],
    ["failed while an answer is missing", [begun(), intent(0), outcome("failed")], "open"],
    ["failed while somebody may still approve", [begun(), intent(0), result(0, "approvalRequired"), outcome("failed")], "open"],
    ["expired while what it took over is under way", [begun(), adopted(0), outcome("expired")], "open"],
    ["of a time that cannot be read", [begun(), finished(0), outcome("succeeded", { at: "soon" })], "recent"],
  ])("%s", (_, story, expected) => {
    const one = request("one");

    expect(judge([one], of(one, story))).toEqual({ one: expected });
  });

  test("another generation that was begun, and has sent nothing yet, holds its request", () => {
    const [one, second] = [request("one"), request("one", { generation: 2 })];

    expect(judge([one], [...of(one, DONE), ...of(second, [begun(), outcome("pending")])])).toEqual({ one: "open" });
  });

  test("a passcode that may still be reported holds its request, though it destroys nothing", () => {
    const one = lifecycleRequest(["resetPasscode"], { name: "one" });
    const reset = intent(0, { action: "resetPasscode", destroysData: false });

    expect(judge([one], of(one, [begun(), reset, result(0, "accepted"), outcome("expired")]))).toEqual({ one: "open" });
  });

  test("what ended at the instant or later stays", () => {
    const one = request("one");

    expect(judge([one], of(one, DONE), Date.parse(AT))).toEqual({ one: "recent" });
  });

  test("what was edited since it failed runs again; what succeeded never does", () => {
    const [one, two] = [request("one"), request("two")];
    const records = [...of(one, [begun(), outcome("failed")]), ...of(two, DONE)];

    expect(
      judge(
        [
          { ...one, ticket: "INC-2" },
          { ...two, ticket: "INC-2" },
        ],
        records,
      ),
    ).toEqual({ one: "unfinished", two: "goes" });
  });

  test("an older generation in doubt keeps the newer one", () => {
    const second = request("one", { generation: 2 });
    const first = of(request("one"), [begun(), intent(0), result(0, "unknown"), outcome("ambiguous")]);

    expect(judge([second], [...first, ...of(second, DONE)])).toEqual({ one: "open" });
  });

  test("what is done anew when the device drifts is never through", () => {
    const one = request("one", { onDrift: "repeat" });

    expect(judge([one], of(one, DONE))).toEqual({ one: "drift" });
  });

  test("a list goes when the last of its devices has finished, and not before", () => {
    const [a, b, c] = [request("summer/A"), request("summer/B"), request("summer/C")];
    const two = [...of(a, DONE), ...of(b, DONE)];
    const late = of(c, [begun(), outcome("succeeded", { at: "2026-11-25T12:00:00.000Z" })]);

    expect(judge([a, b], two)).toEqual({ summer: "goes" });
    expect(judge([a, b, c], two)).toEqual({ summer: "unfinished" });
    expect(judge([a, b, c], [...two, ...late])).toEqual({ summer: "recent" });
  });

  test("what is named by `repeats` stays as long as what names it, by name or by list, over any number of them", () => {
    const names = [request("one"), request("two", { repeats: "one" }), request("three", { repeats: "two" })];
    const records = names.slice(0, 2).flatMap((one) => of(one, DONE));
    const [last] = names.slice(2);

    expect(judge(names, records)).toEqual({ one: "named", two: "named", three: "unfinished" });
    expect(judge(names.slice(0, 2), records)).toEqual({ one: "goes", two: "goes" });
    expect(last).toBeDefined();
    for (const repeats of ["summer", "summer/A"]) {
      const member = request("summer/A");
      expect(judge([member, request("again", { repeats })], of(member, DONE))).toEqual({ summer: "named", again: "unfinished" });
    }
  });
});

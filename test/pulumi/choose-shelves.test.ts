import { describe, expect, test } from "@jest/globals";
import { DAY_MS } from "../../providers/domain/day.ts";
import type { DriftFinding } from "../../providers/domain/drift.ts";
import { RESOURCE_TYPE, SHELF_TYPE } from "../../providers/domain/project.ts";
import type { LifecycleRequest } from "../../providers/domain/request.ts";
import type { RequestRecord } from "../../providers/domain/request-record.ts";
import { chooseShelves, type Shelving, shelvingTexts } from "../../providers/pulumi/program/choose-shelves.ts";
import { type OwnRequest, parseOwnState } from "../../providers/pulumi/program/own-state.ts";
import { shelfInputs } from "../../providers/pulumi/program/register-shelves.ts";
import { isInShard } from "../../providers/pulumi/program/shard.ts";
import { why } from "../contract/sample-records.ts";
import { stateFor } from "../support/fakes-pulumi.ts";
import { AT, begun, edited, outcome } from "../support/fakes-records.ts";
import { jobOf, lifecycleRequest } from "../support/fakes-requests.ts";
import { entryOf } from "../support/fakes-resolved.ts";
import { shelfOutputs, urnOf } from "../support/fakes-shelf.ts";

const NOW = Date.parse(AT);
const ago = (days: number) => new Date(NOW - days * DAY_MS).toISOString();

interface Past {
  readonly at?: string;
  readonly ended?: "succeeded" | "failed";
  readonly isEnded?: boolean;
  readonly request?: Partial<LifecycleRequest>;
  readonly records?: readonly RequestRecord[];
}

function entry(name: string, { at = ago(100), ended = "succeeded", isEnded = true, request = {}, records }: Past = {}) {
  const { plan } = jobOf(lifecycleRequest(["wipe"], { name }));
  const key = `${name}#1`;
  const past = [begun(plan, { key, at, why: why() }), outcome(ended, { key, at })];
  return entryOf({ ...request, name, steps: ["wipe"] }, { records: records ?? past, isEnded });
}

const known = (name: string, changes: Partial<OwnRequest> = {}): OwnRequest => ({
  key: `${name}#1`,
  calls: [],
  isSucceeded: true,
  shelf: null,
  findings: [],
  ...changes,
});

const finding = (kind: DriftFinding["kind"], state: DriftFinding["state"] = "known"): DriftFinding => ({
  kind,
  state,
  about: "device",
  message: `it is ${kind}`,
  firstSeen: AT,
  lastSeen: AT,
});

const choose = (entries: Parameters<typeof chooseShelves>[0], requests: readonly OwnRequest[], shelveMs: number | null = 90 * DAY_MS) =>
  chooseShelves(entries, requests, { shelveMs: shelveMs ?? undefined, now: NOW });
const namesOn = ({ shelves }: Shelving) =>
  Object.fromEntries(shelves.map(({ name, members }) => [name, members.map((one) => one.entry.request.name)]));

describe("a shelf", () => {
  test("has what succeeded long enough ago, by the month in which it ended", () => {
    const entries = [entry("a"), entry("b", { at: "2026-03-31T23:59:59.999Z" }), entry("c", { at: ago(89) }), entry("d", { at: ago(90) })];

    expect(
      namesOn(
        choose(
          entries,
          ["a", "b", "c", "d"].map((name) => known(name)),
        ),
      ),
    ).toEqual({
      "finished-2026-03": ["b"],
      "finished-2026-08": ["a", "d"],
    });
  });

  test("is there only where it is asked for", () => {
    expect(choose([entry("a")], [known("a", { shelf: "finished-2026-08" })], null)).toEqual({
      shelves: [],
      leaving: new Map([["a", []]]),
    });
  });

  test.each<[string, Past, Partial<OwnRequest>]>([
    ["has failed", { ended: "failed" }, { isSucceeded: false }],
    ["has not ended", { isEnded: false }, {}],
    ["state has in another form", {}, { isSucceeded: false }],
    ["is done anew when it drifts", { request: { onDrift: "repeat" } }, {}],
    ["is a later generation", { request: { generation: 2 } }, {}],
    ["has a time that nobody can read", { at: "some day" }, {}],
    [
      "was begun by a version that did not write why",
      { records: [begun(undefined, { key: "a#1" }), outcome("succeeded", { at: ago(100) })] },
      {},
    ],
    ["was never begun", { records: [edited({ key: "a#1" }), outcome("succeeded", { key: "a#1", at: ago(100) })] }, {}],
    ["has drifted", {}, { findings: [finding("LeftIntune")] }],
    ["has drifted, as the last refresh saw", {}, { findings: [finding("BypassCodeChanged", "new")] }],
    ["nobody can tell of", {}, { findings: [finding("NotVisible")] }],
  ])("has nothing that %s", (_, past, state) => {
    expect(choose([entry("a", past)], [known("a", state)]).shelves).toEqual([]);
  });

  test("has nothing that state does not know: a resource of its own writes it back first", () => {
    expect(choose([entry("a")], [known("b")]).shelves).toEqual([]);
  });

  test("keeps what is good to know, and what is over", () => {
    const findings = [finding("CameBack"), finding("LeftIntune", "resolved")];

    expect(namesOn(choose([entry("a")], [known("a", { findings })]))).toEqual({ "finished-2026-08": ["a"] });
  });

  test("hands on what was found of those who come from elsewhere, and of nobody else", () => {
    const requests = [
      known("a", { findings: [finding("CameBack")] }),
      known("b", { findings: [finding("CameBack")], shelf: "finished-2026-08" }),
      known("c"),
    ];

    const inputs = choose([entry("a"), entry("b"), entry("c")], requests).shelves.map(shelfInputs);

    expect(inputs).toMatchObject([{ findings: JSON.stringify({ "a#1": [finding("CameBack")] }) }]);
    expect(Object.keys(JSON.parse(inputs[0]?.keys ?? ""))).toEqual(["a#1", "b#1", "c#1"]);
  });

  test("changes with the edition of a request, and with nothing else of it", () => {
    const inputs = (request: Partial<LifecycleRequest>) => choose([entry("a", { request })], [known("a")]).shelves.map(shelfInputs);

    expect(inputs({ ticket: "INC-9" })).not.toEqual(inputs({}));
    expect(inputs({ reason: "other words" })).toEqual(inputs({}));
  });

  test("gets no larger than some thousand: many are divided by name, and one that leaves moves no other", () => {
    const many = Array.from({ length: 4_001 }, (_, index) => entry(`a${index}`));
    const all = many.map(({ request }) => known(request.name));

    const two = namesOn(choose(many, all));
    const without = namesOn(choose([...many.slice(1), entry("z")], [...all, known("z")]));

    expect(Object.keys(two)).toEqual(["finished-2026-08-1of2", "finished-2026-08-2of2"]);
    expect(Object.values(two).flat()).toHaveLength(4_001);
    for (const [name, members] of Object.entries(two)) expect(without[name]).toEqual(expect.arrayContaining(members.slice(1)));
    expect(Object.keys(namesOn(choose(many.slice(1), all)))).toEqual(["finished-2026-08"]);
  });
});

test("the requests of one shard fall into all parts of a shelf", () => {
  const names = Array.from({ length: 9_000 }, (_, index) => `a${index}`).filter((name) => isInShard(name, { index: 1, of: 2 }));
  const shelving = choose(
    names.map((name) => entry(name)),
    names.map((name) => known(name)),
  );

  expect(names.length).toBeGreaterThan(4_000);
  expect(shelving.shelves).toHaveLength(2);
});

describe("a preview", () => {
  test("says nothing where nothing moves", () => {
    expect(shelvingTexts(choose([entry("a")], [known("a", { shelf: "finished-2026-08" })]))).toEqual([]);
  });

  test("says in one line that nothing is done to the devices of those that move", () => {
    const one = shelvingTexts(choose([entry("a")], [known("a")]));
    const months = [1, 2, 3, 4, 5].map((month) => entry(`a${month}`, { at: `2026-0${month}-01T00:00:00.000Z` }));

    expect(one).toEqual([
      '1 finished request moves to the shelf finished-2026-08: "delete" only takes away resources of their own, and nothing is done to their devices',
    ]);
    expect(
      shelvingTexts(
        choose(
          months,
          months.map(({ request }) => known(request.name)),
        ),
      ),
    ).toEqual([
      expect.stringContaining("5 finished requests move to the shelves finished-2026-01, finished-2026-02, finished-2026-03 and 2 more: "),
    ]);
  });

  test("says so of those that come off", () => {
    const drifted = known("a", { shelf: "finished-2026-08", findings: [finding("LeftIntune")] });

    const shelving = choose([entry("a")], [drifted]);

    expect(shelving.leaving).toEqual(new Map([["a", [finding("LeftIntune")]]]));
    expect(shelvingTexts(shelving)).toEqual([
      '1 finished request comes off its shelf, as a resource of its own: "create" only writes down what is known, and nothing is sent',
    ]);
  });
});

describe("state", () => {
  const request = (name: string, kind?: DriftFinding["kind"]) => {
    const { plan: _, edition: __, onDrift: ___, ...outputs } = stateFor(lifecycleRequest(["escrowBypassCode"], { name }), "succeeded");
    return { ...outputs, drift: kind === undefined ? [] : [{ ...finding(kind), about: "bypassCode" }] };
  };
  const shelf = (...requests: readonly ReturnType<typeof request>[]) => ({ type: SHELF_TYPE, outputs: shelfOutputs(...requests) });

  test("knows what stands on a shelf; nothing of it is done anew", () => {
    const { requests } = parseOwnState({ [urnOf("finished-2026-08")]: shelf(request("a"), request("b", "BypassCodeChanged")) });

    expect(requests).toEqual([
      known("a", { shelf: "finished-2026-08" }),
      known("b", { shelf: "finished-2026-08", findings: [expect.objectContaining({ kind: "BypassCodeChanged" })] as never }),
    ]);
  });

  test("in which a run has died knows a request in two places, and the resource of its own counts", () => {
    const { requests } = parseOwnState({
      [urnOf("a", RESOURCE_TYPE)]: { type: RESOURCE_TYPE, outputs: request("a", "BypassCodeChanged") },
      [urnOf("finished-2026-08")]: shelf(request("a")),
    });

    expect(requests).toMatchObject([{ key: "a#1", shelf: null, drift: "it is BypassCodeChanged" }]);
  });
});

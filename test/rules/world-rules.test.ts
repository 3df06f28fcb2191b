import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { ConfigurationError } from "../../providers/domain/errors.ts";
import type { LedgerRecord, WorldRecord } from "../../providers/domain/ledger-record.ts";
import { DOUBLE, describeWorld, type World } from "../../providers/domain/world.ts";
import { meetWorld, tenantOf, worldIn } from "../../providers/rules/world-rules.ts";
import { AT, begun, outcome } from "../support/fakes-records.ts";

const GLOBAL = "https://graph.microsoft.com";
const CHINA = "https://microsoftgraph.chinacloudapi.cn";
const A = "aaaaaaaa-0000-4000-8000-00000000000a";
const B = "bbbbbbbb-0000-4000-8000-00000000000b";
const PLACE = "file:ledger";

const created: LedgerRecord = { kind: "created", version: 2, at: AT };
const world = (graph: string, tenant: string | null): WorldRecord => ({ kind: "world", at: AT, graph, tenant });
const settingsOf = (graph: string): LedgerRecord => ({ kind: "settings", at: AT, settings: { graph } });
const inUse = (...records: readonly LedgerRecord[]) => [created, ...records, begun(), outcome("succeeded")];

/** What becomes of a run: `refused`, or the parts of the meeting that are there, in short. */
function told(records: readonly LedgerRecord[], run: World): string {
  try {
    const { record, warning, doubt } = meetWorld(records, run, PLACE, AT);
    const parts = [
      record === null ? "" : `records ${record.tenant ?? "no tenant"}`,
      warning === null ? "" : "warns",
      doubt === null ? "" : "doubts",
    ];
    return parts.filter((part) => part !== "").join(", ") || "goes on";
  } catch (error) {
    if (error instanceof ConfigurationError) return "refused";
    throw error;
  }
}

const RUNS: readonly World[] = [DOUBLE, GLOBAL, CHINA].flatMap((graph) => [null, A, B].map((tenant) => ({ graph, tenant })));

describe("a run and the ledger that it finds", () => {
  test.each<[string, readonly LedgerRecord[], readonly string[]]>([
    // Of the double, of Graph, of another cloud's Graph; each of an unknown tenant, of A, of B.
    [
      "new",
      [created],
      [
        "records no tenant",
        `records ${A}`,
        `records ${B}`,
        "records no tenant",
        `records ${A}`,
        `records ${B}`,
        "records no tenant",
        `records ${A}`,
        `records ${B}`,
      ],
    ],
    [
      "older, and of a double",
      inUse(),
      ["records no tenant, warns", `records ${A}, warns`, `records ${B}, warns`, ...Array(6).fill("refused")],
    ],
    [
      "older, and of Graph",
      inUse(settingsOf(GLOBAL)),
      [...Array(3).fill("refused"), "records no tenant, warns", `records ${A}, warns`, `records ${B}, warns`, ...Array(3).fill("refused")],
    ],
    [
      "older, and nothing was begun",
      [created, outcome("expired")],
      [
        "records no tenant, warns",
        `records ${A}, warns`,
        `records ${B}, warns`,
        "records no tenant, warns",
        `records ${A}, warns`,
        `records ${B}, warns`,
        "records no tenant, warns",
        `records ${A}, warns`,
        `records ${B}, warns`,
      ],
    ],
    ["of a double", inUse(world(DOUBLE, null)), ["goes on", `records ${A}, warns`, `records ${B}, warns`, ...Array(6).fill("refused")]],
    ["of a double with a tenant", inUse(world(DOUBLE, A)), ["doubts", "goes on", "refused", ...Array(6).fill("refused")]],
    [
      "of Graph",
      inUse(world(GLOBAL, null)),
      [...Array(3).fill("refused"), "goes on", `records ${A}, warns`, `records ${B}, warns`, ...Array(3).fill("refused")],
    ],
    [
      "of Graph, and a double came too late with a tenant",
      inUse(world(GLOBAL, null), world(DOUBLE, B)),
      [...Array(3).fill("refused"), "goes on", `records ${A}, warns`, `records ${B}, warns`, ...Array(3).fill("refused")],
    ],
    [
      "of Graph and tenant A",
      inUse(world(GLOBAL, A)),
      [...Array(3).fill("refused"), "doubts", "goes on", "refused", ...Array(3).fill("refused")],
    ],
    [
      "of Graph, and A later",
      inUse(world(GLOBAL, null), world(GLOBAL, A)),
      [...Array(3).fill("refused"), "doubts", "goes on", "refused", ...Array(3).fill("refused")],
    ],
    [
      "of China, whatever its settings said",
      inUse(settingsOf(GLOBAL), world(CHINA, B)),
      [...Array(6).fill("refused"), "doubts", "refused", "goes on"],
    ],
  ])("that is %s", (_, records, expected) => {
    expect(RUNS.map((run) => told(records, run))).toEqual(expected);
  });

  test("are both named where they are of different worlds, with what to do", () => {
    const refuse = (records: readonly LedgerRecord[], run: World) => () => meetWorld(records, run, PLACE, AT);
    const [double, real] = [
      { graph: DOUBLE, tenant: null },
      { graph: GLOBAL, tenant: B },
    ];

    expect(refuse(inUse(world(GLOBAL, A)), real)).toThrow(
      `the ledger in file:ledger is of ${GLOBAL}, tenant ${A}, and this run is of ${GLOBAL}, tenant ${B}: what was done there was not done here; nothing was sent`,
    );
    expect(refuse(inUse(), real)).toThrow(/is of a double of Graph on this machine, and this run is of https/);
    expect(refuse(inUse(world(GLOBAL, A)), double)).toThrow(
      expect.objectContaining({ hint: expect.stringMatching(/take device-lifecycle:ledger out .*, best in a stack of its own/) }),
    );
    expect(refuse(inUse(), real)).toThrow(expect.objectContaining({ hint: expect.stringContaining("dlr ledger init STACK") }));
  });

  test("tell people what a ledger is taken for that was in use before it said so", () => {
    const meet = (records: readonly LedgerRecord[]) => meetWorld(records, { graph: GLOBAL, tenant: A }, PLACE, AT).warning;

    expect(meet(inUse(settingsOf(GLOBAL)))).toBe(
      `the ledger in file:ledger was in use before it said whose devices it is about: from this up on it is of ${GLOBAL}, tenant ${A}, and of nothing else`,
    );
    expect(meet(inUse(world(GLOBAL, null)))).toContain("before it said which tenant it is about");
  });

  test("say which key to set where the tenant cannot be told", () => {
    expect(meetWorld(inUse(world(GLOBAL, A)), { graph: GLOBAL, tenant: null }, PLACE, AT).doubt).toBe(
      `the ledger in file:ledger is of tenant ${A}, and Graph's tenant cannot be told: nothing is destroyed or escrowed before the configuration key device-lifecycle:tenant is set`,
    );
  });
});

describe("runs of any worlds, one after another or at once, on one ledger", () => {
  const starts = fc.constantFrom<readonly LedgerRecord[]>([created], inUse(), inUse(settingsOf(GLOBAL)), inUse(settingsOf(CHINA)));
  const runs = fc.array(fc.constantFrom(...RUNS), { maxLength: 12 });

  function attempt(records: readonly LedgerRecord[], run: World) {
    try {
      return meetWorld(records, run, PLACE, AT);
    } catch {
      return null;
    }
  }

  test("are let through for one Graph and one tenant alone, and what is refused leaves no word", () => {
    fc.assert(
      fc.property(starts, runs, (start, all) => {
        const records = [...start];
        const through = all.filter((run) => {
          const meeting = attempt(records, run);
          if (meeting?.record) records.push(meeting.record);
          return meeting !== null;
        });

        expect(new Set(through.map(({ graph }) => graph)).size).toBeLessThanOrEqual(1);
        expect(new Set(through.flatMap(({ tenant }) => tenant ?? [])).size).toBeLessThanOrEqual(1);
        for (const run of through)
          expect(describeWorld({ ...run, tenant: null })).toBe(describeWorld({ graph: worldIn(records)?.graph ?? "", tenant: null }));
      }),
    );
  });

  test("that begin at once are of one world once each has looked again", () => {
    fc.assert(
      fc.property(starts, runs, (start, all) => {
        const words = all.flatMap((run) => attempt(start, run)?.record ?? []);
        const through = all.filter((run) => attempt([...start, ...words], run) !== null);

        expect(new Set(through.map(({ graph }) => graph)).size).toBeLessThanOrEqual(1);
        expect(new Set(through.flatMap(({ tenant }) => tenant ?? [])).size).toBeLessThanOrEqual(1);
      }),
    );
  });
});

describe("the tenant of a run", () => {
  test.each([
    [null, undefined, null],
    [A, undefined, A],
    [null, A, A],
    [A, A, A],
  ])("whose token says %s and whose setting says %s is %s", (token, setting, expected) => {
    expect(tenantOf(token, setting)).toBe(expected);
  });

  test("that token and setting contradict is none: both are named", () => {
    expect(() => tenantOf(A, B)).toThrow(
      `configuration device-lifecycle:tenant is ${B}, and the token for Graph is of tenant ${A}; nothing was sent`,
    );
  });
});

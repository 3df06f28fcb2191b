import { describe, expect, test } from "@jest/globals";
import { editionOf } from "../../providers/pulumi/edition.ts";
import { LedgerSnapshot } from "../../providers/pulumi/program/ledger-snapshot.ts";
import { IPAD } from "../support/fakes-devices.ts";
import { adopted, begun, finished, intent, outcome, result } from "../support/fakes-records.ts";
import { lifecycleRequest } from "../support/fakes-requests.ts";
import { factsOf } from "../support/ledger-contents.ts";

const REQUEST = lifecycleRequest(["wipe"]);
const NOW = Date.parse("2026-11-20T12:00:00.000Z");
const HOUR = 3_600_000;
const device = (id: string, serialNumber: string | null) => ({ id, serialNumber, enrolledDateTime: null });
const at = (instant: number) => new Date(instant).toISOString();

describe("the records of a request", () => {
  test("are those of its name and generation, in their order", () => {
    const records = [begun(), intent(0), intent(0, { key: "other#1" }), result(0, "accepted"), intent(0, { key: "leeds-leaver-0042#2" })];
    const view = new LedgerSnapshot(factsOf({ kind: "created", version: 1, at: at(NOW) }, ...records));

    expect(view.historyOf(REQUEST).records).toEqual([records[0], records[1], records[3]]);
    expect(view.historyOf({ ...REQUEST, generation: 2 }).records).toEqual([records[4]]);
    expect(view.historyOf({ ...REQUEST, name: "unheard-of" }).records).toEqual([]);
  });

  test("tell whether it has ended, and whether it destroyed anything", () => {
    const view = new LedgerSnapshot(factsOf(begun(), intent(0), outcome("failed", { edition: editionOf(REQUEST) })));

    expect(view.isEnded(REQUEST)).toBe(true);
    expect(view.isEnded({ ...REQUEST, expires: "2027-12-31" })).toBe(false);
    expect(view.hasDestroyed(REQUEST)).toBe(true);
    expect(view.hasDestroyed({ ...REQUEST, generation: 2 })).toBe(false);
    expect(new LedgerSnapshot(factsOf(intent(0, { destroysData: false }), finished(0))).hasDestroyed(REQUEST)).toBe(false);
    expect(new LedgerSnapshot(factsOf(adopted(0))).hasDestroyed(REQUEST)).toBe(true);
  });
});

describe("destructive intents for a device", () => {
  test("are found under its id and its serial number, oldest first, each once", () => {
    const first = intent(0, { key: "a#1", device: device("old-id", "dmpxk2 abcdef") });
    const second = intent(0, { key: "b#1", device: device(IPAD.id.toUpperCase(), "DMPXK2ABCDEF") });
    const third = intent(0, { key: "c#1", device: device("newer-id", "DMPXK2ABCDEF") });
    const view = new LedgerSnapshot(factsOf(first, second, third));

    expect(view.facts.destructiveIntents(IPAD)).toEqual([first, second, third]);
  });

  test("are not those of strangers, nor what destroys nothing", () => {
    const view = new LedgerSnapshot(
      factsOf(
        intent(0, { device: device("stranger", "OTHER") }),
        intent(0, { device: device("nameless", null) }),
        intent(0, { device: device(IPAD.id, IPAD.serialNumber), destroysData: false }),
      ),
    );

    expect(view.facts.destructiveIntents(IPAD)).toEqual([]);
    expect(view.facts.destructiveIntents(device("another", null))).toEqual([]);
  });

  test("are not shared by devices with a vendor's filler for a serial number", () => {
    const view = new LedgerSnapshot(factsOf(intent(0, { device: device("one", "To be filled by O.E.M.") })));

    expect(view.facts.destructiveIntents(device("two", "TO BE FILLED BY O.E.M."))).toEqual([]);
    expect(view.facts.destructiveIntents(device("one", "To be filled by O.E.M."))).toHaveLength(1);
  });
});

describe("what was destroyed since an instant", () => {
  const destroyed = (...records: Parameters<typeof intent>[1][]) =>
    [...new LedgerSnapshot(factsOf(...records.map((changes) => intent(0, changes)))).facts.destroyedSince(NOW - 24 * HOUR)].sort();

  test("counts each request once, by its first destructive intent", () => {
    expect(
      destroyed(
        { key: "yesterday#1", at: at(NOW - 25 * HOUR) },
        { key: "today#1", at: at(NOW - 23 * HOUR) },
        { key: "today#1", at: at(NOW - HOUR), attempt: 2 },
        { key: "now#1", at: at(NOW) },
      ),
    ).toEqual(["now#1", "today#1"]);
  });

  test("does not count a request anew that is only sent again", () => {
    expect(destroyed({ key: "approved#1", at: at(NOW - 48 * HOUR) }, { key: "approved#1", at: at(NOW - HOUR), attempt: 2 })).toEqual([]);
  });

  test("counts to the millisecond, and what a clock ahead of ours wrote", () => {
    expect(
      destroyed(
        { key: "just-out#1", at: at(NOW - 24 * HOUR - 1) },
        { key: "just-in#1", at: at(NOW - 24 * HOUR) },
        { key: "from-the-future#1", at: at(NOW + 48 * HOUR) },
      ),
    ).toEqual(["from-the-future#1", "just-in#1"]);
  });

  test("counts what bears no readable time: in doubt it is new", () => {
    expect(destroyed({ key: "timeless#1", at: "yesterday" })).toEqual(["timeless#1"]);
  });
});

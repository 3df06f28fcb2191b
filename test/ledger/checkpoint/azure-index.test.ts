import { describe, expect, jest, test } from "@jest/globals";
import fc from "fast-check";
import { LedgerError } from "../../../providers/domain/errors.ts";
import type { RequestRecord } from "../../../providers/domain/request-record.ts";
import type { AzureLedger, AzureLedgerOptions } from "../../../providers/ledger/azure/azure-ledger.ts";
import { type Checkpoint, formatCheckpoint, parseCheckpoint } from "../../../providers/ledger/checkpoint.ts";
import { CHAIN_START, formatLines } from "../../../providers/ledger/ledger-line.ts";
import { DEVICE, intent, outcome, result } from "../../contract/sample-records.ts";
import type { Fault, ProxiedRequest } from "../../support/faulty-proxy.ts";
import { AzurePlace } from "../azure-fixture.ts";
import { errorOf, faultyAzure, isAppend, isIndexList, isIndexRead, isIndexWrite } from "../faulty-azure.ts";

/** Many requests, on a machine that does other things too. */
jest.setTimeout(60_000);

const storage = faultyAzure();

const BEFORE = [intent("a#1"), result("a#1"), outcome("a#1"), intent("b#1")];
const BEHIND = [result("b#1"), intent("c#1")];

/** An index for whatever there is. */
const EAGER = { checkpointEvery: 1 } as const;

/** Appends one by one, as one process. */
async function write(ledger: AzureLedger, records: readonly RequestRecord[]): Promise<void> {
  for (const record of records) await ledger.append(record);
}

/** A ledger whose first records have an index, with more behind them. */
async function indexedLedger(options: Partial<AzureLedgerOptions> = {}): Promise<AzurePlace> {
  const place = await new AzurePlace(storage.azurite).made();
  await write(place.door(options).ledger, BEFORE);
  await write(place.door({ ...options, ...EAGER }).ledger, BEHIND);
  return place;
}

/** What a run asks, and what it is told besides. */
async function asked(place: AzurePlace, options: Partial<AzureLedgerOptions> = {}) {
  const { ledger } = place.door({ ...EAGER, ...options }, storage.proxy);
  const [reading, facts] = [await ledger.read(), await ledger.facts()];
  const answers = {
    records: reading.records.filter((record) => "key" in record),
    intents: facts.destructiveIntents(DEVICE),
    ofA: facts.recordsOf("a#1"),
    has: facts.hasDestroyed("b#1"),
  };
  return { answers, note: reading.note, isCounted: reading.count === reading.records.length };
}

const EVERYTHING = {
  records: [...BEFORE, ...BEHIND],
  intents: [BEFORE[0], BEFORE[3], BEHIND[1]],
  ofA: BEFORE.slice(0, 3),
  has: true,
};

async function newestOf(place: AzurePlace): Promise<string> {
  const [newest] = await place.indexes();
  if (newest === undefined) throw new Error("there is no index");
  return newest;
}

async function contentOf(place: AzurePlace): Promise<Buffer> {
  return place.container.getBlobClient(await newestOf(place)).downloadToBuffer();
}

async function bytesOf(place: AzurePlace): Promise<Buffer> {
  return place.container.getBlobClient("ledger-000001.jsonl").downloadToBuffer();
}

/** Puts something else in place of the newest index. */
async function spoil(place: AzurePlace, bytes: Buffer | string): Promise<void> {
  await place.container.getBlockBlobClient(await newestOf(place)).upload(bytes, Buffer.byteLength(bytes));
}

async function requestsOf(work: () => Promise<unknown>): Promise<readonly ProxiedRequest[]> {
  const before = storage.proxy.requests.length;
  await work();
  return storage.proxy.requests.slice(before);
}

describe("an index in the container of a ledger", () => {
  test("is made by the run that writes, and changes no answer", async () => {
    const place = await indexedLedger();

    expect(parseCheckpoint(await contentOf(place))?.position.sequence).toBe(BEFORE.length + 1);
    expect(await asked(place)).toEqual({ answers: EVERYTHING, note: null, isCounted: true });
  });

  test("is one request to find and one to read, and none is asked for beside a small ledger", async () => {
    const place = await indexedLedger();

    const indexed = await requestsOf(() => place.door(EAGER, storage.proxy).ledger.read());
    const small = await requestsOf(() => place.door({}, storage.proxy).ledger.read());

    expect(indexed).toHaveLength(3);
    expect([indexed.filter(isIndexList).length, indexed.filter(isIndexRead).length]).toEqual([1, 1]);
    expect(small).toHaveLength(1);
  });

  test("is not made by a run that only reads", async () => {
    const place = await new AzurePlace(storage.azurite).made();
    await write(place.door().ledger, BEFORE);

    const sent = await requestsOf(() => asked(place));

    expect(sent.every(({ method }) => method === "GET")).toBe(true);
    expect(await place.indexes()).toEqual([]);
  });

  test("is what verify makes of the ledger; where there is none, or no ledger, there is nothing to say", async () => {
    const place = await indexedLedger();
    const without = await new AzurePlace(storage.azurite).made();

    expect(await place.door().ledger.inspect()).toEqual({ tornBytes: 0, index: { lines: BEFORE.length + 1 } });
    expect(await without.door().ledger.inspect()).toEqual({ tornBytes: 0, index: null });
    expect(await new AzurePlace(storage.azurite).door().ledger.inspect()).toEqual({ tornBytes: 0, index: null });
  });

  test("is used: its lines are not parsed, the chain goes on behind it, and a later one takes its place", async () => {
    const place = await indexedLedger();

    await write(place.door(EAGER).ledger, [outcome("c#1")]);

    const { answers, isCounted } = await asked(place);
    expect(answers.records).toEqual([...BEFORE, ...BEHIND, outcome("c#1")]);
    expect(isCounted).toBe(true);
    expect(await place.indexes()).toHaveLength(2);
    expect(await place.door().ledger.inspect()).toMatchObject({ index: { lines: BEFORE.length + BEHIND.length + 1 } });
  });

  test("is not made again while it covers enough", async () => {
    const place = await indexedLedger();

    const [covered, length] = [parseCheckpoint(await contentOf(place))?.bytes ?? 0, (await bytesOf(place)).length];
    await write(place.door({ checkpointEvery: length - covered + 1 }).ledger, [outcome("c#1")]);

    expect(await place.indexes()).toHaveLength(1);
  });

  test("is made once in a process, by work on a device too", async () => {
    const place = await new AzurePlace(storage.azurite).made();
    const { ledger } = place.door(EAGER, storage.proxy);

    const sent = await requestsOf(async () => {
      await Promise.all(["A", "B", "C"].map((device) => ledger.withDevice(device, async () => undefined)));
      await write(ledger, BEFORE);
    });

    expect(sent.filter(isIndexWrite)).toHaveLength(1);
    expect(await place.indexes()).toHaveLength(1);
  });
});

describe("over the parts of a ledger", () => {
  const limits = { blockBytes: 4 * 1024 * 1024, blocks: 3 };
  const RECORDS = Array.from({ length: 9 }, (_, index) => (index % 2 === 0 ? intent(`r${index}#1`) : result(`r${index - 1}#1`)));

  /** A ledger of so many records, with an index of all of them, and that many behind it. */
  async function inParts(covered: number, behind: number): Promise<AzurePlace> {
    const place = await new AzurePlace(storage.azurite).made();
    await write(place.door({ limits }).ledger, RECORDS.slice(0, covered));
    const { ledger } = place.door({ ...EAGER, limits });
    await ledger.withDevice("nothing", async () => undefined);
    await write(ledger, RECORDS.slice(covered, covered + behind));
    return place;
  }

  test("it is read to its end and written on, wherever the index and the parts end", async () => {
    for (let covered = 0; covered < 6; covered++) {
      for (const behind of [0, 1, 3]) {
        const place = await inParts(covered, behind);
        const { ledger } = place.door({ ...EAGER, limits, chunkBytes: 500 }, storage.proxy);

        const sent = await requestsOf(() => ledger.read());
        await ledger.append(outcome("r0#1"));

        expect(sent.filter(isIndexRead).length).toBeGreaterThan(0);
        const expected = [...RECORDS.slice(0, covered + behind), outcome("r0#1")];
        expect((await ledger.read()).records.filter((record) => "key" in record)).toEqual(expected);
        expect(await place.records()).toEqual(expected);
        expect((await ledger.read()).note).toBeNull();
        await place.door({ ...EAGER, limits }).ledger.withDevice("nothing", async () => undefined);
        const { index } = await place.door().ledger.inspect();
        expect(index).toEqual({ lines: (await ledger.read()).count });
      }
    }
  });

  test("one that is missing behind the index, and one within it, stop everything", async () => {
    const [within, behind] = [await inParts(5, 1), await inParts(2, 5)];
    await within.container.getBlobClient("ledger-000002.jsonl").delete();
    await behind.container.getBlobClient("ledger-000003.jsonl").delete();

    for (const place of [within, behind]) {
      expect((await errorOf(place.door({ ...EAGER, limits }).ledger.read())).message).toMatch(
        /ledger-00000[23]\.jsonl.*not there any more/,
      );
      await expect(place.door({ ...EAGER, limits }).ledger.append(outcome("r0#1"))).rejects.toThrow(LedgerError);
    }
  });

  describe("when the index ends with the record that names the next part", () => {
    /** Nothing is in that part yet. */
    async function indexedToItsEnd(): Promise<AzurePlace> {
      const place = await new AzurePlace(storage.azurite).made();
      await write(place.door({ limits }).ledger, RECORDS.slice(0, 1));
      storage.proxy.decide = (request) =>
        isAppend(request) && request.target.includes("ledger-000002") ? { status: 403, code: "Denied", when: "before" } : null;
      await errorOf(write(place.door({ limits }, storage.proxy).ledger, RECORDS.slice(1, 2)));
      await place.door({ ...EAGER, limits }).ledger.withDevice("nothing", async () => undefined);
      expect(await place.door().ledger.inspect()).toEqual({ tornBytes: 0, index: { lines: 3 } });
      return place;
    }

    test("the next record goes into that part", async () => {
      const place = await indexedToItsEnd();
      const before = await bytesOf(place);

      await write(place.door({ ...EAGER, limits }).ledger, RECORDS.slice(1, 2));

      expect(await bytesOf(place)).toEqual(before);
      expect(await place.records()).toEqual(RECORDS.slice(0, 2));
    });

    test("a line behind it stops everything, even one that the chain fits", async () => {
      const place = await indexedToItsEnd();
      const { position } = parseCheckpoint(await contentOf(place)) ?? { position: CHAIN_START };
      const { bytes } = formatLines(position, [JSON.stringify(RECORDS[1])]);
      await place.container.getAppendBlobClient("ledger-000001.jsonl").appendBlock(bytes, bytes.length);

      await expect(place.door({ ...EAGER, limits }).ledger.read()).rejects.toThrow(/something follows the record that names the next part/);
    });
  });
});

describe("an index that is of no use is passed over, and the run is told", () => {
  const unused = async (place: AzurePlace) => {
    const { answers, note } = await asked(place);
    expect(answers).toEqual(EVERYTHING);
    return note;
  };

  test.each<[string, (sound: Buffer) => Buffer | string]>([
    ["empty", () => ""],
    ["cut in half", (sound) => sound.subarray(0, sound.length / 2)],
    ["of another version", () => '{"format":2,"sha256":""}\n'],
    ["no index at all", () => "garbage"],
  ])("one that is %s", async (_, change) => {
    const place = await indexedLedger();
    await spoil(place, change(await contentOf(place)));

    expect(await unused(place)).toMatch(
      /index http:.*\/ledger\.index\/1\/\d{15}-[0-9a-f]{16} is of no use \(it is damaged, or of another version\): the whole ledger was read/,
    );
    expect(await place.door().ledger.inspect()).toMatchObject({ index: { problem: "it is damaged, or of another version" } });
  });

  test("one of another ledger, under a name that fits and under its own", async () => {
    const [place, renamed, other] = [await indexedLedger(), await indexedLedger(), await new AzurePlace(storage.azurite).made()];
    await write(other.door().ledger, [intent("x#1")]);
    await write(other.door(EAGER).ledger, [result("x#1")]);
    const foreign = await contentOf(other);
    await spoil(renamed, foreign);
    await place.container.getBlobClient(await newestOf(place)).delete();
    await place.container.getBlockBlobClient(await newestOf(other)).upload(foreign, foreign.length);

    for (const one of [place, renamed]) {
      expect(await unused(one)).toContain("the ledger does not begin as it says");
      expect(await one.door().ledger.inspect()).toMatchObject({ index: { problem: "the ledger does not begin as it says" } });
    }
  });

  test("one that is much longer than the ledger is not even read", async () => {
    const place = await indexedLedger();
    await spoil(place, Buffer.alloc(200_000, "x"));

    const sent = await requestsOf(async () => expect(await unused(place)).toContain("it is longer than the ledger"));

    expect(sent.filter(isIndexRead)).toEqual([]);
  });

  test.each<[string, (request: ProxiedRequest) => boolean, Fault, RegExp]>([
    [
      "nobody may list",
      isIndexList,
      { status: 403, code: "AuthorizationPermissionMismatch", when: "before" },
      /AuthorizationPermissionMismatch/,
    ],
    [
      "nobody may read",
      isIndexRead,
      { status: 403, code: "AuthorizationPermissionMismatch", when: "before" },
      /AuthorizationPermissionMismatch/,
    ],
    ["is gone when it is read", isIndexRead, { status: 404, code: "BlobNotFound", when: "before" }, /it was removed/],
    ["storage cannot give", isIndexRead, { status: 503, code: "ServerBusy", when: "before" }, /ServerBusy/],
    ["never comes whole", isIndexRead, "cut", /ClosedEarly|REQUEST_SEND_ERROR|ECONNRESET|Error/],
  ])("one that %s", async (_, isMeant, fault, note) => {
    const place = await indexedLedger();
    storage.proxy.decide = (request) => (isMeant(request) ? fault : null);

    expect(await unused(place)).toMatch(note);
  });

  test("one that is gone between two chunks, or shorter", async () => {
    const place = await indexedLedger();
    let reads = 0;
    storage.proxy.decide = (request) => {
      if (!isIndexRead(request)) return null;
      reads += 1;
      return reads > 1 ? { status: 416, code: "InvalidRange", when: "before" } : null;
    };

    const { answers, note } = await asked(place, { chunkBytes: 300 });

    expect(answers).toEqual(EVERYTHING);
    expect(note).toMatch(/removed, replaced or cut/);
  });

  test("what else lies there is nobody's index", async () => {
    const place = await new AzurePlace(storage.azurite).made();
    await write(place.door().ledger, [...BEFORE, ...BEHIND]);
    for (const name of ["ledger.index/1/hello", "ledger.index/2/999999999999000-0123456789abcdef", "ledger.index/1/1-0123456789abcdef"])
      await place.container.getBlockBlobClient(name).upload("hello", 5);

    expect(await asked(place)).toEqual({ answers: EVERYTHING, note: null, isCounted: true });
  });

  test("hundreds of names that lead nowhere cost a few requests", async () => {
    const place = await new AzurePlace(storage.azurite).made();
    await write(place.door().ledger, [...BEFORE, ...BEHIND]);
    const names = Array.from({ length: 250 }, (_, index) => `ledger.index/1/${String(index).padStart(15, "0")}-0123456789abcdef`);
    await Promise.all(names.map((name) => place.container.getBlockBlobClient(name).upload("x", 1)));

    const sent = await requestsOf(async () => expect(await unused(place)).toContain("does not begin as it says"));

    expect(sent.filter(isIndexList).length).toBe(25);
    expect(sent.filter(isIndexRead)).toEqual([]);
  });

  test("and the next run that writes makes a new one", async () => {
    const place = await indexedLedger();
    await spoil(place, "garbage");

    await write(place.door(EAGER).ledger, [outcome("c#1")]);

    expect((await asked(place)).note).toBeNull();
    expect(await place.door().ledger.inspect()).toMatchObject({ index: { lines: BEFORE.length + BEHIND.length + 1 } });
  });
});

describe("a ledger that was set back to an older copy", () => {
  /** The ledger as it was after so many bytes, with all of its indexes. */
  async function setBack(place: AzurePlace, lines: number): Promise<void> {
    const blob = place.container.getAppendBlobClient("ledger-000001.jsonl");
    const text = (await blob.downloadToBuffer()).toString().split("\n").slice(0, lines).join("\n");
    await blob.create();
    await blob.appendBlock(`${text}\n`, Buffer.byteLength(text) + 1);
  }

  test("goes by the index that fits it, and not by those of what came later", async () => {
    const place = await indexedLedger();
    for (let more = 0; more < 12; more++) await write(place.door(EAGER).ledger, [result("c#1", { detail: String(more) })]);
    expect((await place.indexes()).length).toBeGreaterThan(8);
    await setBack(place, BEFORE.length + 2);

    const sent = await requestsOf(async () => {
      const { answers, note } = await asked(place);
      expect([answers.records, note]).toEqual([[...BEFORE, BEHIND[0]], null]);
    });

    expect(sent.filter(isIndexRead)).toHaveLength(1);
    expect(await place.door().ledger.inspect()).toMatchObject({ index: { lines: BEFORE.length + 1 } });
  });

  test("and went on otherwise, goes by the newest index of what both have", async () => {
    const place = await indexedLedger();
    await write(place.door(EAGER).ledger, [outcome("c#1")]);
    expect(await place.indexes()).toHaveLength(2);
    await setBack(place, BEFORE.length + 2);
    const other = [intent("y#1"), result("y#1"), outcome("y#1")];
    await write(place.door().ledger, other);

    const { answers, note } = await asked(place);

    expect([answers.records, note]).toEqual([[...BEFORE, BEHIND[0], ...other], null]);
    expect(await place.door().ledger.inspect()).toMatchObject({ index: { lines: BEFORE.length + 1 } });
  });

  test("and went on otherwise, gets an index of its own", async () => {
    const place = await indexedLedger();
    await write(place.door(EAGER).ledger, [outcome("c#1"), result("d#1")]);
    await setBack(place, 2);
    const other = [intent("y#1"), result("y#1"), outcome("y#1"), intent("z#1"), result("z#1"), outcome("z#1"), intent("w#1")];

    const told = (await asked(place)).note;
    await write(place.door().ledger, other);
    const still = (await asked(place)).note;
    await write(place.door(EAGER).ledger, [result("w#1")]);

    expect([told, still]).toEqual([
      expect.stringContaining("does not begin as it says"),
      expect.stringContaining("does not begin as it says"),
    ]);
    expect(await asked(place)).toMatchObject({ answers: { records: [BEFORE[0], ...other, result("w#1")] }, note: null });
  });
});

test("a changed bit of the index never changes an answer", async () => {
  const place = await indexedLedger();
  const sound = await contentOf(place);
  const everyBit = fc.tuple(fc.nat(sound.length - 1), fc.nat(7));

  await fc.assert(
    fc.asyncProperty(everyBit, async ([at, bit]) => {
      const changed = Buffer.from(sound);
      changed[at] = (changed[at] ?? 0) ^ (1 << bit);
      await spoil(place, changed);

      const { answers, note } = await asked(place);

      expect(answers).toEqual(EVERYTHING);
      expect(note).not.toBeNull();
    }),
    { numRuns: 50 },
  );
});

test("a changed bit of the ledger stops everything, index or not", async () => {
  const place = await indexedLedger();
  const blob = place.container.getAppendBlobClient("ledger-000001.jsonl");
  const sound = await blob.downloadToBuffer();
  const everyBit = fc.tuple(fc.nat(sound.length - 2), fc.nat(7));

  await fc.assert(
    fc.asyncProperty(everyBit, async ([at, bit]) => {
      const changed = Buffer.from(sound);
      changed[at] = (changed[at] ?? 0) ^ (1 << bit);
      await blob.create();
      await blob.appendBlock(changed, changed.length);

      await expect(asked(place)).rejects.toThrow(LedgerError);
      await expect(place.door(EAGER).ledger.append(intent("d#1"))).rejects.toThrow(LedgerError);
    }),
    { numRuns: 30 },
  );
});

describe("an index that nobody of ours writes, with right digests", () => {
  async function forged(change: (sound: Checkpoint) => Partial<Checkpoint>): Promise<AzurePlace> {
    const place = await indexedLedger();
    const sound = parseCheckpoint(await contentOf(place));
    if (sound === null) throw new Error("there is no index");
    await spoil(place, formatCheckpoint({ ...sound, ...change(sound) }));
    return place;
  }

  test.each<[string, (sound: Checkpoint) => Partial<Checkpoint>]>([
    ["leads to lines of another request", ({ lines: [first = 0, ...others] }) => ({ lines: Uint32Array.from([...others, first]) })],
    ["leads behind the ledger", ({ lines }) => ({ lines: lines.map((line) => line + 100) })],
    ["cuts a line in two", ({ ends }) => ({ ends: ends.map((end, line) => (line === 3 ? end - 5 : end)) })],
  ])("lets nothing be read, and verify tells, where it %s", async (_, change) => {
    const place = await forged(change);
    const name = await newestOf(place);

    const read = await errorOf(asked(place));
    const verified = await errorOf(place.door().ledger.inspect());

    expect(read).toBeInstanceOf(LedgerError);
    expect(verified.message).toMatch(/fits .* and leads to other records than it holds/);
    expect(verified.message).toContain(name);
  });

  test("is refused by verify where it hides a device", async () => {
    const place = await forged(() => ({ deviceIds: "x", deviceSerials: "y", deviceOwners: Uint32Array.of(0) }));

    expect((await errorOf(place.door().ledger.inspect())).message).toMatch(/leads to other records/);
  });
});

describe("making an index", () => {
  test("by two runs at once is harmless, of the same bytes and of others", async () => {
    const place = await new AzurePlace(storage.azurite).made();
    await write(place.door().ledger, BEFORE);
    const doors = [1, 2, 3].map(() => place.door(EAGER, storage.proxy).ledger);
    await Promise.all(doors.map((ledger) => ledger.read()));
    const all = Promise.withResolvers<void>();
    let waiting = 0;
    storage.proxy.decide = async (request) => {
      if (!isIndexWrite(request)) return null;
      waiting += 1;
      if (waiting === doors.length) all.resolve();
      await all.promise;
      return null;
    };

    await Promise.all(doors.map((ledger, index) => write(ledger, [result(`m${index}#1`), outcome(`m${index}#1`)])));
    const same = await place.indexes();
    await Promise.all(["x", "y", "z"].map((name) => write(place.door(EAGER).ledger, [intent(`${name}#1`), result(`${name}#1`)])));

    expect(same).toHaveLength(1);
    expect((await place.keys()).toSorted().slice(-6)).toEqual(["x#1", "x#1", "y#1", "y#1", "z#1", "z#1"]);
    expect((await asked(place)).note).toBeNull();
    expect(await place.door().ledger.inspect()).toMatchObject({ index: { lines: expect.any(Number) } });
  });

  test("never overwrites, changes or removes a blob: a policy may forbid it", async () => {
    const place = await new AzurePlace(storage.azurite).made();

    const sent = await requestsOf(async () => {
      for (const record of [...BEFORE, ...BEHIND]) await write(place.door(EAGER, storage.proxy).ledger, [record]);
    });

    const written = sent.filter(isIndexWrite);
    expect(written).toHaveLength(BEFORE.length + BEHIND.length);
    expect(
      written.every(({ method, headers, target }) => method === "PUT" && headers["if-none-match"] === "*" && !target.includes("comp=")),
    ).toBe(true);
    expect(new Set(written.map(({ target }) => target)).size).toBe(written.length);
    expect(sent.filter(({ method }) => method === "DELETE")).toEqual([]);
  });

  test.each<[string, Fault]>([
    ["a policy forbids it", { status: 409, code: "BlobImmutableDueToPolicy", when: "before" }],
    ["the role has no right to", { status: 403, code: "AuthorizationPermissionMismatch", when: "before" }],
    ["storage is busy", { status: 503, code: "ServerBusy", when: "before" }],
    ["the connection breaks", "resetBefore"],
    ["the answer is lost", "resetAfter"],
  ])("keeps no run where %s, and is tried once", async (_, fault) => {
    const place = await new AzurePlace(storage.azurite).made();
    await write(place.door().ledger, BEFORE);
    storage.proxy.decide = (request) => (isIndexWrite(request) ? fault : null);

    const sent = await requestsOf(() => write(place.door(EAGER, storage.proxy).ledger, BEHIND));

    expect(sent.filter(isIndexWrite)).toHaveLength(1);
    expect(await asked(place)).toEqual({ answers: EVERYTHING, note: null, isCounted: true });
  });

  test("keeps no run where the ledger cannot be read for it", async () => {
    const place = await new AzurePlace(storage.azurite).made();
    await write(place.door().ledger, BEFORE);
    const { ledger } = place.door(EAGER, storage.proxy);
    await ledger.read();
    storage.proxy.decide = ({ method, headers }) =>
      method === "GET" && String(headers["x-ms-range"]).startsWith("bytes=0-") ? { status: 503, code: "ServerBusy", when: "before" } : null;

    await write(ledger, BEHIND);

    expect(await place.records()).toEqual([...BEFORE, ...BEHIND]);
    expect(await place.indexes()).toEqual([]);
  });

  test("that ends in doubt about the ledger keeps back what was to be written, and is tried again", async () => {
    const place = await new AzurePlace(storage.azurite).made();
    await write(place.door().ledger, BEFORE);
    const { ledger } = place.door({ ...EAGER, chunkBytes: 300 }, storage.proxy);
    await ledger.read();
    storage.failNext(({ method, headers }) => method === "GET" && !String(headers["x-ms-range"]).startsWith("bytes=0-"), {
      status: 416,
      code: "InvalidRange",
      when: "before",
    });

    await expect(ledger.append(intent("d#1"))).rejects.toThrow(/removed, replaced or cut/);
    await write(ledger, BEHIND);

    expect(await place.records()).toEqual([...BEFORE, ...BEHIND]);
    expect(await place.indexes()).toHaveLength(1);
  });

  test("stops a run where the ledger is not what it was any more", async () => {
    const place = await new AzurePlace(storage.azurite).made();
    await write(place.door().ledger, BEFORE);
    const { ledger } = place.door(EAGER);
    await ledger.read();
    const blob = place.container.getAppendBlobClient("ledger-000001.jsonl");
    const text = (await blob.downloadToBuffer()).toString().replace('"kind":"result"', '"kind":"resulT"');
    await blob.create();
    await blob.appendBlock(text, Buffer.byteLength(text));

    await expect(ledger.append(outcome("b#1"))).rejects.toThrow(/line 3 .*cannot be relied on/);
    await expect(ledger.append(outcome("b#1"))).rejects.toThrow(LedgerError);
    expect(await place.indexes()).toEqual([]);
  });
});

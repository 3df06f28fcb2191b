import { chmod, mkdir, readFile, rename, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { LedgerError } from "../../../providers/domain/errors.ts";
import type { RequestRecord } from "../../../providers/domain/request-record.ts";
import { parseCheckpoint } from "../../../providers/ledger/checkpoint.ts";
import { DEVICE, intent, outcome, result } from "../../contract/sample-records.ts";
import { ledgerFolder } from "../ledger-folder-fixture.ts";

const BEFORE = [intent("a#1"), result("a#1"), outcome("a#1"), intent("b#1")];
const BEHIND = [result("b#1"), intent("c#1")];

/** A ledger whose first records have an index, with more behind them. */
async function indexedLedger({ behind = BEHIND }: { readonly behind?: readonly RequestRecord[] } = {}) {
  const place = await ledgerFolder();
  await place.write(BEFORE);
  const ledger = place.open({ checkpointEvery: 1 });
  await ledger.withDevice(DEVICE.id, async () => {
    for (const record of behind) await ledger.append(record);
  });
  await ledger.close();
  return { ...place, index: join(place.folder, "ledger.index") };
}

type Indexed = Awaited<ReturnType<typeof indexedLedger>>;

/** What a run asks, and what it is told besides. */
async function asked({ open }: Pick<Indexed, "open">) {
  const ledger = open();
  const [reading, facts] = [await ledger.read(), await ledger.facts()];
  const answers = {
    records: reading.records.slice(1),
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

describe("an index beside a ledger", () => {
  test("is made by the run that writes, and changes no answer", async () => {
    const place = await indexedLedger();

    expect(parseCheckpoint(await readFile(place.index))?.position.sequence).toBe(BEFORE.length + 1);
    expect(await asked(place)).toEqual({ answers: EVERYTHING, note: null, isCounted: true });
  });

  test("is not made by a run that only reads", async () => {
    const place = await ledgerFolder();
    await place.write(BEFORE);

    await place.open({ checkpointEvery: 1 }).read();

    await expect(readFile(join(place.folder, "ledger.index"))).rejects.toMatchObject({ code: "ENOENT" });
  });

  test("is what verify makes of the ledger", async () => {
    const place = await indexedLedger();

    expect(await place.open().inspect()).toEqual({ tornBytes: 0, index: { lines: BEFORE.length + 1 } });
  });

  test("is used: what was read before is not parsed, and the chain goes on behind it", async () => {
    const place = await indexedLedger();
    const ledger = place.open();

    await ledger.append(outcome("c#1"));
    await ledger.close();

    const { answers, isCounted } = await asked(place);
    expect(answers.records).toEqual([...BEFORE, ...BEHIND, outcome("c#1")]);
    expect(isCounted).toBe(true);
    expect(await place.open().inspect()).toMatchObject({ index: { lines: BEFORE.length + 1 } });
  });
});

describe("an index that is of no use is passed over, and the run is told", () => {
  const unused = async (place: Indexed) => {
    const { answers, note } = await asked(place);
    expect(answers).toEqual(EVERYTHING);
    return note;
  };

  test.each([
    ["empty", ""],
    ["of another version", '{"format":2,"sha256":""}\n'],
    ["no index at all", "garbage"],
  ])("one that is %s", async (_, text) => {
    const place = await indexedLedger();
    await writeFile(place.index, text);

    expect(await unused(place)).toMatch(/ledger\.index is of no use \(it is damaged, or of another version\): the whole ledger was read/);
    expect(await place.open().inspect()).toMatchObject({ index: { problem: "it is damaged, or of another version" } });
  });

  test("one that everybody may write to", async () => {
    const place = await indexedLedger();
    await chmod(place.index, 0o666);

    expect(await unused(place)).toContain("everybody may write to it");
  });

  test("a link, and a folder in its place", async () => {
    const [linked, folder] = [await indexedLedger(), await indexedLedger()];
    await rename(linked.index, join(linked.root, "elsewhere"));
    await symlink(join(linked.root, "elsewhere"), linked.index);
    await rm(folder.index);
    await mkdir(folder.index);

    expect(await unused(linked)).toContain("(ELOOP)");
    expect(await unused(folder)).toContain("it is not a regular file");
  });

  test("one of another ledger", async () => {
    const [place, other] = [await indexedLedger(), await indexedLedger({ behind: [] })];
    const ledger = other.open({ checkpointEvery: 1 });
    await ledger.append(intent("d#1"));
    await ledger.close();
    const again = other.open({ checkpointEvery: 1 });
    await again.append(intent("e#1"));
    await again.close();
    await writeFile(place.index, await readFile(other.index));

    expect(await unused(place)).toContain("the ledger does not begin as it says");
    expect(await place.open().inspect()).toMatchObject({ index: { problem: "the ledger does not begin as it says" } });
  });

  test("one that covers more than an older copy of the ledger has", async () => {
    const place = await indexedLedger();
    const lines = (await place.bytes()).toString().split("\n");
    await place.setBytes(`${lines.slice(0, 3).join("\n")}\n`);

    const { answers, note } = await asked(place);

    expect(answers.records).toEqual(BEFORE.slice(0, 2));
    expect(note).toContain("the ledger does not begin as it says");
  });

  test("and is not told of again once it is gone and the ledger was read anew", async () => {
    const place = await indexedLedger();
    await writeFile(place.index, "garbage");
    const ledger = place.open();
    const before = await ledger.read();
    await rm(place.index);
    await place.setBytes((await place.bytes()).subarray(0, -1));

    expect([before.note, (await ledger.read()).note]).toEqual([expect.stringContaining("is of no use"), null]);
  });

  test("and the next run that writes makes a new one", async () => {
    const place = await indexedLedger();
    await writeFile(place.index, "garbage");

    const ledger = place.open({ checkpointEvery: 1 });
    await ledger.append(outcome("c#1"));
    await ledger.close();

    expect((await asked(place)).note).toBeNull();
    expect(await place.open().inspect()).toMatchObject({ index: { lines: BEFORE.length + BEHIND.length + 1 } });
  });
});

test("a changed bit of the index never changes an answer", async () => {
  const place = await indexedLedger();
  const sound = await readFile(place.index);
  const everyBit = fc.tuple(fc.nat(sound.length - 1), fc.nat(7));

  await fc.assert(
    fc.asyncProperty(everyBit, async ([at, bit]) => {
      const changed = Buffer.from(sound);
      changed[at] = (changed[at] ?? 0) ^ (1 << bit);
      await writeFile(place.index, changed);

      const { answers, note } = await asked(place);

      expect(answers).toEqual(EVERYTHING);
      expect(note).not.toBeNull();
    }),
    { numRuns: 200 },
  );
});

test("a changed bit of the ledger stops everything, index or not", async () => {
  const place = await indexedLedger();
  const sound = await place.bytes();
  const everyBit = fc.tuple(fc.nat(sound.length - 2), fc.nat(7));

  await fc.assert(
    fc.asyncProperty(everyBit, async ([at, bit]) => {
      const changed = Buffer.from(sound);
      changed[at] = (changed[at] ?? 0) ^ (1 << bit);
      await place.setBytes(changed);

      await expect(asked(place)).rejects.toThrow(LedgerError);
      await expect(place.open().append(intent("d#1"))).rejects.toThrow(LedgerError);
    }),
    { numRuns: 200 },
  );
});

describe("a ledger that changes under a run", () => {
  test("in a line that it asks for is not relied on", async () => {
    const place = await indexedLedger();
    const facts = await place.open().facts();
    const sound = (await place.bytes()).toString();
    await place.setBytes(sound.replace('"kind":"result"', '"kind":"resulT"'));

    expect(() => facts.recordsOf("a#1")).toThrow(LedgerError);
    expect(facts.recordsOf("c#1")).toEqual([BEHIND[1]]);
  });

  test("as a whole is not relied on", async () => {
    const place = await indexedLedger();
    const facts = await place.open().facts();
    await writeFile(`${place.file}.new`, await place.bytes());
    await rename(`${place.file}.new`, place.file);

    expect(() => facts.recordsOf("a#1")).toThrow(/moved or replaced/);
  });
});

describe("an index that cannot be written", () => {
  test("keeps no run: something is in the way of its draft", async () => {
    const place = await ledgerFolder();
    await place.write(BEFORE);
    await mkdir(join(place.folder, "ledger.index.tmp", "in-the-way"), { recursive: true });

    const ledger = place.open({ checkpointEvery: 1 });
    await ledger.append(outcome("b#1"));
    await ledger.close();

    expect(await place.records()).toEqual([...BEFORE, outcome("b#1")]);
    await expect(readFile(join(place.folder, "ledger.index"))).rejects.toMatchObject({ code: "ENOENT" });
  });

  test("leaves a draft when the process dies, which the next run replaces", async () => {
    const place = await indexedLedger();
    await rename(place.index, `${place.index}.tmp`);
    expect((await asked(place)).note).toBeNull();

    const ledger = place.open({ checkpointEvery: 1 });
    await ledger.append(outcome("c#1"));
    await ledger.close();

    expect(await place.open().inspect()).toMatchObject({ index: { lines: BEFORE.length + BEHIND.length + 1 } });
    await expect(readFile(`${place.index}.tmp`)).rejects.toMatchObject({ code: "ENOENT" });
  });
});

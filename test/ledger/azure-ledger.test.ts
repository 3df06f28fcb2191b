import { describe, expect, test } from "@jest/globals";
import { LedgerError } from "../../providers/domain/errors.ts";
import type { LedgerRecord } from "../../providers/domain/ledger-record.ts";
import { CHAIN_START, formatLines } from "../../providers/ledger/ledger-line.ts";
import { actionLedgerContract } from "../contract/action-ledger.contract.ts";
import { AT, intent, outcome, result } from "../contract/sample-records.ts";
import type { Fault } from "../support/faulty-proxy.ts";
import { AzurePlace } from "./azure-fixture.ts";
import { errorOf, faultyAzure, isAppend, isBrake } from "./faulty-azure.ts";

const storage = faultyAzure();

actionLedgerContract("the Azure ledger", async () => {
  const place = new AzurePlace(storage.azurite);
  return { open: (making) => place.door(making).ledger, put: (bytes) => place.put(bytes), remove: async () => undefined };
});

actionLedgerContract("the Azure ledger, with an index at every turn,", async () => {
  const place = new AzurePlace(storage.azurite);
  return {
    open: (making) => place.door({ checkpointEvery: 1, chunkBytes: 700, ...making }).ledger,
    put: (bytes) => place.put(bytes),
    remove: async () => undefined,
  };
});

describe("writers at the same moment", () => {
  test("each write each record once and in their own order, and the chain holds", async () => {
    const place = await new AzurePlace(storage.azurite).made();
    const names = ["one", "two", "three"];

    await Promise.all(
      names.map(async (name) => {
        const { ledger } = place.door();
        for (let count = 0; count < 8; count++) await ledger.append(result(`${name}-${count}#1`));
      }),
    );

    const keys = await place.keys();
    expect(keys).toHaveLength(24);
    for (const name of names)
      expect(keys.filter((key) => key.startsWith(`${name}-`))).toEqual(Array.from({ length: 8 }, (_, count) => `${name}-${count}#1`));
  });

  test("an objection is asked again when somebody else was faster, and then counts", async () => {
    const place = await new AzurePlace(storage.azurite).made();
    const slow = place.door({}, storage.proxy).ledger;
    await slow.read();
    const [arrived, go] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    storage.proxy.decide = async (request) => {
      if (isAppend(request)) {
        arrived.resolve();
        await go.promise;
      }
      return null;
    };
    const asked: number[] = [];

    const objected = slow.appendUnless(intent("slow#1"), (facts) => {
      asked.push(facts.destroyedSince(0).size);
      return facts.destroyedSince(0).size < 1 ? null : "enough";
    });
    await arrived.promise;
    await place.door().ledger.append(intent("fast#1"));
    go.resolve();

    expect(await objected).toBe("enough");
    expect([asked[0], asked.at(-1)]).toEqual([0, 1]);
    expect(await place.keys()).toEqual(["fast#1"]);
  });

  test("an objection to what is no longer so is not held against the record", async () => {
    const place = await new AzurePlace(storage.azurite).made();
    const { ledger } = place.door();
    await ledger.append(intent("old#1"));
    await place.door().ledger.append(outcome("old#1"));

    const found = await ledger.appendUnless(intent("new#1"), (facts) => (facts.recordsOf("old#1").length < 2 ? "unfinished" : null));

    expect(found).toBeNull();
    expect(await place.keys()).toEqual(["old#1", "old#1", "new#1"]);
  });

  test("only as many as allowed get through, whoever asks", async () => {
    const place = await new AzurePlace(storage.azurite).made();
    const objected = await Promise.all(
      Array.from({ length: 9 }, (_, index) =>
        place.door().ledger.appendUnless(intent(`race-${index}#1`), (facts) => (facts.destroyedSince(0).size < 2 ? null : "enough")),
      ),
    );

    expect(objected.filter((found) => found === null)).toHaveLength(2);
    expect(await place.keys()).toHaveLength(2);
  });
});

describe("an append whose answer is lost", () => {
  const lost: readonly [string, readonly Fault[]][] = [
    ["the connection breaks before it", ["resetBefore"]],
    ["the connection breaks after it", ["resetAfter"]],
    ["no answer comes, and it was not taken", ["hangBefore"]],
    ["no answer comes, and it was taken", ["hangAfter"]],
    ["500 after it was taken", [{ status: 500, code: "InternalError", when: "after" }]],
    ["503 before it was taken", [{ status: 503, code: "ServerBusy", when: "before" }]],
    ["first lost, then refused because it moved the end itself", ["resetBefore", "resetAfter"]],
    ["lost three times", ["resetBefore", { status: 503, code: "ServerBusy", when: "before" }, "resetAfter"]],
  ];

  test.each(lost)("%s: it is there once, and the next one behind it", async (_, faults) => {
    const place = await new AzurePlace(storage.azurite).made();
    const { ledger } = place.door({ timeoutMs: 400 }, storage.proxy);
    await ledger.read();
    storage.failNext(isAppend, ...faults);

    await ledger.append(intent("a#1"));
    await ledger.append(result("a#1"));

    expect(await place.records()).toEqual([intent("a#1"), result("a#1")]);
    expect(await ledger.recordsOf("a#1")).toHaveLength(2);
  });

  test("taken, and another wrote behind it: both are there once", async () => {
    const place = await new AzurePlace(storage.azurite).made();
    const { ledger } = place.door({}, storage.proxy);
    await ledger.read();
    let isLost = false;
    storage.proxy.decide = async (request) => {
      if (isAppend(request) && !isLost) {
        isLost = true;
        return "resetAfter";
      }
      if (request.method === "GET") {
        storage.proxy.decide = () => null;
        await place.door().ledger.append(result("other#1"));
      }
      return null;
    };

    await ledger.append(intent("a#1"));
    await ledger.append(result("a#1"));

    expect(await place.keys()).toEqual(["a#1", "other#1", "a#1"]);
  });

  test("one that comes in late, after it was tried again, changes nothing", async () => {
    const place = await new AzurePlace(storage.azurite).made();
    const { ledger } = place.door({ timeoutMs: 400 }, storage.proxy);
    await ledger.read();
    const [late, done] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    let tries = 0;
    storage.proxy.decide = async (request) => {
      if (!isAppend(request)) return null;
      tries += 1;
      if (tries > 1) return null;
      await late.promise;
      setImmediate(done.resolve);
      return "hangAfter";
    };

    await ledger.append(intent("a#1"));
    late.resolve();
    await done.promise;
    await ledger.append(result("a#1"));

    expect(tries).toBe(3);
    expect(await place.records()).toEqual([intent("a#1"), result("a#1")]);
  });

  test("for good: the record's writer is told, and later records go on from what is there", async () => {
    const place = await new AzurePlace(storage.azurite).made();
    const { ledger } = place.door({}, storage.proxy);
    await ledger.read();
    storage.proxy.decide = (request) => (isAppend(request) ? { status: 503, code: "ServerBusy", when: "before" } : null);

    const before = storage.proxy.requests.filter(isAppend).length;
    const errors = await Promise.all([errorOf(ledger.append(intent("a#1"))), errorOf(ledger.append(intent("b#1")))]);
    const tries = storage.proxy.requests.filter(isAppend).length - before;
    storage.proxy.decide = () => null;
    await ledger.append(result("c#1"));

    for (const error of errors) expect(error).toBeInstanceOf(LedgerError);
    expect(errors[0]?.message).toMatch(/cannot append to .*ledger-000001\.jsonl: 503 ServerBusy/);
    expect(errors[0]?.hint).toMatch(/wait a minute/);
    expect(tries).toBe(10);
    expect(await place.keys()).toEqual(["c#1"]);
  });
});

describe("a ledger in parts", () => {
  const limits = { blockBytes: 4 * 1024 * 1024, blocks: 4 };

  test("goes on in the next when one is full, also with several writers, and reads as one", async () => {
    const place = await new AzurePlace(storage.azurite).made();
    const names = ["one", "two"];

    await Promise.all(
      names.map(async (name) => {
        const { ledger } = place.door({ limits });
        for (let count = 0; count < 7; count++) await ledger.append(result(`${name}-${count}#1`));
      }),
    );
    const { records } = await place.door({ limits }).ledger.read();
    const parts: string[] = [];
    for await (const blob of place.container.listBlobsFlat({ prefix: "ledger-" })) parts.push(blob.name);

    expect(records.filter((record) => "key" in record)).toHaveLength(14);
    expect(records.filter((record) => record.kind === "continued").map((record) => record.in)).toEqual(parts.slice(1));
    expect(parts.length).toBeGreaterThan(3);
  });

  test("with one of them missing, is no ledger", async () => {
    const place = await new AzurePlace(storage.azurite).made();
    const { ledger } = place.door({ limits });
    for (let count = 0; count < 4; count++) await ledger.append(result(`a-${count}#1`));
    await place.container.getBlobClient("ledger-000002.jsonl").delete();

    for (const use of [
      () => place.door().ledger.read(),
      () => place.door().ledger.append(intent("b#1")),
      () => ledger.append(intent("b#1")),
    ]) {
      const error = await errorOf(use());
      expect(error).toBeInstanceOf(LedgerError);
      expect(error.message).toMatch(/ledger-000002\.jsonl/);
      expect(error.hint).toMatch(/restore/);
    }
  });

  test("does not go on over something that is not its own", async () => {
    const place = await new AzurePlace(storage.azurite).made();
    const stranger = place.container.getAppendBlobClient("ledger-000002.jsonl");
    await stranger.create();
    await stranger.appendBlock("hello\n", 6);
    const { ledger } = place.door({ limits });
    await ledger.append(result("a#1"));
    await ledger.append(result("b#1"));

    expect((await errorOf(ledger.append(result("c#1")))).message).toMatch(/ledger-000002\.jsonl holds something/);
    expect(await place.keys()).toEqual(["a#1", "b#1"]);
  });

  test.each<[string, readonly LedgerRecord[]]>([
    ["names another part than the next", [{ kind: "continued", in: "ledger-000009.jsonl", at: AT }]],
    ["has more behind the name of the next", [{ kind: "continued", in: "ledger-000002.jsonl", at: AT }, intent("a#1")]],
  ])("cannot be relied on when one %s", async (_, records) => {
    const place = new AzurePlace(storage.azurite);
    const created: LedgerRecord = { kind: "created", version: 2, at: AT };
    const { bytes } = formatLines(
      CHAIN_START,
      [created, ...records].map((record) => JSON.stringify(record)),
    );
    await place.put(bytes);

    expect((await errorOf(place.door().ledger.read())).message).toMatch(/ledger-000001\.jsonl cannot be relied on/);
  });

  test("takes up a next part that a crash left empty", async () => {
    const place = await new AzurePlace(storage.azurite).made();
    await place.container.getAppendBlobClient("ledger-000002.jsonl").create();
    const { ledger } = place.door({ limits });

    for (let count = 0; count < 5; count++) await ledger.append(result(`a-${count}#1`));

    expect(await place.keys()).toHaveLength(5);
  });

  test("many records at once go into several blocks when one would be too long; one that fits into none is refused alone", async () => {
    const place = await new AzurePlace(storage.azurite).made();
    const { ledger } = place.door({ limits: { blockBytes: 1_500, blocks: 50 } }, storage.proxy);
    await ledger.read();
    const before = storage.proxy.requests.filter(isAppend).length;
    const keys = Array.from({ length: 20 }, (_, index) => `many-${index}#1`);

    const [error] = await Promise.all([
      errorOf(ledger.append(result("long#1", { detail: "x".repeat(1_500) }))),
      ...keys.map((key) => ledger.append(result(key))),
    ]);

    expect(error.message).toMatch(/fits into no ledger/);
    expect(await place.keys()).toEqual(keys);
    const sizes = storage.proxy.requests
      .filter(isAppend)
      .slice(before)
      .map(({ headers }) => Number(headers["content-length"]));
    expect(Math.max(...sizes)).toBeLessThanOrEqual(1_500);
    expect(sizes.length).toBeLessThan(10);
  });
});

describe("a ledger that is read", () => {
  test("longer than one reading takes, comes in stretches, and later only what is new", async () => {
    const place = await new AzurePlace(storage.azurite).made();
    const records = Array.from({ length: 300 }, (_, index) => result(`long-${index}#1`, { detail: "ü".repeat(2_000) }));
    const writer = place.door().ledger;
    await Promise.all(records.map((record) => writer.append(record)));
    const { ledger } = place.door({ chunkBytes: 60_000 }, storage.proxy);

    const start = storage.proxy.requests.length;
    const first = await ledger.read();
    const afterFirst = storage.proxy.requests.length;
    await writer.append(outcome("last#1"));
    const second = await ledger.read();

    expect(first.records.slice(1)).toEqual(records);
    expect(afterFirst - start).toBeGreaterThan(5);
    expect(second.records).toHaveLength(302);
    expect(storage.proxy.requests.length - afterFirst).toBe(1);
  });

  test.each([
    ["a quick line", 0, [400, 1_600, 1_600]],
    ["a slow one", 1_000, [400, 400, 400]],
  ])("over %s, comes in pieces that it brings in time", async (_, took, sizes) => {
    const place = await new AzurePlace(storage.azurite).made();
    const writer = place.door().ledger;
    await Promise.all(Array.from({ length: 20 }, (_, index) => writer.append(result(`long-${index}#1`))));
    const { ledger, clock } = place.door({ chunkBytes: 400 }, storage.proxy);
    const start = storage.proxy.requests.length;
    storage.proxy.decide = () => {
      clock.advance(took);
      return null;
    };

    await ledger.read();

    const ranges = storage.proxy.requests.slice(start, start + 3).map(({ headers }) => String(headers["x-ms-range"]));
    // Each but the first begins a byte early.
    const asked = ranges.map((range) => range.replace("bytes=", "").split("-").map(Number)).map(([from = 0, to = 0]) => to + 1 - from);
    expect(asked).toEqual(sizes.map((size, place) => (place === 0 ? size : size + 1)));
  });

  test.each<[string, Fault]>([
    ["breaks off in the middle", "cut"],
    ["never comes", "hangAfter"],
  ])("in an answer that %s, is asked for again", async (_, fault) => {
    const place = await new AzurePlace(storage.azurite).made();
    await place.door().ledger.append(intent("a#1"));
    const { ledger } = place.door({ timeoutMs: 400 }, storage.proxy);
    storage.failNext(({ method }) => method === "GET", fault, fault);

    expect((await ledger.read()).records.slice(1)).toEqual([intent("a#1")]);
  });

  test("by many at once, is read once or twice", async () => {
    const place = await new AzurePlace(storage.azurite).made();
    const { ledger } = place.door({}, storage.proxy);
    await ledger.read();
    const before = storage.proxy.requests.length;

    await Promise.all(Array.from({ length: 64 }, (_, index) => ledger.recordsOf(`a-${index}#1`)));

    expect(storage.proxy.requests.length - before).toBeLessThanOrEqual(2);
  });

  test("by many at once while storage is away, fails for all of them after a few tries", async () => {
    const place = await new AzurePlace(storage.azurite).made();
    const { ledger } = place.door({}, storage.proxy);
    await ledger.read();
    const before = storage.proxy.requests.length;
    storage.proxy.decide = () => "resetBefore";

    const errors = await Promise.all(Array.from({ length: 64 }, (_, index) => errorOf(ledger.recordsOf(`a-${index}#1`))));

    for (const error of errors) expect(error).toBeInstanceOf(LedgerError);
    expect(storage.proxy.requests.length - before).toBeLessThanOrEqual(10);
  });

  const changes: readonly [string, (place: AzurePlace) => Promise<unknown>, RegExp][] = [
    ["removed", (place) => place.container.getBlobClient("ledger-000001.jsonl").delete(), /removed, replaced or cut/],
    [
      "replaced by an older copy",
      async (place) => {
        const blob = place.container.getAppendBlobClient("ledger-000001.jsonl");
        const old = (await blob.downloadToBuffer()).subarray(0, 120);
        await blob.create();
        await blob.appendBlock(old, old.length);
      },
      /removed, replaced or cut/,
    ],
    [
      "replaced by something of the same length",
      async (place) => {
        const blob = place.container.getAppendBlobClient("ledger-000001.jsonl");
        const { length } = await blob.downloadToBuffer();
        await blob.create();
        await blob.appendBlock("x".repeat(length), length);
      },
      /removed, replaced or cut/,
    ],
    [
      "continued by a stranger",
      (place) => place.container.getAppendBlobClient("ledger-000001.jsonl").appendBlock("hello\n", 6),
      /line 3 .*cannot be relied on/,
    ],
  ];

  test.each(changes)("and then %s, is not written to", async (_, change, message) => {
    const place = await new AzurePlace(storage.azurite).made();
    const { ledger } = place.door();
    await ledger.append(intent("a#1"));
    await change(place);

    const error = await errorOf(ledger.append(result("a#1")));

    expect(error).toBeInstanceOf(LedgerError);
    expect(error.message).toMatch(message);
    expect(error.hint).not.toBe("");
  });

  test("and ends in the middle of a line, is not relied on", async () => {
    const place = await new AzurePlace(storage.azurite).made();
    await place.container.getAppendBlobClient("ledger-000001.jsonl").appendBlock('{"seq":2', 8);

    expect((await errorOf(place.door().ledger.read())).message).toMatch(/middle of a line/);
  });

  test("is made anew by the first record only where that is allowed, with its container", async () => {
    const place = new AzurePlace(storage.azurite);
    const { ledger } = place.door({ createWhenMissing: true });

    await Promise.all([
      ledger.append(intent("a#1")),
      ledger.append(intent("b#1")),
      place.door({ createWhenMissing: true }).ledger.append(result("c#1")),
    ]);

    expect([...(await place.keys())].sort()).toEqual(["a#1", "b#1", "c#1"]);
  });
});

describe("the brake", () => {
  test("is read anew with each question, and once for those who ask at once", async () => {
    const place = await new AzurePlace(storage.azurite).made();
    const { ledger } = place.door({}, storage.proxy);
    const count = () => storage.proxy.requests.filter(isBrake).length;
    await ledger.brake();

    const before = count();
    await Promise.all(Array.from({ length: 20 }, () => ledger.brake()));
    const atOnce = count() - before;
    await ledger.brake();
    await ledger.brake();

    expect(atOnce).toBe(1);
    expect(count() - before - atOnce).toBe(2);
  });

  test.each<[string, Fault]>([
    ["storage breaks the connection", "resetBefore"],
    ["storage forbids it", { status: 403, code: "AuthorizationPermissionMismatch", when: "before" }],
  ])("counts as set when %s", async (_, fault) => {
    const place = await new AzurePlace(storage.azurite).made();
    const { ledger } = place.door({}, storage.proxy);
    storage.proxy.decide = (request) => (isBrake(request) ? fault : null);

    expect(await ledger.brake()).toMatch(/cannot be read \(.+\), which counts as set/);
  });

  test("counts as set when its blob was removed or holds something else; setting it anew makes it again", async () => {
    const place = await new AzurePlace(storage.azurite).made();
    const { ledger } = place.door();
    const blob = place.container.getAppendBlobClient("brake.jsonl");
    await blob.appendBlock("hello\n", 6);
    const damaged = await ledger.brake();
    await blob.delete();
    const removed = await ledger.brake();
    await ledger.setBrake("stop", "anna", "maintenance");
    await ledger.setBrake("resume", "anna", "done", "s2");
    const remembered = await ledger.brake();
    await blob.delete();
    await ledger.setBrake("resume", "anna", "looked at it", "missing");

    expect(damaged).toMatch(/damaged, which counts as set/);
    expect(removed).toMatch(/missing, which counts as set: .*dlr resume --ledger http:/);
    expect(remembered).toMatch(/^the brake was missing when the next stop was set/);
    expect(await ledger.brake()).toBeNull();
  });

  test("is set once, whatever becomes of the answer, and by two people at once", async () => {
    const place = await new AzurePlace(storage.azurite).made();
    const { ledger } = place.door({}, storage.proxy);
    await ledger.read();
    storage.failNext(({ method, target }) => method === "PUT" && target.includes("/brake.jsonl"), "resetAfter");

    await Promise.all([ledger.setBrake("stop", "anna", "wrong devices"), place.door().ledger.setBrake("stop", "ben", "the same")]);

    expect((await ledger.brakes()).map(({ who }) => who).sort()).toEqual(["anna", "ben"]);
  });
});

import { beforeEach, describe, expect, test } from "@jest/globals";
import { LedgerBusyError, LedgerError } from "../../providers/domain/errors.ts";
import { deviceBlobName } from "../../providers/ledger/azure/azure-lease.ts";
import { DEVICE, intent, outcome, result } from "../contract/sample-records.ts";
import { AzurePlace } from "./azure-fixture.ts";
import { errorOf, faultyAzure, isRenewal } from "./faulty-azure.ts";

const storage = faultyAzure();

describe("a device and its lease", () => {
  const id = DEVICE.id;
  let place: AzurePlace;

  beforeEach(async () => {
    place = await new AzurePlace(storage.azurite).made();
  });

  const lease = () => place.container.getBlobClient(deviceBlobName(id)).getBlobLeaseClient();

  test("who finds it busy is told who holds it, and what becomes of a dead one's lease", async () => {
    const other = place.door({ waitMs: 1_000 });

    const error = await place
      .door({ holder: "process 7 on build-3, https://example.com/pull/12" })
      .ledger.withDevice(id, () => errorOf(other.ledger.withDevice(id.toUpperCase(), async () => "acted")));

    expect(error).toBeInstanceOf(LedgerBusyError);
    expect(error.message).toMatch(/in use by process 7 on build-3, https:\/\/example\.com\/pull\/12, since 20.*Z/);
    expect(error.hint).toMatch(/within 60 seconds/);
  });

  test("who waits gets it after the one before, and reads what that one wrote", async () => {
    const freed = Promise.withResolvers<void>();
    const taken = Promise.withResolvers<void>();
    const first = place.door().ledger;
    const work = first.withDevice(id, async () => {
      await first.append(intent("first#1"));
      taken.resolve();
      await freed.promise;
      await first.append(result("first#1"));
    });
    await taken.promise;
    const second = place.door({ waitMs: 60_000, clock: { now: () => Date.now(), sleep: async () => freed.resolve() } }).ledger;
    await second.read();

    const seen = await second.withDevice(id, async () => {
      const records = await second.recordsOf("first#1");
      await second.append(outcome("first#1"));
      return records;
    });
    await work;

    expect(seen.map(({ kind }) => kind)).toEqual(["intent", "result"]);
    expect((await place.records()).map(({ kind }) => kind)).toEqual(["intent", "result", "outcome"]);
  });

  test("a broken lease is noticed before the next send, and nothing more is recorded", async () => {
    const { ledger } = place.door();

    const errors = await ledger.withDevice(id, async () => {
      await ledger.append(intent("a#1"));
      await lease().breakLease(0);
      return [await errorOf(ledger.brake(id)), await errorOf(ledger.append(result("a#1")))];
    });

    for (const error of errors) expect(error).toBeInstanceOf(LedgerBusyError);
    expect(errors[0]?.message).toMatch(/not ours any more.*lease.*lost/);
    expect(errors[0]?.hint).toMatch(/no other run/);
    expect(await place.keys()).toEqual(["a#1"]);
  });

  test("a broken lease that another took is noticed too", async () => {
    const { ledger } = place.door();

    const error = await ledger.withDevice(id, async () => {
      await lease().breakLease(0);
      return place.door().ledger.withDevice(id, () => errorOf(ledger.brake(id)));
    });

    expect(error).toBeInstanceOf(LedgerBusyError);
  });

  test.each([
    ["that stood still too long", 46_000],
    ["that was set back", -60_000],
  ])("a lease that our own clock cannot vouch for, one %s, is lost for good", async (_, milliseconds) => {
    const { ledger, clock } = place.door();

    const errors = await ledger.withDevice(id, async () => {
      clock.advance(milliseconds);
      const first = await errorOf(ledger.append(intent("a#1")));
      clock.advance(-milliseconds);
      return [first, await errorOf(ledger.append(intent("a#1"))), await errorOf(ledger.brake(id))];
    });

    for (const error of errors) expect(error).toBeInstanceOf(LedgerBusyError);
    expect(await place.keys()).toEqual([]);
    expect(await ledger.withDevice(id, async () => "ours again")).toBe("ours again");
  });

  test("a lease is renewed while the work lasts, and given back after it", async () => {
    const { ledger, clock, beat } = place.door({}, storage.proxy);
    const before = storage.proxy.requests.filter(isRenewal).length;

    await ledger.withDevice(id, async () => {
      await beat();
      for (let minute = 0; minute < 4; minute++) {
        clock.advance(30_000);
        await beat();
      }
      await ledger.append(intent("a#1"));
    });

    expect(storage.proxy.requests.filter(isRenewal).length - before).toBe(4);
    expect(await place.door().ledger.withDevice(id, async () => "free")).toBe("free");
  });

  test("a lease that storage cannot renew is lost when its time is over, not before", async () => {
    const { ledger, clock, beat } = place.door({}, storage.proxy);

    const [inTime, error] = await ledger.withDevice(id, async () => {
      storage.failNext(isRenewal, ...Array.from({ length: 9 }, () => ({ status: 503, code: "ServerBusy", when: "before" }) as const));
      clock.advance(30_000);
      await beat();
      await ledger.append(intent("a#1"));
      const keys = await place.keys();
      clock.advance(16_000);
      await beat();
      return [keys, await errorOf(ledger.append(result("a#1")))] as const;
    });

    expect(inTime).toEqual(["a#1"]);
    expect(error).toBeInstanceOf(LedgerBusyError);
    expect(error.message).toMatch(/not renewed in time: Told by the proxy/);
  });

  test("a send is held back while storage cannot say whose the device is", async () => {
    const { ledger } = place.door({}, storage.proxy);

    const error = await ledger.withDevice(id, async () => {
      storage.proxy.decide = (request) => (isRenewal(request) ? "resetBefore" : null);
      return errorOf(ledger.brake(id));
    });

    expect(error).toBeInstanceOf(LedgerError);
    expect(error.message).toMatch(/cannot renew the lease on/);
  });

  test("a record of the device from somebody else ends our work, even before storage or the clock tell", async () => {
    const { ledger } = place.door();

    const error = await ledger.withDevice(id, async () => {
      await ledger.append(intent("a#1"));
      await place.door().ledger.append(result("a#1"));
      return errorOf(ledger.append(result("a#1", { detail: "ours" })));
    });

    expect(error).toBeInstanceOf(LedgerBusyError);
    expect(error.message).toMatch(/another run recorded something/);
    expect(await place.records()).toEqual([intent("a#1"), result("a#1")]);
  });

  test("records of other devices end nothing", async () => {
    const { ledger } = place.door();

    await ledger.withDevice(id, async () => {
      await place.door().ledger.append(intent("b#1", { device: { ...DEVICE, id: "other" } }));
      await ledger.append(intent("a#1"));
    });

    expect(await place.keys()).toEqual(["b#1", "a#1"]);
  });

  test("an answer that is lost leaves no lease behind that nobody knows of", async () => {
    const { ledger } = place.door({}, storage.proxy);
    await ledger.read();
    storage.failNext(({ headers }) => headers["x-ms-lease-action"] === "acquire", "resetAfter", "resetAfter");

    const done = await ledger.withDevice(id, async () => ledger.brake(id));

    expect(done).toBeNull();
    expect(await place.door().ledger.withDevice(id, async () => "free")).toBe("free");
  });

  test("within the work on it, reading costs no request", async () => {
    const { ledger } = place.door({}, storage.proxy);
    await ledger.append(intent("a#1"));

    await ledger.withDevice(id, async () => {
      const before = storage.proxy.requests.length;
      for (let count = 0; count < 20; count++) await Promise.all([ledger.recordsOf("a#1"), ledger.facts()]);
      expect(storage.proxy.requests.length - before).toBe(0);
    });
  });
});

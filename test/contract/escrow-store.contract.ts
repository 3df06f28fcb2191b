import { inspect } from "node:util";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { EscrowError } from "../../providers/domain/errors.ts";
import type { EscrowReader } from "../../providers/domain/ports.ts";
import { Redacted } from "../../providers/domain/redacted.ts";
import type { OpenedEscrow } from "../../providers/escrow/open-escrow.ts";
import { ENTRY, formsOf, SECRET } from "../support/escrow-sample.ts";
import { DEVICE } from "./sample-records.ts";

/**
 * One place for secrets: doors for writers, one for the authorized reader, and hands on its faults.
 */
export interface EscrowPlace {
  open(): OpenedEscrow;
  readonly reader: EscrowReader;
  /** What an adapter keeps of the device's name, which only some stores can hide. */
  readonly keepsDeviceName: boolean;
  /** A writer whose next read-back gives something else than what was put. */
  openDistorting(): OpenedEscrow;
  /** Makes the store unusable until the test ends. */
  breakDown(): Promise<void>;
  /** Every byte that the place holds in the clear. */
  plainBytes(): Promise<string>;
  remove(): Promise<void>;
}

/** What every adapter behind `EscrowStore` promises. */
export function escrowStoreContract(name: string, newPlace: () => Promise<EscrowPlace>): void {
  describe(`${name} keeps the contract of EscrowStore`, () => {
    let place: EscrowPlace;

    beforeEach(async () => {
      place = await newPlace();
    });

    afterEach(async () => {
      await place.remove();
    });

    test("gives a reference, by which the authorized reader finds the secret and what it is of", async () => {
      const { reference } = await place.open().put(ENTRY, new Redacted(SECRET));

      const found = await place.reader.reveal(reference);

      expect(found.secret.reveal()).toBe(SECRET);
      expect(found.entry).toEqual({ ...ENTRY, deviceName: place.keepsDeviceName ? ENTRY.deviceName : null });
    });

    test("keeps nothing of device or secret in a reference", async () => {
      const { reference } = await place.open().put(ENTRY, new Redacted(SECRET));

      for (const part of [...formsOf(SECRET), "DMPXK2ABCDEF", DEVICE.id, "leeds-leaver-0042", "Anna"]) {
        expect(reference.toLowerCase()).not.toContain(part.toLowerCase());
      }
    });

    test("never overwrites: each put is an entry of its own", async () => {
      const store = place.open();
      const first = await store.put(ENTRY, new Redacted(SECRET));
      const second = await place.open().put(ENTRY, new Redacted("another code of the same device"));

      expect(second.reference).not.toBe(first.reference);
      expect((await place.reader.reveal(first.reference)).secret.reveal()).toBe(SECRET);
      expect((await place.reader.reveal(second.reference)).secret.reveal()).toBe("another code of the same device");
    });

    test("takes many secrets at once", async () => {
      const store = place.open();
      const secrets = Array.from({ length: 12 }, (_, index) => `secret number ${index} of many`);

      const put = await Promise.all(secrets.map((secret) => store.put(ENTRY, new Redacted(secret))));

      const found = await Promise.all(put.map(({ reference }) => place.reader.reveal(reference)));
      expect(found.map((one) => one.secret.reveal())).toEqual(secrets);
      expect(new Set(put.map(({ reference }) => reference)).size).toBe(secrets.length);
    });

    test("keeps a secret of any form, letter by letter", async () => {
      const store = place.open();
      for (const secret of ["0042", " leading and trailing ", 'quo"te\\ \n line', "Ünïcode 😀"]) {
        const { reference } = await store.put({ ...ENTRY, kind: "passcode" }, new Redacted(secret));

        expect((await place.reader.reveal(reference)).secret.reveal()).toBe(secret);
      }
    });

    test("keeps the device's empty facts empty", async () => {
      const device = { id: "id-only", serialNumber: null, enrolledDateTime: null };
      const { reference } = await place.open().put({ ...ENTRY, device, deviceName: null }, new Redacted(SECRET));

      expect((await place.reader.reveal(reference)).entry).toEqual({ ...ENTRY, device, deviceName: null });
    });

    test("holds no secret in the clear", async () => {
      await place.open().put(ENTRY, new Redacted(SECRET));

      const bytes = await place.plainBytes();

      expect(bytes.length).toBeGreaterThan(0);
      for (const form of formsOf(SECRET)) expect(bytes).not.toContain(form);
    });

    test("does not return when what it reads back is something else", async () => {
      const error: unknown = await place
        .openDistorting()
        .put(ENTRY, new Redacted(SECRET))
        .catch((thrown: unknown) => thrown);

      expect(error).toBeInstanceOf(EscrowError);
      expect(String(error)).toMatch(/read back/);
      expect(inspect(error, { depth: 10, showHidden: true })).not.toContain(SECRET);
    });

    test("says what to do when it cannot be used, and tells no secret", async () => {
      await place.breakDown();

      const error: unknown = await place
        .open()
        .put(ENTRY, new Redacted(SECRET))
        .catch((thrown: unknown) => thrown);

      expect(error).toBeInstanceOf(EscrowError);
      expect((error as EscrowError).hint).not.toBe("");
      expect(inspect(error, { depth: 10, showHidden: true })).not.toContain(SECRET);
    });

    test("touches nothing before the first put", async () => {
      await place.breakDown();

      expect(place.open().describe()).not.toBe("");
    });
  });
}

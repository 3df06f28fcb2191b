import { expect, test } from "@jest/globals";
import { Encrypter } from "age-encryption";
import { EscrowError } from "../../providers/domain/errors.ts";
import { Redacted } from "../../providers/domain/redacted.ts";
import { sealFor, unsealEntry } from "../../providers/escrow/file/sealed-entry.ts";
import { ENTRY, SECRET } from "../support/escrow-sample.ts";
import { newKeyPair } from "./escrow-folder-fixture.ts";

async function sealed(content: unknown, recipient: string): Promise<Uint8Array> {
  const encrypter = new Encrypter();
  encrypter.addRecipient(recipient);
  return encrypter.encrypt(JSON.stringify(content));
}

test("an entry opens as what was sealed", async () => {
  const { identity, recipient } = await newKeyPair();

  const found = await unsealEntry(await (await sealFor([recipient]))(ENTRY, new Redacted(SECRET)), [identity]);

  expect(found?.entry).toEqual(ENTRY);
  expect(found?.secret.reveal()).toBe(SECRET);
});

const WHOLE = { version: 1, secret: SECRET, ...ENTRY };

test("an entry with a kind of secret that another version knows opens all the same", async () => {
  const { identity, recipient } = await newKeyPair();

  const found = await unsealEntry(await sealed({ ...WHOLE, kind: "recoveryKey" }, recipient), [identity]);

  expect([found?.entry, found?.secret.reveal()]).toEqual([{ ...ENTRY, kind: "recoveryKey" }, SECRET]);
});

test.each([
  ["of a newer version", { ...WHOLE, version: 2 }],
  ["without a version", { ...WHOLE, version: undefined }],
  ["without a secret", { ...WHOLE, secret: undefined }],
  ["without a device", { ...WHOLE, device: undefined }],
  ["of a device without an id", { ...WHOLE, device: { ...ENTRY.device, id: 7 } }],
  ["of a device without a word on its serial number", { ...WHOLE, device: { ...ENTRY.device, serialNumber: undefined } }],
  ["of a device whose enrolment is a number", { ...WHOLE, device: { ...ENTRY.device, enrolledDateTime: 7 } }],
  ["without a kind", { ...WHOLE, kind: undefined }],
  ["without its request", { ...WHOLE, requestKey: undefined }],
  ["without a time", { ...WHOLE, capturedAt: undefined }],
  ["whose device has a number for a name", { ...WHOLE, deviceName: 7 }],
  ["that is no object", SECRET],
])("an entry %s is not guessed at", async (_, content) => {
  const { identity, recipient } = await newKeyPair();

  const opened = unsealEntry(await sealed(content, recipient), [identity]);

  await expect(opened).rejects.toThrow(EscrowError);
  await expect(opened).rejects.not.toThrow(SECRET);
});

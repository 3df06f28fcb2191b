import { expect, test } from "@jest/globals";
import { Encrypter } from "age-encryption";
import { EscrowError } from "../../providers/domain/errors.ts";
import { Redacted } from "../../providers/domain/redacted.ts";
import { sealEntry, unsealEntry } from "../../providers/escrow/file/sealed-entry.ts";
import { ENTRY, SECRET } from "../support/escrow-sample.ts";
import { newKeyPair } from "./escrow-folder-fixture.ts";

async function sealed(content: unknown, recipient: string): Promise<Uint8Array> {
  const encrypter = new Encrypter();
  encrypter.addRecipient(recipient);
  return encrypter.encrypt(JSON.stringify(content));
}

test("an entry opens as what was sealed", async () => {
  const { identity, recipient } = await newKeyPair();

  const found = await unsealEntry(await sealEntry(ENTRY, new Redacted(SECRET), [recipient]), [identity]);

  expect(found?.entry).toEqual(ENTRY);
  expect(found?.secret.reveal()).toBe(SECRET);
});

test.each([
  ["of a newer version", { version: 2, secret: SECRET, device: ENTRY.device }],
  ["without a version", { secret: SECRET, device: ENTRY.device }],
  ["without a secret", { version: 1, device: ENTRY.device }],
  ["without a device", { version: 1, secret: SECRET }],
  ["that is no object", SECRET],
])("an entry %s is not guessed at", async (_, content) => {
  const { identity, recipient } = await newKeyPair();

  const opened = unsealEntry(await sealed(content, recipient), [identity]);

  await expect(opened).rejects.toThrow(EscrowError);
  await expect(opened).rejects.not.toThrow(SECRET);
});

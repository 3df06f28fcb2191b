import { randomUUID } from "node:crypto";
import { appendFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { EscrowError } from "../../providers/domain/errors.ts";
import { Redacted } from "../../providers/domain/redacted.ts";
import { escrowPlaceAt } from "../../providers/escrow/escrow-stores.ts";
import { confirmWithIdentities } from "../../providers/escrow/file/confirmations.ts";
import { openEscrowReader } from "../../providers/escrow/open-escrow-reader.ts";
import { ENTRY, SECRET } from "../support/escrow-sample.ts";
import { escrowFolder, expectUnusable, newKeyPair, noCredential, type Place, SUFFIXES, writeRecipients } from "./escrow-folder-fixture.ts";

const secret = new Redacted(SECRET);

describe("a recipient counts once somebody has opened a challenge with its key", () => {
  const check = (place: Place) =>
    escrowPlaceAt("file:escrow", { root: place.root, isLoopbackGraph: false, vaultSuffixes: SUFFIXES }).check();
  const confirm = (place: Place, recipient: string, identity: string) =>
    confirmWithIdentities([recipient], [identity], { folder: place.folder, who: "ben@laptop", at: ENTRY.capturedAt, uuid: randomUUID });

  test("until then nothing is encrypted to it, and the check names it", async () => {
    const place = await escrowFolder();
    const second = await newKeyPair();
    await appendFile(join(place.folder, "recipients.txt"), `# Ben\n${second.recipient}\n`);
    const identityFile = join(place.root, "ben.txt");
    await writeFile(identityFile, second.identity);
    const ben = openEscrowReader({ root: place.root, identityFile, vaultSuffixes: SUFFIXES, credential: noCredential });

    const leftOut = await check(place);
    const { reference: before } = await place.open().put(ENTRY, secret);
    await confirm(place, second.recipient, second.identity);
    const { reference: after } = await place.open().put(ENTRY, secret);

    expect(leftOut).toEqual([{ key: second.recipient, line: 4, comment: "Ben" }]);
    await expect(ben.reveal(before)).rejects.toThrow(EscrowError);
    expect((await place.reader.reveal(before)).secret.reveal()).toBe(SECRET);
    expect((await ben.reveal(after)).secret.reveal()).toBe(SECRET);
    expect(await check(place)).toEqual([]);
  });

  test("where nobody has, nothing is put, and the command to type is named", async () => {
    const place = await escrowFolder();
    const second = await newKeyPair();
    for (const proofs of [undefined, "[]", JSON.stringify([{ recipient: second.recipient, at: "", who: "" }])]) {
      await rm(join(place.folder, "confirmed.json"), { force: true });
      if (proofs !== undefined) await writeFile(join(place.folder, "confirmed.json"), proofs);

      await expectUnusable(
        place,
        /none of the 1 in .*recipients\.txt has proven .*age1.* \(line 2, a reader\)/,
        /\.\/dlr recipients confirm --identity FILE --escrow/,
      );
    }
  });

  test("proofs that cannot be read prove nothing", async () => {
    const place = await escrowFolder();
    await writeFile(join(place.folder, "confirmed.json"), `[{"recipient":"${place.recipient}"`);

    await expectUnusable(place, /confirmed\.json is damaged/);
  });

  test("what comes from an emulator needs no proof", async () => {
    const place = await escrowFolder();
    await rm(join(place.folder, "confirmed.json"));

    const { reference } = await place.open({ isLoopbackGraph: true }).put(ENTRY, secret);

    expect((await place.reader.reveal(reference)).secret.reveal()).toBe(SECRET);
  });
});

describe("who could read, in a text", () => {
  const readers = (root: string, location = "file:escrow") =>
    escrowPlaceAt(location, { root, isLoopbackGraph: false, vaultSuffixes: SUFFIXES }).describeReaders();

  test("changes with the proven keys, and with nothing else", async () => {
    const place = await escrowFolder();
    const other = (await newKeyPair()).recipient;
    const alone = await readers(place.root);
    await appendFile(join(place.folder, "recipients.txt"), `# listed, not proven\n${other}\n`);
    const listed = await readers(place.root);
    await writeRecipients(place.folder, place.recipient, other);
    const both = await readers(place.root);
    await writeRecipients(place.folder, other, place.recipient);
    const turned = await readers(place.root);
    await writeRecipients(place.folder, other);
    const swapped = await readers(place.root);

    expect(alone).toMatch(/^1 with proven keys, SHA-256 [0-9a-f]{32}$/);
    expect(listed).toBe(alone);
    expect(both).toMatch(/^2 with/);
    expect(turned).toBe(both);
    expect(new Set([alone, both, swapped]).size).toBe(3);
  });

  test("is nobody where nobody could, and a vault's address for a vault", async () => {
    const place = await escrowFolder();
    await rm(join(place.folder, "confirmed.json"));

    expect(await readers(place.root)).toBe("nobody");
    await writeFile(join(place.folder, "confirmed.json"), "{");
    expect(await readers(place.root)).toBe("nobody");
    expect(await readers(join(place.root, "elsewhere"))).toBe("nobody");
    expect(await readers(place.root, "https://codes.vault.azure.net/")).toBe("whom https://codes.vault.azure.net lets in");
  });
});

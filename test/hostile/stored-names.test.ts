import { randomUUID } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "@jest/globals";
import fc from "fast-check";
import type { EscrowEntry } from "../../providers/domain/ports.ts";
import { Redacted } from "../../providers/domain/redacted.ts";
import { writeAuditLine } from "../../providers/escrow/audit-file.ts";
import { escrowedAt } from "../../providers/escrow/escrow-stores.ts";
import { parseFileReference } from "../../providers/escrow/file/folder-location.ts";
import { entryOfTags, entryTags } from "../../providers/escrow/key-vault/key-vault-tags.ts";
import { parseVaultReference } from "../../providers/escrow/key-vault/vault-location.ts";
import { approvalHeaders, isApprovalId } from "../../providers/graph/actions/approval.ts";
import { intent } from "../contract/sample-records.ts";
import { escrowFolder } from "../escrow/escrow-folder-fixture.ts";
import { ledgerFolder } from "../ledger/ledger-folder-fixture.ts";
import { ENTRY } from "../support/escrow-sample.ts";
import { hostileText, SEED } from "../support/hostile-text.ts";

function entryWith(text: string): EscrowEntry {
  return { ...ENTRY, requestKey: `${text}#1`, deviceName: text, device: { id: text, serialNumber: text, enrolledDateTime: text } };
}

test("whatever devices and requests are called, an entry has a name of chance in its folder, and comes back as it was", async () => {
  const place = await escrowFolder();
  const store = place.open();
  await fc.assert(
    fc.asyncProperty(hostileText, hostileText, async (text, secret) => {
      const wellFormed = text.toWellFormed();
      const { reference } = await store.put(entryWith(wellFormed), new Redacted(secret.toWellFormed()));

      const revealed = await place.reader.reveal(reference);

      expect(revealed.entry).toEqual(entryWith(wellFormed));
      expect(revealed.secret.reveal()).toBe(secret.toWellFormed());
    }),
    { numRuns: 40, seed: SEED },
  );
  const names = await readdir(place.root, { recursive: true });
  expect(names.filter((name) => !/^escrow(\/([0-9a-f]{32}\.age|recipients\.txt|confirmed\.json))?$/.test(name))).toEqual([]);
});

test("whatever they are called, the ledger and the audit keep one line for each record, in files of their own names", async () => {
  const place = await ledgerFolder();
  const texts = fc.sample(hostileText, { numRuns: 40, seed: SEED });
  const records = texts.map((text) => intent(`${text}#1`, { action: text, clientRequestId: text, managementState: text }));
  await place.write(records);
  const audit = path.join(place.root, "audit");
  for (const text of texts)
    await writeAuditLine(audit, place.root, {
      at: text,
      who: text,
      action: "reveal",
      reference: text,
      kind: text,
      device: text,
      requestKey: text,
    });

  expect(await place.records()).toEqual(records);
  expect((await readFile(path.join(audit, "audit.jsonl"), "utf8")).trimEnd().split("\n")).toHaveLength(texts.length);
  const names = await readdir(place.root, { recursive: true });
  expect(names.sort()).toEqual(["audit", "audit/audit.jsonl", "ledger", "ledger/brake.jsonl", "ledger/ledger.jsonl", "ledger/ledger.lock"]);
});

test("a reference leads to one entry of a folder or to one version in a vault, or nowhere", () => {
  const id = randomUUID().replaceAll("-", "");
  const around = fc.constantFrom("file:escrow/", "file:", "file:/", "https://a.vault.azure.net/secrets/", "https://", "");
  const end = fc.constantFrom(`${id}.age`, `/${id}.age`, ".age", `dl-${id}/${id}`, "");
  fc.assert(
    fc.property(around, hostileText, end, (before, text, after) => {
      const reference = before + text + after;
      let auditFolder: string | null;
      try {
        auditFolder = escrowedAt(reference, "/project").auditFolder;
      } catch (error) {
        expect(error).toMatchObject({ disposition: "wrongUse" });
        return;
      }
      if (auditFolder === null)
        expect(new URL(parseVaultReference(reference).vaultUrl).origin).toBe(parseVaultReference(reference).vaultUrl);
      else expect(path.basename(parseFileReference(reference, "/project").path)).toMatch(/^[0-9a-f]{32}\.age$/);
    }),
    { numRuns: 2_000, seed: SEED },
  );
});

test("no text breaks the headers that ask for an approval", () => {
  fc.assert(
    fc.property(hostileText, hostileText, (why, code) => {
      const headers = approvalHeaders(why, isApprovalId(code) ? code : undefined);

      expect(Object.values(headers).filter((value) => !/^[\w.:+/=-]+$/.test(value))).toEqual([]);
      expect([...new Headers(headers).keys()]).toEqual(Object.keys(headers).sort());
    }),
    { numRuns: 500, seed: SEED },
  );
});

test("what stands beside a secret in a vault is text of at most 256 characters, of known names", () => {
  fc.assert(
    fc.property(hostileText, (text) => {
      const tags = entryTags(entryWith(text.repeat(20)));

      expect(Object.values(tags).filter((value) => value.length > 256)).toEqual([]);
      expect(entryOfTags(JSON.parse(JSON.stringify(tags)))?.kind).toBe(ENTRY.kind);
      expect(entryOfTags({ [text]: text, version: text })).toBeNull();
    }),
    { numRuns: 300, seed: SEED },
  );
});

import { appendFile, chmod, mkdir, rename, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { ledgerFolder } from "./ledger-folder-fixture.ts";

async function brakeFile() {
  const place = await ledgerFolder();
  await place.write([]);
  return { ledger: place.open(), path: join(place.folder, "brake.jsonl") };
}

test("a brake that cannot be read counts as set", async () => {
  const { ledger, path } = await brakeFile();
  await mkdir(path);

  expect(await ledger.brake()).toMatch(/cannot be read \(it is not a regular file\).*counts as set/);
});

test("a brake that everybody may write to counts as set, whatever it says", async () => {
  const { ledger, path } = await brakeFile();
  await ledger.setBrake("resume", "anna", "fine");
  const before = await ledger.brake();
  await chmod(path, 0o666);

  expect(before).toBeNull();
  expect(await ledger.brake()).toMatch(/everybody may write to it.*counts as set/);
});

test("a brake that is a symbolic link counts as set: what it leads to may be anybody's", async () => {
  const { ledger, path } = await brakeFile();
  await ledger.setBrake("resume", "anna", "fine");
  await rename(path, `${path}.real`);
  await symlink(`${path}.real`, path);

  expect(await ledger.brake()).toMatch(/cannot be read \(ELOOP\).*counts as set/);
});

test("an empty or damaged brake counts as set, whatever it said before", async () => {
  const { ledger, path } = await brakeFile();
  await writeFile(path, "");
  const empty = await ledger.brake();
  await ledger.setBrake("resume", "anna", "fine");
  await appendFile(path, '{"kind":"brake","state":"res');

  expect(empty).toMatch(/damaged/);
  expect(await ledger.brake()).toMatch(/damaged/);
});

test("a brake that a crash tore can be set and cleared again", async () => {
  const { ledger, path } = await brakeFile();
  await writeFile(path, '{"kind":"brake","state":"st');

  await ledger.setBrake("resume", "anna", "fine");

  expect(await ledger.brake()).toBeNull();
});

test("each change stays on record", async () => {
  const { ledger } = await brakeFile();

  await ledger.setBrake("stop", "anna", "wrong devices");
  await ledger.setBrake("resume", "ben", "sorted out");

  expect(await ledger.brakes()).toEqual([
    { kind: "brake", state: "stop", who: "anna", reason: "wrong devices", at: "2026-11-20T12:00:00.000Z" },
    { kind: "brake", state: "resume", who: "ben", reason: "sorted out", at: "2026-11-20T12:00:00.000Z" },
  ]);
});

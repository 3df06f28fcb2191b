import { appendFile, chmod, mkdir, readFile, rename, rm, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import type { Stop } from "../../providers/ledger/brake-stops.ts";
import { intent } from "../contract/sample-records.ts";
import { ledgerFolder } from "./ledger-folder-fixture.ts";

async function brakeFile() {
  const place = await ledgerFolder();
  await place.write([]);
  return { place, ledger: place.open(), path: join(place.folder, "brake.jsonl") };
}

const ids = (stops: readonly Stop[]) => stops.map(({ id, reason }) => `${id} ${reason}`);
const line = (fields: object) => `${JSON.stringify(fields)}\n`;
const old = { kind: "brake", who: "anna", at: "2026-11-20T12:00:00.000Z" };

test("a brake that cannot be read counts as set", async () => {
  const { ledger, path } = await brakeFile();
  await rm(path);
  await mkdir(path);

  expect(await ledger.brake()).toMatch(/cannot be read \(it is not a regular file\).*counts as set/);
});

test("a brake that is a symbolic link counts as set: what it leads to may be anybody's", async () => {
  const { ledger, path } = await brakeFile();
  const before = await ledger.brake();
  await rename(path, `${path}.real`);
  await symlink(`${path}.real`, path);

  expect(before).toBeNull();
  expect(await ledger.brake()).toMatch(/cannot be read \(ELOOP\).*counts as set/);
});

describe("a line that is damaged", () => {
  test.each([
    ["torn", '{"kind":"brake","state":"res'],
    ["without who and why", '{"state":"stop"}'],
    ["of a resume without who", '{"kind":"brake","state":"resume"}'],
    ["of another state", line({ ...old, state: "pause", reason: "x" })],
    ["of another kind", line({ ...old, kind: "settings", state: "resume", reason: "x" })],
    ["with a reason that is no text", line({ ...old, state: "stop", reason: { a: 1 } })],
    ["that names no text as its stop", line({ ...old, state: "resume", reason: "x", stop: 1 })],
    ["null", "null\n"],
    ["no JSON", "hello\n"],
  ])("%s, counts as a stop, and says so", async (_, text) => {
    const { ledger, path } = await brakeFile();
    await appendFile(path, text);

    expect(await ledger.brake()).toMatch(/^a line of the brake .*brake\.jsonl is damaged, which counts as set$/);
    expect(await ledger.stops()).toEqual([{ kind: "damaged", id: "s1", reason: expect.not.stringContaining("undefined") }]);
  });

  test("is taken away like any stop, and leaves the others", async () => {
    const { ledger, path } = await brakeFile();
    await ledger.setBrake("stop", "anna", "INCIDENT");
    await appendFile(path, '{"kind":"brake","state":"st');
    await ledger.setBrake("stop", "ben", "maintenance");

    await ledger.setBrake("resume", "ben", "a crash", "s2");

    expect(ids(await ledger.stops())).toEqual(["s1 INCIDENT", "s3 maintenance"]);
  });
});

describe("a brake that is missing or empty beside its ledger", () => {
  const losses = [
    ["missing", (path: string) => rm(path)],
    ["empty", (path: string) => writeFile(path, "")],
    ["blank", (path: string) => writeFile(path, "\n\n")],
  ] as const;

  test.each(losses)("%s, counts as set, and names the whole command", async (_, lose) => {
    const { ledger, path } = await brakeFile();
    await lose(path);

    expect(await ledger.brake()).toMatch(/brake\.jsonl is missing, which counts as set: .*: \.\/dlr resume --ledger file:ledger$/);
    await ledger.append(intent("a#1"));
    expect(await ledger.brake()).toMatch(/missing, which counts as set/);
    await ledger.close();
  });

  test.each(losses)("%s, is made by a resume of what is missing", async (_, lose) => {
    const { ledger, path } = await brakeFile();
    await lose(path);

    await ledger.setBrake("resume", "anna", "it is the newest", "missing");

    expect(await ledger.brake()).toBeNull();
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  test.each(losses)("%s, stays on record where the next stop is set, and is no part of it", async (_, lose) => {
    const { ledger, path } = await brakeFile();
    await lose(path);

    await ledger.setBrake("stop", "anna", "maintenance");
    await ledger.setBrake("resume", "anna", "done", "s2");

    expect(ids(await ledger.stops())).toEqual(["s1 the brake was missing when the next stop was set"]);
  });

  test("is not what a ledger that is not there has", async () => {
    const place = await ledgerFolder();

    expect(await place.open().brake()).toBeNull();
  });
});

describe("a ledger that is made", () => {
  test("has a brake that is not set, made at once or by the first append", async () => {
    const made = await brakeFile();
    const place = await ledgerFolder();
    const first = place.open({ createWhenMissing: true });
    await first.append(intent("a#1"));
    await first.close();

    for (const { folder, open } of [made.place, place]) {
      expect(await readFile(join(folder, "brake.jsonl"), "utf8")).not.toBe("");
      expect(await open().brake()).toBeNull();
      expect(await open().brakes()).toEqual([]);
    }
  });

  test("is not there before its brake is", async () => {
    const place = await ledgerFolder();
    await mkdir(join(place.folder, "brake.jsonl.taken.tmp"), { recursive: true, mode: 0o700 });

    await expect(place.open({ uuid: () => "taken" }).create()).rejects.toThrow(/cannot make/i);

    expect((await place.open().read()).exists).toBe(false);
  });

  test("beside a brake that is there keeps it", async () => {
    const { place, ledger } = await brakeFile();
    await ledger.setBrake("stop", "anna", "INCIDENT");
    await rm(place.file);

    await place.open().create();

    expect(await place.open().brake()).toMatch(/^INCIDENT/);
  });

  test("and copied without its brake does not run", async () => {
    const { place } = await brakeFile();
    const copy = await ledgerFolder();
    await mkdir(copy.folder, { mode: 0o700 });
    await rename(place.file, copy.file);

    expect(await copy.open().brake()).toMatch(/missing, which counts as set/);
  });
});

describe("stops", () => {
  test("are taken away one by one, by their ids", async () => {
    const { ledger } = await brakeFile();
    await ledger.setBrake("stop", "anna", "INCIDENT");
    await ledger.setBrake("stop", "ben", "maintenance");
    const both = await ledger.brake();

    await ledger.setBrake("resume", "ben", "done", "s2");
    const one = await ledger.brake();
    await ledger.setBrake("stop", "cem", "again");
    await ledger.setBrake("resume", "anna", "over", "s1");
    const last = ids(await ledger.stops());
    await ledger.setBrake("resume", "anna", "no such stop", "s9");

    expect(both).toMatch(/^2 stops: s1: INCIDENT \(set by anna at .*\); s2: maintenance \(set by ben at .*\)$/);
    expect(one).toMatch(/^INCIDENT \(set by anna at 2026-11-20T12:00:00\.000Z\)$/);
    expect(last).toEqual(["s3 again"]);
    expect(ids(await ledger.stops())).toEqual(last);
  });

  test("of an older version are ended by its resume, which named none, and only those before it", async () => {
    const { ledger, path } = await brakeFile();
    const stop = (reason: string) => line({ ...old, state: "stop", reason });
    await writeFile(
      path,
      `${stop("INCIDENT")}\n${stop("maintenance")}\n${line({ ...old, state: "resume", reason: "" })}\n${stop("later")}`,
    );

    expect(ids(await ledger.stops())).toEqual(["s3 later"]);
    await ledger.setBrake("stop", "ben", "new");
    expect(ids(await ledger.stops())).toEqual(["s3 later", "s4 new"]);
  });

  test("of two people at the same moment are two, whatever ids they took", async () => {
    const { ledger, path } = await brakeFile();
    for (const reason of ["one", "two", "three"]) await appendFile(path, line({ ...old, state: "stop", reason, stop: "s1" }));

    await ledger.setBrake("resume", "anna", "", "s1");

    expect(ids(await ledger.stops())).toEqual(["s1.2 two", "s1.3 three"]);
    await ledger.setBrake("resume", "anna", "", "s1.3");
    await ledger.setBrake("stop", "anna", "four");
    expect(ids(await ledger.stops())).toEqual(["s1.2 two", "s2 four"]);
  });

  test("with an id that is none of ours get one that can be typed", async () => {
    const { ledger, path } = await brakeFile();
    await appendFile(path, line({ ...old, state: "stop", reason: "x", stop: "\u001b[2J s1; rm" }));

    expect(ids(await ledger.stops())).toEqual(["s1 x"]);
  });

  test("can be set where the brake cannot be read", async () => {
    const { ledger, path } = await brakeFile();
    await chmod(path, 0o666);

    await ledger.setBrake("stop", "anna", "INCIDENT");
    await chmod(path, 0o600);

    expect(ids(await ledger.stops())).toEqual(["s1 INCIDENT"]);
  });
});

test("each change stays on record", async () => {
  const { ledger } = await brakeFile();

  await ledger.setBrake("stop", "anna", "wrong devices");
  await ledger.setBrake("resume", "ben", "sorted out", "s1");

  expect(await ledger.brakes()).toEqual([
    { kind: "brake", state: "stop", who: "anna", reason: "wrong devices", at: "2026-11-20T12:00:00.000Z", stop: "s1" },
    { kind: "brake", state: "resume", who: "ben", reason: "sorted out", at: "2026-11-20T12:00:00.000Z", stop: "s1" },
  ]);
});

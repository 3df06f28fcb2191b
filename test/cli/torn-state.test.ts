import { spawnSync } from "node:child_process";
import { chmod, mkdir, readdir, readFile, rename, rm, stat, symlink, utimes, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { beforeEach, describe, expect, test } from "@jest/globals";
import { judgeState } from "../../cli/pulumi/recovery/judge-state.ts";
import type { JudgedLock } from "../../cli/pulumi/recovery/judged-locks.ts";
import { mendState } from "../../cli/pulumi/recovery/mend-state.ts";
import { putBack, setAside } from "../../cli/pulumi/recovery/put-back.ts";
import { refuseTorn, tornError } from "../../cli/pulumi/recovery/refuse-torn.ts";
import { newestCopy } from "../../cli/pulumi/recovery/state-copies.ts";
import { lookFor } from "../../cli/pulumi/recovery/state-file.ts";
import { tellTorn } from "../../cli/pulumi/recovery/tell-torn.ts";
import { heldHint } from "../../cli/pulumi/recovery/torn-wording.ts";
import { StateError } from "../../providers/domain/errors.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const PROJECT = "device-lifecycle";
const PROD = { project: PROJECT, name: "prod" };
const NOTE = '{"user.content_type":"text/plain; charset=utf-8","user.metadata":null,"md5":"eG60I9gRENk0WU3voj8TkA=="}\n';

/** A state as Pulumi writes it; `time` tells two apart. */
function stateOf(time: string, name = "prod"): string {
  const latest = {
    manifest: { time, magic: "", version: "v3.255.0" },
    resources: [{ urn: `urn:pulumi:${name}::p::t::"a {[" quoted`, outputs: {} }],
  };
  return JSON.stringify({ version: 3, checkpoint: { stack: `organization/${PROJECT}/${name}`, latest } });
}

const WHOLE = stateOf("2026-11-28T08:00:00Z");
const MADE = JSON.stringify({ version: 0, checkpoint: { stack: `organization/${PROJECT}/prod` } });

describe("what a state file holds", () => {
  const half = (bytes: Uint8Array | string) => Buffer.from(bytes).subarray(0, Math.floor(bytes.length / 2));

  test.each<[string, Uint8Array, string]>([
    ["a state", Buffer.from(WHOLE), "whole"],
    ["a state, gzip", gzipSync(WHOLE), "whole"],
    ["a state, zstd", zstdCompressSync(WHOLE), "whole"],
    ["the state of a stack that was just made", Buffer.from(MADE), "whole"],
    ["a state of a version to come", Buffer.from('{"version":99,"format":"other"}'), "whole"],
    ["JSON that is no state", Buffer.from("null"), "whole"],
    ["nothing", Buffer.alloc(0), "is empty"],
    ["blanks", Buffer.from(" \n"), "is empty"],
    ["zeros", Buffer.alloc(4096), "is empty"],
    ["half a state", half(WHOLE), "breaks off"],
    ["half a state, then zeros", Buffer.concat([half(WHOLE), Buffer.alloc(512)]), "breaks off"],
    ["half a gzip", half(gzipSync(WHOLE)), "breaks off"],
    ["half a zstd", half(zstdCompressSync(WHOLE)), "breaks off"],
    ["the gzip of half a state", gzipSync(half(WHOLE)), "breaks off"],
    ["an object within an object that is open", Buffer.from('{"a":{}'), "breaks off"],
    ["an open text with brackets and quotes", Buffer.from('{"a":"}]\\"}'), "breaks off"],
    ["marks of a merge", Buffer.from(`<<<<<<< HEAD\n${WHOLE}\n=======\n`), "foreign"],
    ["marks of a merge within", Buffer.from(`{"a":1,\n<<<<<<< HEAD\n"b":2}`), "foreign"],
    ["a comma too many", Buffer.from('{"a":1,}'), "foreign"],
    ["a pointer to it elsewhere", Buffer.from("version https://git-lfs.github.com/spec/v1\n"), "foreign"],
  ])("%s", (_, bytes, expected) => {
    const verdict = judgeState(bytes);

    expect(verdict.kind === "torn" ? verdict.how : verdict.kind).toBe(expected);
  });

  test("every beginning of a state is torn, but the whole of it", () => {
    const kinds = Array.from({ length: WHOLE.length }, (_, length) => judgeState(Buffer.from(WHOLE.slice(0, length))).kind);

    expect(new Set(kinds)).toEqual(new Set(["torn"]));
  });
});

describe("a stack's state in a folder", () => {
  let state: string;
  let file: string;
  let said: string[];

  beforeEach(async () => {
    state = path.join(await temporaryFolder(), "state of all");
    file = at("stacks", "prod.json");
    said = [];
    for (const kind of ["stacks", "backups/prod", "history/prod"]) await mkdir(at(kind, "."), { recursive: true });
  });

  function at(kind: string, name: string): string {
    const [folder = "", ...rest] = kind.split("/");
    return path.join(state, ".pulumi", folder, PROJECT, ...rest, name);
  }

  const pulumi = (backend = pathToFileURL(state).href) => ({
    command: "pulumi",
    env: { PULUMI_BACKEND_URL: backend },
    root: path.dirname(state),
    say: (line: string) => said.push(line),
  });
  const mend = async () => {
    await mendState("prod", pulumi());
    return said.join("\n");
  };
  const refused = async () => {
    const error = await mendState("prod", pulumi()).catch((thrown: unknown) => thrown);
    if (!(error instanceof StateError)) throw new Error(`not refused: ${String(error)}`);
    return error;
  };
  const torn = async (name = "") => {
    const names = (await readdir(path.dirname(file))).filter(
      (one) => /\.torn-\d{8}T\d{6}Z$/.test(one) && one.startsWith(`prod.json${name}.torn-`),
    );
    return Promise.all(names.map((one) => readFile(path.join(path.dirname(file), one), "utf8")));
  };
  const lock = async (holder: unknown) => {
    const folder = path.join(state, ".pulumi", "locks", "organization", PROJECT, "prod");
    await mkdir(folder, { recursive: true });
    await writeFile(path.join(folder, "one.json"), typeof holder === "string" ? holder : JSON.stringify(holder));
    return path.join(folder, "one.json");
  };
  const holder = (pid: number, host = hostname()) => ({ pid, username: "anna", hostname: host, timestamp: "2026-11-28T08:00:00Z" });

  test("that is whole is left alone, without a word and without a trace", async () => {
    await writeFile(file, WHOLE);
    await writeFile(`${file}.attrs`, NOTE);

    expect(await mend()).toBe("");
    expect(await readdir(path.dirname(file))).toEqual(["prod.json", "prod.json.attrs"]);
    expect(await tornError("prod", pulumi())).toBeNull();
  });

  test("that is not there is nothing to mend", async () => {
    await writeFile(`${file}.bak`, WHOLE);

    expect(await mend()).toBe("");
    expect(await readdir(path.dirname(file))).toEqual(["prod.json.bak"]);
  });

  test.each(['{"version":99,"format":"other"}', '{"a":1,}', "<<<<<<< HEAD"])("that holds %s is not taken for torn", async (text) => {
    await writeFile(file, text);
    await writeFile(`${file}.bak`, WHOLE);

    expect(await mend()).toBe("");
    expect(await readFile(file, "utf8")).toBe(text);
  });

  test.each(["", WHOLE.slice(0, 100)])("that holds %j gets the newest whole copy back, and its bytes are kept", async (text) => {
    await writeFile(file, text);
    await chmod(file, 0o660);
    await writeFile(`${file}.bak`, WHOLE);

    const lines = await mend();

    expect(await readFile(file, "utf8")).toBe(WHOLE);
    expect((await stat(file)).mode & 0o777).toBe(0o660);
    expect(await torn()).toEqual([text]);
    expect((await readdir(path.dirname(file))).filter((name) => /tmp|mending/.test(name))).toEqual([]);
    expect(lines).toContain(
      `the state of stack prod cannot be read: ${file} ${text === "" ? "is empty" : "breaks off"}, as a crash leaves it`,
    );
    expect(lines).toContain(
      `put back the newest whole copy, ${file}.bak of 2026-11-28 08:00:00 UTC; what was torn is kept as ${file}.torn-`,
    );
    expect(lines).toContain("the ledger has that, and keeps anything from being sent twice");
  });

  test.each(["", '{"user.content', "[]"])("whose note holds %j is whole, and only the note is set aside", async (note) => {
    await writeFile(file, WHOLE);
    await writeFile(`${file}.bak`, stateOf("2026-11-29T08:00:00Z"));
    await writeFile(`${file}.attrs`, note);

    const lines = await mend();

    expect(await readFile(file, "utf8")).toBe(WHOLE);
    expect(await lookFor(`${file}.attrs`)).toBeNull();
    expect(await torn(".attrs")).toEqual([note]);
    expect(await torn()).toEqual([]);
    expect(lines).toContain("the state itself is whole");
    expect(lines).toContain(`set the torn note aside as ${file}.attrs.torn-`);
  });

  test("whose note is no file is none of a crash's", async () => {
    await writeFile(file, WHOLE);
    await mkdir(`${file}.attrs`);

    expect(await mend()).toBe("");
  });

  test("that is torn together with its note gets both mended", async () => {
    await writeFile(file, "");
    await writeFile(`${file}.attrs`, "");
    await writeFile(`${file}.bak`, WHOLE);

    const lines = await mend();

    expect(lines).toContain(`${file} is empty and ${file}.attrs is empty`);
    expect(await readFile(file, "utf8")).toBe(WHOLE);
    expect(await torn(".attrs")).toEqual([""]);
    expect(await mend()).toBe(lines);
  });

  test("that is torn again within a second is kept besides the first", async () => {
    await writeFile(`${file}.bak`, WHOLE);
    for (const text of ["", "{", '{"']) {
      await writeFile(file, text);
      await mend();
    }

    const kept = (await readdir(path.dirname(file))).filter((name) => name.includes(".torn-"));
    expect(kept).toHaveLength(3);
  });

  test.each([
    ["prod.json.gz", gzipSync],
    ["prod.json.zst", zstdCompressSync],
  ])("%s, newer than a whole prod.json, is the one that Pulumi reads", async (name, encode) => {
    const compressed = at("stacks", name);
    await writeFile(file, WHOLE);
    await utimes(file, 1, 1);
    await writeFile(compressed, encode(WHOLE).subarray(0, 40));
    await writeFile(`${compressed}.bak`, encode(stateOf("2026-11-28T09:00:00Z")));

    await mend();

    expect(await readFile(compressed)).toEqual(encode(stateOf("2026-11-28T09:00:00Z")));
    expect(await readFile(file, "utf8")).toBe(WHOLE);
  });

  test("that is older than a whole one of another ending is not looked at", async () => {
    await writeFile(`${file}.gz`, "");
    await utimes(`${file}.gz`, 1, 1);
    await writeFile(file, WHOLE);

    expect(await mend()).toBe("");
  });

  describe("its newest whole copy", () => {
    const copy = async () => {
      const found = await newestCopy(state, PROD);
      return found === null ? null : path.relative(path.join(state, ".pulumi"), found.file);
    };

    test("is by the time that it tells, whatever the files' own are", async () => {
      await writeFile(`${file}.bak`, stateOf("2026-11-28T08:00:00.5Z"));
      await writeFile(at("history/prod", "prod-17.checkpoint.json"), stateOf("2026-11-28T10:00:00.5+02:00"));
      await writeFile(at("backups/prod", "prod.17.json"), stateOf("2026-11-28T08:00:01Z"));
      await utimes(at("backups/prod", "prod.17.json"), 1, 1);

      expect(await copy()).toBe(`backups/${PROJECT}/prod/prod.17.json`);
    });

    test("is the last whole one of many", async () => {
      await writeFile(at("backups/prod", "prod.9.json"), stateOf("2026-11-28T08:00:09Z"));
      await writeFile(at("backups/prod", "prod.10.json.gz"), gzipSync(stateOf("2026-11-28T08:00:10Z")));
      await writeFile(at("backups/prod", "prod.11.json"), "");
      await writeFile(at("history/prod", "prod-12.history.json"), "{}");
      await writeFile(`${file}.bak`, "");

      expect(await copy()).toBe(`backups/${PROJECT}/prod/prod.10.json.gz`);
    });

    test.each([["prod.json.1795856894867219975"], ["prod.json.gz"], ["prod.json.zst.bak"]])("may be %s", async (name) => {
      await writeFile(at("stacks", name), WHOLE);

      expect(await copy()).toBe(`stacks/${PROJECT}/${name}`);
    });

    test("is none of another stack, nor one that only ends so", async () => {
      await writeFile(`${file}.bak`, stateOf("2026-11-28T08:00:00Z", "old-prod"));
      await writeFile(at("stacks", "xprod.json.17"), WHOLE);
      await writeFile(at("stacks", "prod.json.torn-20261128T080000Z"), WHOLE);
      await writeFile(at("backups/prod", "other.17.json"), WHOLE);
      await writeFile(at("history/prod", "prod-17.checkpoint.json"), '{"version":3}');

      expect(await copy()).toBeNull();
    });

    test("is none of a stack with nearly the same name", async () => {
      await writeFile(at("stacks", "prodxeu.json.17"), MADE);

      expect(await newestCopy(state, { project: PROJECT, name: "prod.eu" })).toBeNull();
    });

    test("of a stack on which nothing was run yet has no time, and does", async () => {
      await writeFile(file, "");
      await writeFile(`${file}.bak`, MADE);

      expect(await mend()).toContain(`${file}.bak from before the first run`);
      expect(await readFile(file, "utf8")).toBe(MADE);
    });
  });

  test("without a whole copy is left as it is, with the commands that begin a new one", async () => {
    await writeFile(file, "");
    await writeFile(`${file}.bak`, WHOLE.slice(0, 50));

    const { message, hint } = await refused();

    expect(message).toContain("no whole copy of it is left, and nothing was changed");
    expect(hint.split("\n").slice(1)).toEqual([`    mv "${file}" "${file}.torn"`, "    ./dlr pulumi stack init prod", "    ./dlr up prod"]);
    expect(await readdir(path.dirname(file))).toEqual(["prod.json", "prod.json.bak"]);
    expect((await tornError("prod", pulumi()))?.hint).toBe(hint);
  });

  test("with the lock of a dead run is mended", async () => {
    await writeFile(file, "");
    await writeFile(`${file}.bak`, WHOLE);
    await lock(holder(spawnSync(process.execPath, ["-e", "0"]).pid));

    await mend();

    expect(await readFile(file, "utf8")).toBe(WHOLE);
  });

  test("with the lock of a run that may be alive is left as it is", async () => {
    await writeFile(file, "");
    await writeFile(`${file}.bak`, WHOLE);
    const name = await lock(holder(1, "runner-7"));

    const { message, hint } = await refused();

    expect(message).toMatch(/is empty, as a crash leaves it; nothing was changed$/);
    expect(hint).toContain(
      "the stack is locked by process 1 of anna on runner-7, since 2026-11-28 08:00:00 UTC; once that is over for certain",
    );
    expect(hint.split("\n").slice(1)).toEqual([`    rm "${name}"`, "    ./dlr up prod"]);
    expect(await readFile(file, "utf8")).toBe("");
    expect((await tornError("prod", pulumi()))?.hint).toBe(hint);
  });

  test("with a lock of each kind waits for the run that is alive, and names no lock to remove", () => {
    const locks = ["alive", "elsewhere"].map((verdict) => ({ verdict, lock: { file: `/${verdict}.json`, holder: null } }));

    const hint = heldHint("prod", locks as readonly JudgedLock[]);

    expect(hint).toBe("a run is under way: a run that /alive.json does not name; wait for its end, then: ./dlr up prod");
  });

  test("with a lock that says nothing is left as it is", async () => {
    await writeFile(file, WHOLE);
    await writeFile(`${file}.attrs`, "");
    const name = await lock("");

    expect((await refused()).hint).toContain(`the stack is locked by a run that ${name} does not name`);
    expect(await readFile(`${file}.attrs`, "utf8")).toBe("");
  });

  test.each([
    ["the state", ""],
    ["the note", ".attrs"],
  ])("of which %s is read-only is left as it is", async (_, ending) => {
    await writeFile(file, "");
    await writeFile(`${file}.attrs`, "");
    await writeFile(`${file}.bak`, WHOLE);
    await chmod(`${file}${ending}`, 0o444);

    const { message } = await refused();

    expect(message).toContain(`${file}${ending} is read-only, and nothing was changed`);
    expect(await readdir(path.dirname(file))).toEqual(["prod.json", "prod.json.attrs", "prod.json.bak"]);
  });

  test("that a link stands for is left as it is", async () => {
    await writeFile(`${state}/elsewhere.json`, "");
    await symlink(`${state}/elsewhere.json`, file);
    await writeFile(`${file}.bak`, WHOLE);

    expect((await refused()).message).toContain(`${file} is no plain file`);
    expect(await readFile(`${state}/elsewhere.json`, "utf8")).toBe("");
  });

  describe("that somebody wrote meanwhile is left as it is", () => {
    const NEWER = stateOf("2026-11-29T08:00:00Z");
    const changes: readonly (readonly [string, () => Promise<void>])[] = [
      ["in place", () => writeFile(file, NEWER)],
      [
        "anew, of the same age",
        async () => {
          const { atime, mtime } = await stat(file);
          await writeFile(`${file}.new`, NEWER);
          await utimes(`${file}.new`, atime, mtime);
          await rename(`${file}.new`, file);
        },
      ],
    ];

    test.each(changes)("%s", async (_, change) => {
      await writeFile(file, " ".repeat(NEWER.length));
      await utimes(file, 1, 1);
      const before = await lookFor(file);
      if (before === null) throw new Error("there was no file");
      await change();

      await expect(putBack(before, Buffer.from(WHOLE))).rejects.toThrow("was written while it was being mended");
      await expect(setAside(before)).rejects.toThrow("was written while it was being mended");

      expect(await readFile(file, "utf8")).toBe(NEWER);
      expect(await readdir(path.dirname(file))).toEqual(["prod.json"]);
    });

    test("and taken away", async () => {
      await writeFile(file, "");
      const before = await lookFor(file);
      if (before === null) throw new Error("there was no file");
      await rm(file);

      await expect(putBack(before, Buffer.from(WHOLE))).rejects.toMatchObject({ code: "ENOENT" });

      expect(await readdir(path.dirname(file))).toEqual([]);
    });
  });

  test("that two runs find at once is mended by one, and what comes after is not undone by the other", async () => {
    await writeFile(file, "");
    await writeFile(`${file}.bak`, WHOLE);

    await Promise.all([mend(), mend()]);

    expect(await torn()).toEqual([""]);
    expect(said.filter((line) => line.includes("put back"))).toHaveLength(1);
    expect(said.filter((line) => line.includes("is mending the state of prod; waiting for it"))).toHaveLength(1);
  });

  test.each(["azblob://state", "s3://bucket", "https://api.pulumi.com", "file://host/share"])(
    "is not looked for at %s",
    async (backend) => {
      await writeFile(file, "");

      await mendState("prod", pulumi(backend));
      await refuseTorn("prod", pulumi(backend));

      expect(said).toEqual([]);
    },
  );

  test.each([
    ["file:///…", () => pathToFileURL(state).href],
    ["file://~", () => "file://~"],
  ])("is found at %s?metadata=skip, and by the stack's full name", async (_, backend) => {
    await writeFile(file, "");
    await writeFile(`${file}.bak`, WHOLE);
    const at = pulumi(`${backend()}?metadata=skip`);

    await mendState(`organization/${PROJECT}/prod`, { ...at, env: { ...at.env, HOME: state } });

    expect(await readFile(file, "utf8")).toBe(WHOLE);
  });

  test.each([
    ["up", ["up"]],
    ["up --stack prod", ["up", "--stack", "prod"]],
  ])("is told after `pulumi %s` failed", async (_, args) => {
    await writeFile(file, "");
    await writeFile(`${file}.bak`, WHOLE);
    await writeFile(at("stacks", "test.json"), stateOf("2026-11-28T08:00:00Z", "test"));

    await tellTorn(args, pulumi());

    expect(said).toEqual([
      `pulumi: the state of stack prod cannot be read: ${file} is empty, as a crash leaves it\n  help: ./dlr up prod puts back ${file}.bak of 2026-11-28 08:00:00 UTC, and goes on; the ledger keeps anything from being sent twice`,
    ]);
    await tellTorn(["up", "-s", "test"], pulumi());
    expect(said).toHaveLength(1);
  });
});

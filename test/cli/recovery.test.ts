import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, readdir, symlink, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { awaitLedger } from "../../cli/pulumi/recovery/await-ledger.ts";
import { judgeLock, type ProcessState } from "../../cli/pulumi/recovery/judge-lock.ts";
import { recover } from "../../cli/pulumi/recovery/recover.ts";
import { ledgerPaths } from "../../providers/ledger/file/ledger-folder.ts";
import { acquireLock } from "../../providers/ledger/file/ledger-lock.ts";
import { testClock } from "../support/test-clock.ts";
import { FakeMachine } from "./fake-tools.ts";

const PROJECT = "device-lifecycle";
const SINCE = "2026-11-22T10:17:06.464275871Z";

describe("what a dead run left, before up", () => {
  let machine: FakeMachine;
  let state: string;
  const children: ChildProcess[] = [];

  beforeEach(async () => {
    machine = await FakeMachine.create();
    state = path.join(machine.folder, "state");
    await mkdir(path.join(state, ".pulumi", "stacks", PROJECT), { recursive: true });
    await mkdir(path.join(state, ".pulumi", "locks", "organization", PROJECT, "prod"), { recursive: true });
  });

  afterEach(() => {
    for (const child of children.splice(0)) child.kill("SIGKILL");
  });

  async function lock(name: string, content: unknown): Promise<void> {
    const file = path.join(state, ".pulumi", "locks", "organization", PROJECT, "prod", `${name}.json`);
    await writeFile(file, typeof content === "string" ? content : JSON.stringify(content));
    await writeFile(`${file}.attrs`, "{}");
  }

  const holder = (pid: number, host = hostname()) => ({ pid, username: "anna", hostname: host, timestamp: SINCE });
  const locks = () => readdir(path.join(state, ".pulumi", "locks", "organization", PROJECT, "prod"));

  async function run(stack = "prod", env: Readonly<Record<string, string>> = {}): Promise<string> {
    const command = await machine.pulumi("3.255.0", "record();");
    await recover(stack, `file:${path.join(machine.folder, "ledger")}`, {
      command,
      env: { ...machine.env, PULUMI_BACKEND_URL: pathToFileURL(state).href, ...env },
      root: path.resolve(import.meta.dirname, "../.."),
      say: (line) => machine.said.push(line),
    });
    return machine.said.join("\n");
  }

  const calls = async () => (await machine.calls("pulumi")).map((call) => call.args.filter((arg) => !arg.startsWith("/")).join(" "));

  async function deadPid(): Promise<number> {
    const child = spawn(process.execPath, ["-e", "0"]);
    await once(child, "exit");
    return child.pid ?? 0;
  }

  /** A process that the system calls by a name. */
  async function startAs(name: string): Promise<number> {
    const file = path.join(machine.folder, name);
    await symlink("/bin/sleep", file);
    const child = spawn(file, ["600"], { stdio: "ignore" });
    children.push(child);
    await once(child, "spawn");
    return child.pid ?? 0;
  }

  test("nothing is said and no process is started where there is nothing", async () => {
    expect(await run()).toBe("");
    expect(await calls()).toEqual([]);
  });

  test("the locks of dead runs are removed, and the runs are named", async () => {
    const pids = [await deadPid(), await deadPid()];
    await lock("first", holder(pids[0] ?? 0));
    await lock("second", holder(pids[1] ?? 0));

    const said = await run();

    expect(await locks()).toEqual([]);
    for (const pid of pids)
      expect(said).toContain(`died before its end: process ${pid} of anna on ${hostname()}, since 2026-11-22 10:17:06 UTC`);
    expect(said).toContain("their locks are removed");
    expect(said).toContain("the ledger knows what was sent");
    expect(await calls()).toEqual([]);
  });

  test("a process of another name got the number later", async () => {
    await lock("first", holder(await startAs("editor")));

    await run();

    expect(await locks()).toEqual([]);
  });

  test("a run that is alive is left alone, and with it the lock of a dead one", async () => {
    const pid = await startAs("pulumi");
    await lock("first", holder(pid));
    await lock("second", holder(await deadPid()));

    const said = await run();

    expect(await locks()).toHaveLength(4);
    expect(said).toBe(
      `up: a run is under way: process ${pid} of anna on ${hostname()}, since 2026-11-22 10:17:06 UTC; wait for its end. Nothing is cleared`,
    );
  });

  test("a lock of another machine is left, with what to type and when", async () => {
    await lock("first", holder(1, "runner-7"));

    const said = await run();

    expect(await locks()).toHaveLength(2);
    expect(said).toContain("locked from another machine: process 1 of anna on runner-7");
    expect(said).toContain("once that run is over for certain");
    expect(said).toContain("./dlr pulumi cancel --stack prod");
  });

  test.each([["not JSON"], ["{}"], ['{"pid":"1","hostname":"x","timestamp":"y"}'], ['{"pid":-1,"hostname":"x","timestamp":"y"}']])(
    "a lock that says %s is left",
    async (content) => {
      await lock("first", content);

      const said = await run();

      expect(await locks()).toHaveLength(2);
      expect(said).toContain("does not say whose it is");
    },
  );

  test.each([
    ["", (text: string) => text],
    [".gz", (text: string) => gzipSync(text)],
  ])("what was under way in a state (%s) is cleared by writing the state anew", async (ending, encode) => {
    const operation = { resource: { urn: "urn:pulumi:prod::device-lifecycle::x:y:Z::leeds-leaver" }, type: "creating" };
    const checkpoint = JSON.stringify({ version: 3, checkpoint: { latest: { pending_operations: [operation] } } });
    await writeFile(path.join(state, ".pulumi", "stacks", PROJECT, `prod.json${ending}`), encode(checkpoint));

    const said = await run();

    expect(said).toContain("cleared from the state what was under way when a run died: leeds-leaver");
    expect(await calls()).toEqual([
      "stack export --stack prod --file --non-interactive --color never",
      "stack import --stack prod --file --non-interactive --color never",
    ]);
  });

  test("what the dead run's provider still finishes is waited for", async () => {
    await lock("first", holder(await deadPid()));
    await mkdir(path.join(machine.folder, "ledger"));
    const ledger = await acquireLock(path.join(machine.folder, "ledger", "ledger.lock"), { waitMs: 0, clock: testClock() });
    machine.said.push = (...lines) => {
      if (lines.some((line) => line.includes("waiting for it"))) {
        seen.push(...lines);
        ledger.release();
      }
      return Array.prototype.push.apply(machine.said, lines);
    };
    const seen: string[] = [];

    await run();

    expect(seen).toEqual([expect.stringMatching(/the ledger is in use by process \d+/)]);
    expect(await locks()).toEqual([]);
  });

  test.each([
    ["file:own", "own"],
    ["file:emulator-stores/ledger", "emulator-stores/ledger"],
  ])("is waited for where the ledger is: %s", async (place, folder) => {
    const { lock } = ledgerPaths(path.join(machine.folder, folder));
    await mkdir(path.dirname(lock), { recursive: true });
    const held = await acquireLock(lock, { waitMs: 0, clock: testClock() });
    const said: string[] = [];

    await awaitLedger(place, machine.folder, (line) => {
      said.push(line);
      held.release();
    });

    expect(said).toEqual([expect.stringContaining("waiting for it")]);
  });

  test.each(["azblob://state", "s3://bucket", "https://api.pulumi.com", "file://host/share"])(
    "a backend at %s is not looked at",
    async (url) => {
      await lock("first", holder(await deadPid()));

      expect(await run("prod", { PULUMI_BACKEND_URL: url })).toBe("");
      expect(await locks()).toHaveLength(2);
    },
  );

  test("the home folder as a backend, and a stack by its full name", async () => {
    await lock("first", holder(await deadPid()));

    await run(`organization/${PROJECT}/prod`, { PULUMI_BACKEND_URL: "file://~", HOME: state });

    expect(await locks()).toEqual([]);
  });
});

describe("a lock's run", () => {
  const running = (name: string | null): ProcessState => ({ kind: "running", name });

  test.each<[string, ProcessState | null, string, string]>([
    ["here", { kind: "gone" }, "here", "dead"],
    ["here", running("node"), "here", "dead"],
    ["here", running("pulumi"), "here", "alive"],
    ["here", running("Pulumi.exe"), "here", "alive"],
    ["here", running(null), "here", "alive"],
    ["there", { kind: "gone" }, "here", "elsewhere"],
    ["there", null, "here", "elsewhere"],
  ])("on %s, whose process is %j, seen from %s, is %s", (host, process, here, verdict) => {
    expect(judgeLock({ pid: 7, user: "anna", host, since: SINCE }, here, process)).toBe(verdict);
  });

  test("that nobody can read is left", () => {
    expect(judgeLock(null, "here", { kind: "gone" })).toBe("unreadable");
  });
});

import { execFile } from "node:child_process";
import { mkdir, readdir, readFile, rm, stat, truncate, writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { type Emulator, startEmulator } from "../../emulator/graph/start-emulator.ts";
import { stackInClone } from "../support/stack-in-clone.ts";

const PHONE = "F17XK2PHONE1";
const GZIP = { PULUMI_DIY_BACKEND_GZIP: "true" };

const KEEP = `  - name: keep-code
    device: { serialNumber: DMPXK2GHJKLM }
    playbook: escrow-bypass-code
    reason: Before the summer refresh
`;
const sends = (name: string, action: string) => `  - name: ${name}
    device: { serialNumber: ${PHONE} }
    steps: [${action}]
    reason: Before the summer refresh
`;

/** One story of one stack, told in order: what was torn in one part is whole again in the next. */
describe("a state that a crash tore", () => {
  let emulator: Emulator;
  let stack: Awaited<ReturnType<typeof stackInClone>>;
  let stacks: string;
  let state: string;

  const ask = (...requests: readonly string[]) =>
    writeFile(path.join(stack.clone, "devices/requests/a.yaml"), `requests:\n${requests.join("")}`);
  const up = (env = {}, ...args: readonly string[]) => stack.dlrWith(env)("up", "work", "--yes", "--skip-preview", ...args);
  const half = async (file: string) => truncate(file, Math.floor((await stat(file)).size / 2));
  const kept = async () => (await readdir(stacks)).filter((name) => name.includes(".torn"));
  const forget = (kind: string) => rm(path.join(stack.clone, ".pulumi-state/.pulumi", kind), { recursive: true });
  /** A command as somebody copies it out of a message. */
  const typed = (command: string) => promisify(execFile)("/bin/sh", ["-c", command], { cwd: stack.clone, env: { ...stack.env } });
  const outcomes = async () => {
    const { stdout } = await stack.dlr("pulumi", "stack", "output", "requests", "--stack", "work", "--json");
    return JSON.parse(stdout) as unknown;
  };

  /** How many actions were sent so far: mending sends none. */
  let sent = 0;
  const newSent = () => emulator.actionCalls.length - sent;

  beforeAll(async () => {
    emulator = await startEmulator({ checkInDelayMs: 100 });
    stack = await stackInClone("work", `requests:\n${KEEP}`, emulator);
    stacks = path.join(stack.clone, ".pulumi-state/.pulumi/stacks/device-lifecycle");
    state = path.join(stacks, "work.json");
    expect(await up()).toMatchObject({ code: 0 });
    sent = emulator.actionCalls.length;
  });

  afterAll(() => emulator?.close());

  test("has no note beside it in the project's own backend: a killed run can tear nothing", async () => {
    expect((await readdir(stacks)).toSorted()).toEqual(["work.json", "work.json.bak"]);
  });

  describe("in Pulumi's note beside it, which other backends have", () => {
    beforeAll(() => writeFile(`${state}.attrs`, ""));

    test("stops no brake", async () => {
      expect(await stack.dlr("stop", "work", "a drill")).toMatchObject({ code: 0 });
      expect(await stack.dlr("stop", "--all", "a drill")).toMatchObject({ code: 0, stdout: expect.stringContaining("1 of 1 stacks") });
      expect(await stack.dlr("resume", "work", "--all", "--yes", "--why", "it was a drill")).toMatchObject({ code: 0 });
    });

    test.each([
      [3, ["preview", "work"]],
      [3, ["preview", "work", "--fast"]],
      [3, ["drift", "work"]],
      [0, ["status", "work"]],
      [255, ["pulumi", "preview", "--stack", "work"]],
      [255, ["pulumi", "stack", "ls"]],
    ])("is told with exit code %i by %j, with the command that mends it", async (code, args) => {
      const told = await stack.dlr(...args);

      // Pulumi's own exit codes differ from version to version.
      expect(args[0] === "pulumi" ? told.code !== 0 : told.code === code).toBe(true);
      expect(told.stderr).toContain(`${state}.attrs is empty, as a crash leaves it`);
      expect(told.stderr).toContain("./dlr up work sets that note aside");
      expect(told.stderr).not.toMatch(/^\s+at /m);
      expect(await kept()).toEqual([]);
    });

    test("is mended by up, which sends nothing", async () => {
      const run = await up();

      expect(run).toMatchObject({ code: 0, stderr: expect.stringContaining(`set the torn note aside as ${state}.attrs.torn-`) });
      expect(await kept()).toEqual([expect.stringMatching(/^work\.json\.attrs\.torn-/)]);
      expect(await outcomes()).toEqual({ "keep-code": "succeeded" });
      expect(newSent()).toBe(0);
    });
  });

  test.each([
    ["is empty", (file: string) => truncate(file, 0)],
    ["breaks off", half],
  ])("so that it %s is named by preview, and mended by up, which sends nothing", async (how, tear) => {
    await tear(state);

    const preview = await stack.dlr("preview", "work");
    const run = await up();

    expect(preview).toMatchObject({
      code: 3,
      stderr: expect.stringMatching(new RegExp(`work\\.json ${how}.*\\./dlr up work puts back`, "s")),
    });
    expect(run).toMatchObject({ code: 0, stderr: expect.stringContaining("put back the newest whole copy") });
    expect(await outcomes()).toEqual({ "keep-code": "succeeded" });
    expect((await stack.dlr("pulumi", "stack", "ls")).stdout).toMatch(/^work/m);
    expect(newSent()).toBe(0);
  });

  test("comes back a run older where only the copy beside it is left, and the ledger gives what that lacks", async () => {
    await ask(KEEP, sends("look-up", "syncDevice"));
    await up();
    sent = emulator.actionCalls.length;
    for (const kind of ["backups", "history"]) await forget(kind);
    await truncate(state, 0);

    const run = await up();

    expect(run).toMatchObject({ code: 0, stderr: expect.stringContaining(`copy, ${state}.bak of 20`) });
    expect(await outcomes()).toEqual({ "keep-code": "succeeded", "look-up": "succeeded" });
    expect(newSent()).toBe(0);
  });

  test("is mended where it is compressed", async () => {
    await ask(KEEP, sends("look-up", "syncDevice"), sends("restart", "rebootNow"));
    await up(GZIP);
    sent = emulator.actionCalls.length;
    await half(`${state}.gz`);

    const run = await up(GZIP);

    expect(run).toMatchObject({ code: 0, stderr: expect.stringContaining(`${state}.gz breaks off`) });
    expect(await outcomes()).toEqual({ "keep-code": "succeeded", "look-up": "succeeded", restart: "succeeded" });
    expect(newSent()).toBe(0);
    state = `${state}.gz`;
  });

  test("under the lock of another machine waits for a person, and the command that is told ends that", async () => {
    const locks = path.join(stack.clone, ".pulumi-state/.pulumi/locks/organization/device-lifecycle/work");
    await mkdir(locks, { recursive: true });
    const holder = { pid: 7, username: "anna", hostname: "runner-7", timestamp: "2026-11-28T08:00:00Z" };
    await writeFile(path.join(locks, "theirs.json"), JSON.stringify(holder));
    await writeFile(`${state}.attrs`, "");

    const held = await up();
    const remove = /^ {4}rm .*theirs\.json"$/m.exec(held.stderr)?.[0];
    await typed(remove ?? "exit 1");

    expect(held).toMatchObject({ code: 3, stderr: expect.stringContaining("process 7 of anna on runner-7") });
    expect(await up(GZIP)).toMatchObject({ code: 0, stderr: expect.stringContaining("set the torn note aside") });
    expect(newSent()).toBe(0);
  });

  test("under a run that is alive is left to that run", async () => {
    await ask(KEEP, sends("look-up", "syncDevice"), sends("restart", "rebootNow"), sends("look-again", "syncDevice"));
    const { promise: standsStill, resolve: arrive } = Promise.withResolvers<void>();
    const { promise: released, resolve: release } = Promise.withResolvers<void>();
    const stop = emulator.on("applied", async ({ action }) => {
      if (action !== "syncDevice") return;
      arrive();
      await released;
    });
    const alive = up(GZIP);
    await standsStill;
    await truncate(state, 0);

    const second = await up(GZIP);
    const left = (await stat(state)).size;
    release();
    stop();

    expect(second).toMatchObject({ code: 3, stderr: expect.stringContaining("a run is under way: process") });
    expect(left).toBe(0);
    expect(await alive).toMatchObject({ code: 0 });
    expect(await stack.dlr("preview", "work")).toMatchObject({ code: 0 });
    sent = emulator.actionCalls.length;
  });

  test("without a whole copy is begun anew by the commands that are told, from the ledger", async () => {
    for (const kind of ["backups", "history"]) await forget(kind);
    for (const name of await readdir(stacks)) if (name.endsWith(".bak")) await rm(path.join(stacks, name));
    await truncate(state, 0);
    const settings = await readFile(path.join(stack.clone, "Pulumi.work.yaml"), "utf8");

    const refused = await up();
    const commands = refused.stderr.split("\n").filter((line) => /^ {4}(mv|\.\/dlr) /.test(line));
    for (const command of commands) await typed(command.replace(/dlr up work$/, "dlr up work --yes --skip-preview"));

    expect(refused.code).toBe(3);
    expect(commands.map((line) => line.split(" ").slice(4, 7).join(" "))).toEqual([
      expect.stringContaining("mv"),
      "./dlr pulumi stack",
      "./dlr up work",
    ]);
    expect(settings).toContain("encryptionsalt");
    expect(await readFile(path.join(stack.clone, "Pulumi.work.yaml"), "utf8")).toBe(settings);
    const done = { "keep-code": "succeeded", "look-up": "succeeded", restart: "succeeded", "look-again": "succeeded" };
    expect(await outcomes()).toEqual(done);
    expect(newSent()).toBe(0);
  });
});

import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "@jest/globals";
import { get, post } from "./support/graph-client.ts";
import { emulators } from "./support/with-emulator.ts";

const start = emulators();
const running: ChildProcessWithoutNullStreams[] = [];
let folder = "";

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "emulator-command-"));
});

afterAll(() => rmSync(folder, { recursive: true }));

afterEach(() => {
  for (const child of running.splice(0)) child.kill("SIGKILL");
});

class Run {
  stdout = "";
  stderr = "";
  readonly child: ChildProcessWithoutNullStreams;
  readonly exit: Promise<number | null>;

  constructor(args: readonly string[]) {
    this.child = spawn(process.execPath, ["cli/dlr.js", "emulator", ...args], { env: { ...process.env, NODE_OPTIONS: "" } });
    running.push(this.child);
    this.child.stdout.on("data", (chunk) => {
      this.stdout += String(chunk);
    });
    this.child.stderr.on("data", (chunk) => {
      this.stderr += String(chunk);
    });
    this.exit = once(this.child, "close").then(([code]) => (typeof code === "number" ? code : null));
  }

  /** The address in the line that says that it is ready. */
  async ready(): Promise<{ readonly url: string }> {
    for (;;) {
      const url = /^Graph emulator: (http:\/\/127\.0\.0\.1:\d+)\/ with \d+ devices; stop with Ctrl-C$/m.exec(this.stdout)?.[1];
      if (url !== undefined) return { url };
      if (this.child.exitCode !== null) throw new Error(`ended early: ${this.stderr}`);
      await Promise.race([once(this.child.stdout, "data"), this.exit]);
    }
  }
}

function file(name: string, value: unknown): string {
  const path = join(folder, name);
  writeFileSync(path, JSON.stringify(value));
  return path;
}

test.each(["SIGINT", "SIGTERM"] as const)("serves the devices of a file, and %s stops it cleanly", async (signal) => {
  const devices = file("devices.json", [{ serialNumber: "COMMANDLINE1" }]);
  const run = new Run(["--port", "0", "--devices", devices]);
  const emulator = await run.ready();

  const answer = await get(emulator, "/v1.0/deviceManagement/managedDevices?$select=serialNumber");
  run.child.kill(signal);

  expect(answer.body.value).toEqual([{ serialNumber: "COMMANDLINE1" }]);
  expect(await run.exit).toBe(0);
  expect(run.stdout).toContain("with 1 devices");
  expect(run.stderr).toBe("");
});

test("says how a stack is pointed at it, and how one to try is made", async () => {
  const run = new Run(["--port", "0"]);
  const { url } = await run.ready();

  run.child.kill("SIGTERM");
  await run.exit;

  expect(run.stdout).toContain(`a stack is pointed at it by: ./dlr pulumi config set graphEndpoint ${url} --stack NAME\n`);
  expect(run.stdout).toContain("one with a request to try is made by: ./dlr try\n");
});

test("logs requests without tokens and codes", async () => {
  const faults = file("faults.json", [{ call: "retire", effect: { kind: "reset" } }]);
  const tokens = file("tokens.json", [
    {
      token: "very-secret",
      kind: "application",
      permissions: ["DeviceManagementManagedDevices.Read.All", "DeviceManagementManagedDevices.PrivilegedOperations.All"],
    },
  ]);
  const run = new Run(["--port", "0", "--log", "--faults", faults, "--tokens", tokens]);
  const emulator = await run.ready();
  const path = "/v1.0/deviceManagement/managedDevices";
  const token = { token: "very-secret" };

  const list = await get(emulator, `${path}?$select=id&$top=1`, token);
  const device = `${path}/${list.body.value[0].id}`;
  const code = (await get(emulator, `${device}?$select=activationLockBypassCode`, token)).body.activationLockBypassCode;
  await post(emulator, `${device}/retire`, undefined, token).catch(() => null);
  run.child.kill("SIGTERM");
  await run.exit;

  expect(run.stdout.split("\n").slice(3)).toEqual([
    `GET ${path}?$select=id&$top=1 200`,
    `GET ${device}?$select=activationLockBypassCode 200`,
    `POST ${device}/retire (no answer)`,
    "",
  ]);
  expect(code).toMatch(/-/);
  expect(run.stdout).not.toContain(code);
  expect(run.stdout).not.toContain("very-secret");
});

test("a port that is taken is named, with exit code 2", async () => {
  const emulator = await start();
  const { port } = new URL(emulator.url);

  const run = new Run(["--port", port]);

  expect(await run.exit).toBe(2);
  expect(run.stderr).toContain(`port ${port} is taken`);
  expect(run.stderr).not.toMatch(/^\s+at /m);
});

test.each([
  [["--devices", "nowhere.json"], /nowhere\.json: cannot be read/],
  [["--port", "many"], /--port/],
  [["--nonsense"], /--nonsense/],
])("%j is wrong use, with exit code 2 and no stack trace", async (args, message) => {
  const run = new Run(args);

  expect(await run.exit).toBe(2);
  expect(run.stderr).toMatch(message);
  expect(run.stderr).not.toMatch(/^\s+at /m);
  expect(run.stdout).toBe("");
});

test("--help names every option, the fleet, and the interface while it runs", async () => {
  const run = new Run(["--help"]);

  expect(await run.exit).toBe(0);
  for (const word of [
    "--check-in-delay",
    "--faults",
    "(default: 8787)",
    "DMPXK2ABCDEF",
    "Leeds iPad 0042",
    "POST   /_emulator/faults",
    "x-emulator",
  ])
    expect(run.stdout).toContain(word);
});

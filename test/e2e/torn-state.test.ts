import { execFile } from "node:child_process";
import { chmod, mkdir, readdir, readFile, rm, stat, truncate, writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { type Emulator, startEmulator } from "../../emulator/graph/start-emulator.ts";
import { stackInClone } from "../support/stack-in-clone.ts";

const request = (name: string, serialNumber: string) => `  - name: ${name}
    device: { serialNumber: ${serialNumber} }
    playbook: escrow-bypass-code
    reason: Before the summer refresh
`;

/** One story, told in order, on one stack. */
describe("a state that a crash tore", () => {
  let emulator: Emulator;
  let clone: string;
  let dlr: Awaited<ReturnType<typeof stackInClone>>["dlr"];
  let state: string;
  let calls = 0;

  const up = (...args: readonly string[]) => dlr("up", "work", "--yes", "--skip-preview", ...args);
  const beside = async () => (await readdir(path.dirname(state))).filter((name) => name.includes(".torn-"));
  const half = async (file: string) => truncate(file, Math.floor((await stat(file)).size / 2));

  beforeAll(async () => {
    emulator = await startEmulator({ checkInDelayMs: 100 });
    ({ clone, dlr } = await stackInClone("work", `requests:\n${request("keep-code", "DMPXK2GHJKLM")}`, emulator));
    state = path.join(clone, ".pulumi-state/.pulumi/stacks/device-lifecycle/work.json");
    const first = await up();
    if (first.code !== 0) throw new Error(first.stderr);
    calls = emulator.requests.length;
  });

  afterAll(() => emulator?.close());

  test("is told", async () => {
    await truncate(`${state}.attrs`, 0);
    for (const args of [["preview","work"],["preview","work","--fast"],["drift","work"],["status","work"],["doctor","work"],["stop","work","why"],["stop","--all","why"],["resume","work"],["pulumi","preview"],["pulumi","preview","--stack","work"],["up"],["validate"], ["report","activation-lock","work"], ["up","work","--yes","--skip-preview"], ["status","work"]]) {
      const r = await dlr(...args); console.log(args.join(" "), r.code, "\n", r.stdout, "\n---\n", r.stderr);
    }
    console.log(await readdir(path.dirname(state)));
    await truncate(state, 0);
    for (const args of [["preview","work"],["drift","work"],["status","work"],["doctor","work"],["stop","work","why"],["stop","--all","why"],["resume","work"],["pulumi","preview"],["pulumi","preview","--stack","work"],["up"],["up","work","--yes","--skip-preview"], ["status","work"]]) {
      const r = await dlr(...args); console.log(args.join(" "), r.code, "\n", r.stdout, "\n---\n", r.stderr);
    }
    console.log(await readdir(path.dirname(state)), calls, emulator.requests.length);
  }, 300000);
});

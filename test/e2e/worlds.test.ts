import { randomUUID } from "node:crypto";
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { type Emulator, startEmulator } from "../../emulator/graph/start-emulator.ts";
import { confirmWithIdentities } from "../../providers/escrow/file/confirmations.ts";
import { newKeyPair } from "../escrow/escrow-folder-fixture.ts";
import { jwt } from "../graph/graph-fixture.ts";
import { PulumiProject, type PulumiRun } from "../support/pulumi-project.ts";

const ROOT = path.resolve(import.meta.dirname, "../..");
const PROGRAM = ["index.js", "index.ts", "package.json", "Pulumi.yaml", "providers", "review"];
const PERMISSIONS = ["Read", "ReadWrite", "PrivilegedOperations"].map((one) => `DeviceManagementManagedDevices.${one}.All`);
const TENANTS = ["aaaaaaaa-0000-4000-8000-00000000000a", "bbbbbbbb-0000-4000-8000-00000000000b"] as const;

const wipe = (name: string) =>
  `  - name: ${name}\n    device: { serialNumber: ${name.toUpperCase()} }\n    steps: [wipe]\n    reason: Returned\n    expires: 2099-12-31\n    acknowledge: [dataLoss]\n`;
const REQUESTS = `requests:\n${wipe("done")}${wipe("pending")}`;

/** A program that looks at nothing before it registers its resources. */
const UNCHECKED = `import { readFileSync } from "node:fs";
import { DeviceLifecycle } from "./providers/pulumi/program/device-lifecycle.ts";
import { inputsFromStored } from "./providers/pulumi/state.ts";
for (const [name, stored] of JSON.parse(readFileSync(new URL("inputs.json", import.meta.url), "utf8")))
  new DeviceLifecycle(name, inputsFromStored(stored));
`;

/**
 * One story, told in order: what was done on the emulator, and then a Graph that is none, which
 * knows none of its devices.
 */
describe("the ledger of a double, with another Graph", () => {
  let root: string;
  let double: Emulator;
  let microsoft: Emulator;
  let dev: PulumiProject;
  let prod: PulumiProject;

  beforeAll(async () => {
    // The default places are in the folder of the program: this one is its own.
    root = await mkdtemp(path.join(tmpdir(), "device-lifecycle-program-"));
    await Promise.all(PROGRAM.map((name) => cp(path.join(ROOT, name), path.join(root, name), { recursive: true })));
    await symlink(path.join(ROOT, "node_modules"), path.join(root, "node_modules"));
    const devices = ["DONE", "PENDING"].map((serialNumber) => ({ serialNumber, operatingSystem: "Android", osVersion: "15" }));
    double = await startEmulator({ checkInDelayMs: 100, devices });
    microsoft = await startEmulator({ devices: [{ serialNumber: "HELD", operatingSystem: "Android", osVersion: "15" }] });
    double.setFault({ device: "PENDING", call: "wipe", effect: { kind: "result", state: "never" } });
    dev = await PulumiProject.create({ graphEndpoint: double.url, wait: "2s", escrow: undefined, ledger: undefined }, root);
    prod = await PulumiProject.create({ ledger: `file:${ledgerFolder()}` }, root);
    for (const project of [dev, prod]) await project.write("requests/a.yaml", REQUESTS);
  });

  afterAll(async () => {
    await Promise.all([dev?.remove(), prod?.remove(), double?.close(), microsoft?.close()]);
    await rm(root, { recursive: true, force: true });
  });

  const ledgerFolder = () => path.join(root, "emulator-stores", "ledger");
  const ledger = () => readFile(path.join(ledgerFolder(), "ledger.jsonl"), "utf8");
  const outcomes = async (project: PulumiProject) =>
    Object.fromEntries([...(await project.resources())].map(([name, { outputs }]) => [name, outputs.outcome]));
  const asMicrosoft = (tenant: string | null) => ({
    NODE_OPTIONS: `--import=${new URL("../support/graph-stand-in.ts", import.meta.url).href}`,
    GRAPH_STAND_IN: microsoft.url,
    GRAPH_ACCESS_TOKEN:
      tenant === null ? "nobody-can-read-it" : jwt({ aud: "https://graph.microsoft.com", roles: PERMISSIONS, tid: tenant }),
  });
  /** Registers what a stack's state holds, and looks at nothing before. */
  async function withoutProgram(stack: PulumiProject, work: () => Promise<PulumiRun>): Promise<PulumiRun> {
    const inputs = [...(await stack.resources())].map(([name, resource]) => [name, resource.inputs]);
    await writeFile(path.join(root, "inputs.json"), JSON.stringify(inputs));
    await writeFile(path.join(root, "index.ts"), UNCHECKED);
    const run = await work();
    await cp(path.join(ROOT, "index.ts"), path.join(root, "index.ts"));
    return run;
  }

  /** A ledger of its own, and a reader who has proven their key. */
  async function setUp(project: PulumiProject): Promise<void> {
    await project.command("ledger", ["init", "--ledger", `file:${path.join(project.folder, "ledger")}`]);
    const folder = path.join(project.folder, "escrow");
    const { recipient, identity } = await newKeyPair();
    await mkdir(folder, { mode: 0o700 });
    await writeFile(path.join(folder, "recipients.txt"), `${recipient}\n`);
    await writeFile(path.join(folder, "confirmed.json"), "[]");
    await confirmWithIdentities([recipient], [identity], { folder, who: "anna", at: "", uuid: randomUUID });
  }

  const up = (project: PulumiProject, env: Readonly<Record<string, string>>) => project.run(["up", "--yes", "--skip-preview"], env);

  const BOTH = /the ledger in file:\S+ is of a double of Graph on this machine, and this run is of https:\/\/graph\.microsoft\.com/;
  const LEFT = { done: "succeeded", pending: "pending" };

  test("is in a place of its own by default, and says first whose devices it is about", async () => {
    const run = await dev.up();

    const [, first = ""] = (await ledger()).split("\n");
    expect(run).toMatchObject({ code: 0, text: expect.not.stringContaining("was in use before") });
    expect(await outcomes(dev)).toEqual(LEFT);
    expect(JSON.parse(first)).toMatchObject({ record: { kind: "world", graph: "double", tenant: null } });
  });

  test("is refused to another stack, in preview and up: what is finished is not done there, what is pending is not gone", async () => {
    const before = await ledger();

    const preview = await prod.run(["preview"], asMicrosoft(TENANTS[0]));
    const performed = await up(prod, asMicrosoft(TENANTS[0]));

    for (const { code, text } of [preview, performed]) {
      expect(code).not.toBe(0);
      expect(text).toMatch(BOTH);
      expect(text).toMatch(/help: set device-lifecycle:ledger to the ledger of this Graph and tenant/);
      expect(text).not.toMatch(/succeeded|left Intune/);
    }
    expect(await outcomes(prod)).toEqual({});
    expect(await ledger()).toBe(before);
    expect(microsoft.requests).toEqual([]);
  });

  test("is refused by the process that sends, too, where no program came before it", async () => {
    const before = await ledger();
    const run = await withoutProgram(dev, () => up(prod, asMicrosoft(TENANTS[0])));

    expect(run.code).not.toBe(0);
    expect(run.text).toMatch(BOTH);
    expect(await outcomes(prod)).toEqual({});
    expect(await ledger()).toBe(before);
    expect(microsoft.requests).toEqual([]);
  });

  test("stays the double's, whatever its port is now", async () => {
    const anew = await startEmulator({ devices: [] });
    await dev.configure({ graphEndpoint: anew.url, wait: "0", escrow: undefined, ledger: undefined });
    await dev.write("requests/a.yaml", `requests:\n${wipe("done")}`);

    const run = await dev.up();

    await anew.close();
    expect(run).toMatchObject({ code: 0 });
    expect(await outcomes(dev)).toEqual({ done: "succeeded" });
  });

  test("of one tenant is refused to another, where there is nothing to do as well", async () => {
    await setUp(prod);
    await prod.configure({ wait: "0", tenant: TENANTS[0] });
    await prod.write("requests/a.yaml", "requests: []\n");
    const learned = await up(prod, asMicrosoft(null));
    await prod.configure({ wait: "0" });
    const other = await up(prod, asMicrosoft(TENANTS[1]));

    expect(learned.code).toBe(0);
    expect(other.code).not.toBe(0);
    expect(other.text).toMatch(
      /is of https:\/\/graph\.microsoft\.com, tenant aaaaaaaa-\S+, and this run is of https:\/\/graph\.microsoft\.com, tenant bbbbbbbb-/,
    );
  });

  test("of a tenant that nobody can tell destroys nothing, and what it does not find there is not gone", async () => {
    await prod.write("requests/a.yaml", `requests:\n${wipe("held")}`);
    const held = await up(prod, asMicrosoft(null));
    const before = microsoft.actionCalls.length;
    // Taking the setting out was a change of its own.
    const sent = await up(prod, asMicrosoft(TENANTS[0]));
    microsoft.remove("HELD");
    const preview = await prod.run(["preview"], asMicrosoft(null));
    const unchecked = await withoutProgram(prod, () => up(prod, asMicrosoft(null)));

    expect(held).toMatchObject({ code: 0, text: expect.stringMatching(/pending: .* Graph's tenant cannot be told: nothing is destroyed/) });
    expect(before).toBe(0);
    expect(sent).toMatchObject({ code: 0 });
    expect(microsoft.actionCalls.map(({ action }) => action)).toEqual(["wipe"]);
    expect(preview.text).toMatch(/Graph does not know the device \S+, which is no fact/);
    expect(unchecked.code).toBe(0);
    expect(await outcomes(prod)).toEqual({ held: "pending" });
  });

  test("is contradicted by its token: the setting names another tenant", async () => {
    await prod.configure({ wait: "0", tenant: TENANTS[0] });

    const { code, text } = await prod.run(["preview"], asMicrosoft(TENANTS[1]));

    expect(code).not.toBe(0);
    expect(text).toMatch(/configuration device-lifecycle:tenant is aaaaaaaa-\S+, and the token for Graph is of tenant bbbbbbbb-/);
  });
});

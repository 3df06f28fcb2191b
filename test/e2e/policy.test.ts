import { readFileSync } from "node:fs";
import { copyFile, mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { parse, stringify } from "yaml";
import { type Emulator, startEmulator } from "../../emulator/graph/start-emulator.ts";
import { policyHost } from "../support/policy-host.ts";
import { PulumiProject, type PulumiRun } from "../support/pulumi-project.ts";

const ROOT = path.resolve(import.meta.dirname, "../..");
const DEVICES = [
  { serialNumber: "PHONE1", operatingSystem: "Android", osVersion: "15" },
  { serialNumber: "PHONE2", operatingSystem: "Android", osVersion: "15" },
];
const wipe = (name: string, serial: string, ticket: string) =>
  `  - name: ${name}\n    device: { serialNumber: ${serial} }\n    reason: Returned\n${ticket}    steps: [wipe]\n    expires: ${soon()}\n    acknowledge: [dataLoss]\n`;
const soon = () => new Date(Date.now() + 5 * 24 * 60 * 60 * 1000).toISOString().slice(0, 10);

/**
 * The real engine with the pack of this repository. The language host that can be compiled here
 * knows no policies, so the engine is given another way to start the same pack; the pack itself is
 * not copied.
 */
describe("the policy pack", () => {
  let emulator: Emulator;
  let project: PulumiProject;
  let pack: string;
  let bin: string;

  beforeEach(async () => {
    emulator = await startEmulator({ checkInDelayMs: 50, devices: DEVICES });
    project = await PulumiProject.create({ graphEndpoint: emulator.url });
    pack = path.join(project.folder, "pack");
    bin = path.join(project.folder, "bin");
    await Promise.all([pack, bin].map((folder) => mkdir(folder)));
    const ours: unknown = parse(readFileSync(path.join(ROOT, "policy", "PulumiPolicy.yaml"), "utf8"));
    await writeFile(path.join(pack, "PulumiPolicy.yaml"), stringify({ ...Object(ours), runtime: "njs" }));
    await copyFile(path.join(ROOT, "policy", "package.json"), path.join(pack, "package.json"));
    await writeFile(path.join(pack, "index.js"), `import ${JSON.stringify(pathToFileURL(path.join(ROOT, "policy", "index.js")).href)};\n`);
    const host = path.join(bin, "pulumi-analyzer-policy-njs");
    await writeFile(host, policyHost(), { mode: 0o755 });
  });

  afterEach(async () => {
    await project?.remove();
    await emulator?.close();
  });

  async function run(verb: readonly string[], settings: object = {}, env: Readonly<Record<string, string>> = {}): Promise<PulumiRun> {
    const file = path.join(project.folder, "policies.json");
    await writeFile(file, JSON.stringify(settings));
    const packs = ["--policy-pack", pack, "--policy-pack-config", file];
    return project.run([...verb, ...packs], { PATH: `${bin}${path.delimiter}${project.path}`, ...env });
  }
  const UP = ["up", "--yes", "--skip-preview", "--parallel", "1"];
  const wipes = () => emulator.actionCalls.map(({ serialNumber }) => String(serialNumber)).sort();

  test("a mandatory violation ends the run before anything is sent, in preview and up; advice does not", async () => {
    await project.write("requests/a.yaml", `requests:\n${wipe("one", "PHONE1", "")}`);

    const preview = await run(["preview"]);
    const up = await run(UP);
    expect(preview.text).toContain("one names no ticket: write `ticket:` below its reason");
    expect(preview.code).not.toBe(0);
    expect(up.code).not.toBe(0);
    expect(wipes()).toEqual([]);

    const advised = await run(UP, { ticket: "advisory" });
    expect(advised).toMatchObject({ code: 0, text: expect.stringContaining("one names no ticket") });
    expect(wipes()).toEqual(["PHONE1"]);

    // What is begun goes on, and is not judged again.
    const again = await run(UP);
    expect(again).toMatchObject({ code: 0, text: expect.not.stringContaining("names no ticket") });
  });

  test("settings reach the rules; two persons count in up only; a limit counts them all", async () => {
    const ticket = "    ticket: INC-1\n";
    await project.write("requests/a.yaml", `requests:\n${wipe("one", "PHONE1", ticket)}${wipe("two", "PHONE2", ticket)}`);
    const settings = { "two-persons": { isOn: true }, ticket: { pattern: "^INC-" }, "author-limit": { destructive: 2 } };
    const people = (approvers: string) => ({ DEVICE_LIFECYCLE_AUTHORS: "anna", DEVICE_LIFECYCLE_APPROVERS: approvers });

    expect(await run(["preview"], settings)).toMatchObject({ code: 0 });
    const alone = await run(UP, settings, people("anna"));
    expect(alone.text).toMatch(/(one|two) was approved by its author alone: anna/);
    expect(alone.code).not.toBe(0);
    // Without a preview too: the engine would judge a whole stack only once it is done.
    const many = await run(["preview"], { ...settings, "author-limit": { destructive: 1 } }, people("ben"));
    expect(many.text).toContain("is number 2 of the new requests of anna in this run that destroy data, and one author may have 1");
    expect(many.code).not.toBe(0);
    const first = await run(UP, { ...settings, "author-limit": { destructive: 0 } }, people("ben"));
    expect(first.code).not.toBe(0);
    expect(wipes()).toEqual([]);

    expect(await run(UP, settings, people("ben"))).toMatchObject({ code: 0 });
    expect(wipes()).toEqual(["PHONE1", "PHONE2"]);
  });

  test.each([
    ["a wrong value", { expiry: { days: "soon" } }, /days/],
    ["an unknown policy", { tickets: { pattern: "^INC-" } }, /configuring policy pack/],
  ])("%s is an error in the preview", async (_name, settings, words) => {
    await project.write("requests/a.yaml", `requests:\n${wipe("one", "PHONE1", "    ticket: INC-1\n")}`);

    const { code, text } = await run(["preview"], settings);

    expect(text).toMatch(words);
    expect(code).not.toBe(0);
  });
});

import { readFile, rm } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { type Emulator, startEmulator } from "../../emulator/graph/start-emulator.ts";
import { PulumiProject } from "../support/pulumi-project.ts";

const ROOT = path.resolve(import.meta.dirname, "../..");
const SECRET = "hostile-token-9f2c77d1e0a84b53";

/** Makes a function of Node's fail as a bug would, with a secret in what it says. */
const failing = (module: string, name: string, when: string) => {
  const code = `import m from "node:${module}"; import { syncBuiltinESMExports } from "node:module"; const real = m.${name};
    m.${name} = (...args) => { if (${when}) throw new TypeError("cannot read " + process.env.GRAPH_ACCESS_TOKEN); return real(...args); }; syncBuiltinESMExports();`;
  return { NODE_OPTIONS: `--import=data:text/javascript;base64,${Buffer.from(code).toString("base64")}`, GRAPH_ACCESS_TOKEN: SECRET };
};
const IN_PROGRAM = failing("fs", "readdirSync", 'String(args[0]).includes("requests")');
const IN_PROVIDER = failing("crypto", "randomUUID", "true");

const TOLD = /DLR901: unexpected error \(TypeError\); details: (\.device-lifecycle\S+\.log); please report it/;

describe("a bug that has a secret in what it says", () => {
  let emulator: Emulator;
  let project: PulumiProject;

  beforeAll(async () => {
    emulator = await startEmulator({ devices: [{ serialNumber: "PHONE1", operatingSystem: "Android" }] });
    project = await PulumiProject.create({ graphEndpoint: emulator.url, wait: "5s" });
    await project.write(
      "requests/a.yaml",
      "requests:\n  - name: one\n    device: { serialNumber: PHONE1 }\n    steps: [rebootNow]\n    reason: x\n",
    );
  });

  afterAll(async () => {
    await project?.remove();
    await emulator?.close();
  });

  /** The details, which go away. */
  async function detailsOf(text: string): Promise<string> {
    const file = path.join(ROOT, TOLD.exec(text)?.[1] ?? "no file");
    const details = await readFile(file, "utf8");
    await rm(file);
    return details;
  }

  test.each([
    ["the program", 70, () => project.npmRun("preview", [], IN_PROGRAM)],
    ["a command", 70, () => project.command("validate", [path.join(project.folder, "requests")], IN_PROGRAM)],
    ["the provider", 70, () => project.npmRun("up", ["--yes", "--skip-preview"], IN_PROVIDER)],
  ])("in %s is told by its kind, with the details in a file without the secret", async (_, code, run) => {
    const ended = await run();

    expect(ended.text).toMatch(TOLD);
    expect(ended.text).not.toContain(SECRET);
    expect(ended.code).toBe(code);
    expect(await detailsOf(ended.text)).toMatch(/TypeError: cannot read <redacted>\n {4}at /);
    expect(emulator.actionCalls).toEqual([]);
  });

  test("is not in state either, and the next run goes on", async () => {
    expect(await readFile(project.stateFile, "utf8")).not.toContain(SECRET);

    const next = await project.up();

    expect(next.code).toBe(0);
    expect(emulator.actionCalls).toHaveLength(1);
  });
});

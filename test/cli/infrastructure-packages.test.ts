import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { beforeEach, expect, test } from "@jest/globals";
import { SetUpError } from "../../cli/pulumi/set-up-error.ts";
import { ensureInfrastructurePackages } from "../../cli/support/infrastructure-packages.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

let root: string;

beforeEach(async () => {
  root = await temporaryFolder();
  await mkdir(path.join(root, "infrastructure"));
  await writeFile(path.join(root, "infrastructure", "package-lock.json"), "first");
});

/**
 * Stands in for npm: notes its arguments, and makes the folder of packages anew as `npm ci` does,
 * or ends with an error.
 */
async function install(npm = FAKE_NPM): Promise<void> {
  const script = path.join(root, "npm-cli.js");
  await writeFile(script, npm);
  await ensureInfrastructurePackages({ root, env: { PATH: process.env.PATH, npm_execpath: script }, say: () => undefined });
}

async function calls(): Promise<readonly string[]> {
  return (await readFile(path.join(root, "infrastructure", "calls"), "utf8")).trim().split("\n");
}

const FAKE_NPM = `
const fs = require("node:fs");
fs.appendFileSync("calls", process.argv.slice(2).join(" ") + "\\n");
fs.rmSync("node_modules", { recursive: true, force: true });
fs.mkdirSync("node_modules");
`;

test("packages are installed as the lock file says, once for each state of it", async () => {
  await install();
  await install();
  const once = await calls();
  await writeFile(path.join(root, "infrastructure", "package-lock.json"), "second");
  await install();
  await rm(path.join(root, "infrastructure", "node_modules"), { recursive: true });
  await install();

  expect(once).toEqual(["ci --ignore-scripts --no-audit --no-fund"]);
  expect(await calls()).toHaveLength(3);
});

test("an installation that fails is told with npm's words, and tried again", async () => {
  const failed = install(`console.error("npm error code ENETUNREACH"); process.exit(1);`);

  await expect(failed).rejects.toThrow(SetUpError);
  await expect(failed).rejects.toThrow("ENETUNREACH");
  await install();
  expect(await calls()).toHaveLength(1);
});

test("the project's .npmrc does not say how that npm starts Node", async () => {
  const script = path.join(root, "npm-cli.js");
  await writeFile(script, `${FAKE_NPM}; fs.writeFileSync("env", JSON.stringify(process.env));`);
  const ofNpm = { NODE_OPTIONS: "--no-warnings", npm_config_node_options: "--no-warnings", npm_config_script_shell: "./x.sh" };

  await ensureInfrastructurePackages({
    root,
    env: { PATH: process.env.PATH, npm_execpath: script, npm_config_proxy: "http://proxy.example", ...ofNpm },
    say: () => undefined,
  });

  const given = JSON.parse(await readFile(path.join(root, "infrastructure", "env"), "utf8"));
  expect(given).toMatchObject({ npm_config_proxy: "http://proxy.example" });
  for (const name of Object.keys(ofNpm)) expect(given).not.toHaveProperty(name);
});

test("a missing npm is told", async () => {
  const none = ensureInfrastructurePackages({ root, env: { PATH: "" }, say: () => undefined });

  await expect(none).rejects.toMatchObject({ name: "SetUpError", disposition: "wrongUse" });
});

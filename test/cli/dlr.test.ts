import { execFile } from "node:child_process";
import { chmod, copyFile, mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, jest, test } from "@jest/globals";
import { COMMANDS, GROUPS } from "../../cli/commands.ts";
import { completions } from "../../cli/completion/completions.ts";
import { completionScript, SHELLS } from "../../cli/completion/scripts.ts";
import { renderHelp } from "../../cli/support/render-help.ts";
import { otherNode } from "../../providers/support/other-node.js";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { type Ended, SpawnedCommand } from "./spawned-command.ts";

jest.setTimeout(60_000);

const ROOT = path.resolve(import.meta.dirname, "../..");

const ENV = { PATH: process.env.PATH ?? "", HOME: process.env.HOME ?? "" };

function dlr(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ended> {
  const [name = "", ...rest] = args;
  return new SpawnedCommand(name, rest, { ...ENV, ...env }).ended;
}

interface Said {
  readonly code: number;
  readonly text: string;
}

function start(command: string, args: readonly string[], env: Readonly<Record<string, string>> = ENV, cwd = ROOT): Promise<Said> {
  return new Promise((resolve) => {
    execFile(command, args, { env, cwd }, (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === "number" ? error.code : error === null ? 0 : -1, text: stdout + stderr });
    });
  });
}

describe("dlr", () => {
  test("help lists every command on one screen, in groups, each with an example", () => {
    const lines = renderHelp().split("\n");

    expect(lines.length).toBeLessThanOrEqual(42);
    expect(lines.filter((line) => line.length > 80)).toEqual([]);
    for (const { name, group } of COMMANDS) if (group !== null) expect(lines.some((line) => line.startsWith(`  ${name} `))).toBe(true);
    for (const { example } of Object.values(GROUPS)) expect(lines.some((line) => line.endsWith(example))).toBe(true);
  });

  test.each(COMMANDS.map(({ name }) => [name] as const))(
    "%s has help of its own under its one name, as an npm script too",
    async (name) => {
      const { scripts } = JSON.parse(await readFile(path.join(ROOT, "package.json"), "utf8")) as {
        scripts: Readonly<Record<string, string>>;
      };

      if (name !== "completion") expect(scripts[name]).toBe(`node cli/dlr.js ${name}`);
      const help = await dlr(name === "pulumi" ? ["pulumi", "--installer-help"] : ["help", name]);
      expect(help).toMatchObject({ code: 0, stderr: "" });
      expect(help.stdout).toContain(`Usage: dlr ${name}`);
    },
  );

  test.each([["--help"], ["-h"], ["help"]])("%s is the list", async (word) => {
    expect(await dlr([word])).toMatchObject({ code: 0, stdout: `${renderHelp()}\n` });
  });

  test("of a command that is none says which is meant", async () => {
    expect(await dlr(["setle", "x"])).toMatchObject({
      code: 2,
      stdout: "",
      stderr: 'error: there is no command "setle" (did you mean "settle"?)\n  help: dlr help lists the commands\n',
    });
  });
});

describe("an npm script whose options npm took", () => {
  test.each<[string, readonly string[], Readonly<Record<string, string>>, string]>([
    [
      "preview",
      [],
      { npm_config_stack: "big" },
      "npm took --stack for itself, so that preview never saw it; nothing was done\n  help: type ./dlr preview --stack big (or",
    ],
    ["setup-azure", [], { npm_config_dry_run: "true" }, "type ./dlr setup-azure --dry-run (or"],
    ["settle", ["leaver"], { npm_config_taken: "true", npm_config_why: "in hand" }, 'type ./dlr settle leaver --taken --why "in hand" (or'],
    ["stop", ["why"], { npm_config_all: "true" }, "type ./dlr stop why --all (or"],
    ["ledger", ["show"], { npm_config_ledger: "file:x" }, "type ./dlr ledger show --ledger file:x (or"],
    ["up", [], { npm_config_config_file: "x.yaml", npm_config_stack: "dev" }, "type ./dlr up --stack dev --config-file x.yaml (or"],
  ])("%s %j with %j: the line to type", async (name, args, env, text) => {
    const ended = await dlr([name, ...args], { ...env, npm_lifecycle_event: name });

    expect(ended.code).toBe(2);
    expect(ended.stderr).toContain(text);
  });

  test.each<[string, readonly string[], Readonly<Record<string, string>>]>([
    ["what the command has itself", ["verify", "--ledger", "file:none"], { npm_lifecycle_event: "ledger", npm_config_ledger: "file:none" }],
    [
      "what an npmrc says for every command",
      ["verify", "--ledger", "file:none"],
      { npm_lifecycle_event: "ledger", npm_config_yes: "true", npm_config_all: "" },
    ],
    ["another script's", ["verify", "--ledger", "file:none"], { npm_lifecycle_event: "deploy", npm_config_json: "true" }],
  ])("is not told of %s", async (_case, args, env) => {
    expect((await dlr(["ledger", ...args], env)).stderr).not.toContain("npm took");
  });
});

describe("completion", () => {
  test.each<[readonly string[], readonly string[]]>([
    [["se"], ["settle", "setup-azure"]],
    [
      ["ledger", ""],
      ["init", "show", "verify"],
    ],
    [["ledger", "show", "--a"], ["--all"]],
    [["settle", "prod", "--t"], ["--taken"]],
    [["nothing", ""], []],
    [["up", "no-such-stack"], []],
  ])("of %j is %j", async (words, found) => {
    expect(await completions(words)).toEqual(found);
  });

  test.each(SHELLS)("for %s is a script that asks the command", async (shell) => {
    expect(await dlr(["completion", shell])).toMatchObject({ code: 0, stdout: completionScript(shell) });
  });

  test("works in bash", async () => {
    const script = `${completionScript("bash")}
COMP_WORDS=(./dlr led); COMP_CWORD=1; _dlr; echo "\${COMPREPLY[*]}"
COMP_WORDS=(./dlr ledger ""); COMP_CWORD=2; _dlr; echo "\${COMPREPLY[*]}"`;

    expect(await start("bash", ["-c", script])).toEqual({ code: 0, text: "ledger\ninit show verify\n" });
  });
});

describe("the launchers", () => {
  /** A project's folder of its own, with the launcher and what is said to be installed. */
  async function project(...installed: readonly string[]): Promise<string> {
    const folder = path.join(await temporaryFolder(), "a project");
    await mkdir(path.join(folder, "cli"), { recursive: true });
    await copyFile(path.join(ROOT, "dlr"), path.join(folder, "dlr"));
    for (const name of installed) await mkdir(path.join(folder, "node_modules", name), { recursive: true });
    await writeFile(path.join(folder, "cli", "dlr.js"), "console.log(JSON.stringify(process.argv.slice(2)));");
    return folder;
  }

  /** Programs that the launcher itself needs, and no Node. */
  async function bareBin(): Promise<string> {
    const bin = await temporaryFolder();
    for (const name of ["dirname", "readlink"]) {
      await symlink((await start("sh", ["-c", `command -v ${name}`])).text.trim(), path.join(bin, name));
    }
    return bin;
  }

  test("say in one sentence that the packages are missing", async () => {
    const folder = await project();

    expect(await start("/bin/sh", [path.join(folder, "dlr"), "up"])).toEqual({
      code: 2,
      text: `dlr: the packages are missing: run \`npm ci\` in ${folder}\n`,
    });
  });

  test("say in one sentence that Node is missing", async () => {
    const folder = await project("commander");

    const said = await start("/bin/sh", [path.join(folder, "dlr"), "up"], { PATH: await bareBin() });

    expect(said).toEqual({ code: 2, text: `dlr: Node is missing: run \`npm ci\` in ${folder}, without --ignore-scripts and --omit=dev\n` });
  });

  test("hand everything on, with the project's own Node, from any folder and through a link", async () => {
    const folder = await project("commander", "node/bin");
    const node = path.join(folder, "node_modules/node/bin/node");
    await writeFile(node, `#!/bin/sh\nexec "${process.execPath}" "$@"\n`);
    await chmod(node, 0o755);
    const links = await temporaryFolder();
    await symlink(path.join(folder, "dlr"), path.join(links, "dlr"));

    const said = await start("/bin/sh", [path.join(links, "dlr"), "stop", "a b", "--", "", "*"], { PATH: await bareBin() }, links);

    expect(said).toEqual({ code: 0, text: '["stop","a b","--","","*"]\n' });
  });

  test("fetch nothing, and the one for Windows has Windows' line ends, wherever it is checked out", async () => {
    const [sh, cmd, attributes] = await Promise.all(
      ["dlr", "dlr.cmd", ".gitattributes"].map((file) => readFile(path.join(ROOT, file), "utf8")),
    );

    for (const text of [sh, cmd]) expect(text).not.toMatch(/npx|curl|wget|Invoke-|npm (?!ci\\?`)/);
    expect(cmd?.replaceAll("\r\n", "")).not.toContain("\n");
    expect(sh).not.toContain("\r");
    expect(attributes).toMatch(/^\*\.cmd text eol=crlf$/m);
  });
});

describe("another Node than ours", () => {
  const OLD = 'data:text/javascript,Object.defineProperty(process, "versions", { value: { ...process.versions, node: "20.20.2" } })';

  test.each([["cli/dlr.js"], ["index.js"]])("is told in one sentence by %s, without a stack trace", async (file) => {
    const said = await start(process.execPath, ["--import", OLD, file, "up"]);

    expect(said.code).toBe(2);
    expect(said.text).toMatch(/^(dlr|device-lifecycle): this is Node 20\.20\.2, and Node 24 or newer is needed: `npm ci` .*\n$/);
  });

  test("is any older one", () => {
    expect(["18.0.0", "22.18.0", "23.11.1"].map(otherNode).every((text) => text !== null)).toBe(true);
    expect(["24.0.0", "24.21.0", "26.1.0", "100.0.0"].map(otherNode)).toEqual([null, null, null, null]);
  });
});

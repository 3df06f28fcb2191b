import { existsSync } from "node:fs";
import { chmod, mkdir, readdir, readFile, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { installationName } from "../../cli/pulumi/cache-folder.ts";
import type { SetUpOptions } from "../../cli/pulumi/options.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const ROOT = path.resolve(import.meta.dirname, "../..");

/** One run of a fake program, as it wrote it down itself. */
export interface ToolCall {
  readonly tool: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

/**
 * A machine of its own: PATH, home and cache in a temporary folder, with fake programs that write
 * down how they were called.
 */
export class FakeMachine {
  readonly folder: string;
  readonly bin: string;
  readonly cache: string;
  readonly said: string[] = [];

  private constructor(folder: string) {
    this.folder = folder;
    this.bin = path.join(folder, "bin");
    this.cache = path.join(folder, "cache");
  }

  static async create(): Promise<FakeMachine> {
    const machine = new FakeMachine(await temporaryFolder());
    await mkdir(machine.bin);
    await writeFile(machine.callsFile, "");
    await machine.borrow("cat");
    return machine;
  }

  get callsFile(): string {
    return path.join(this.folder, "calls.jsonl");
  }

  get installation(): string {
    return path.join(this.cache, installationName());
  }

  get env(): Record<string, string> {
    return {
      PATH: this.bin,
      HOME: path.join(this.folder, "home"),
      DEVICE_LIFECYCLE_CACHE: this.cache,
      PULUMI_DOWNLOAD: "off",
      PULUMI_BACKEND_URL: "file:///nowhere",
    };
  }

  options(env: Readonly<Record<string, string>> = {}): SetUpOptions {
    return { env: { ...this.env, ...env }, root: ROOT, say: (line) => this.said.push(line) };
  }

  /**
   * A program on this machine's PATH: the body of a script that sees `args`, `record()`, `fs` and
   * `process`.
   */
  async program(name: string, body: string, folder = this.bin, version = ""): Promise<string> {
    await mkdir(folder, { recursive: true });
    const file = path.join(folder, name);
    await writeFile(`${file}.cjs`, PRELUDE(name, this.callsFile) + body);
    // The question for the version comes before everything else; a shell answers it sooner than
    // Node would.
    const answer = version === "" ? "" : `[ "$*" = version ] && echo '${version}' && exit\n`;
    await writeFile(file, `#!/bin/sh\n${answer}exec "${process.execPath}" "${file}.cjs" "$@"\n`);
    await chmod(file, 0o755);
    return file;
  }

  pulumi(version: string, body = "record();", folder = this.bin): Promise<string> {
    return this.program("pulumi", body, folder, `v${version}`);
  }

  /** A Go whose `build` writes a program that tells a version; `onBuild` is run first. */
  go(version = "1.26.8", onBuild = ""): Promise<string> {
    return this.program(
      "go",
      `record();
       if (args[0] === "version") console.log("go version go${version} linux/amd64");
       if (args[0] === "build") {
         ${onBuild}
         const file = args[args.indexOf("-o") + 1];
         fs.writeFileSync(file, "#!/bin/sh\\necho v3.255.0\\n", { mode: 0o755 });
       }`,
    );
  }

  /** A program of the real machine. */
  async borrow(name: string): Promise<void> {
    const found = (process.env.PATH ?? "").split(path.delimiter).map((folder) => path.join(folder, name));
    const file = found.find((candidate) => existsSync(candidate));
    if (file === undefined) throw new Error(`this test needs ${name} on PATH`);
    await symlink(file, path.join(this.bin, name));
  }

  /** A complete installation in the cache, without the work. */
  async cached(body?: string): Promise<void> {
    await this.pulumi("3.255.0", body, this.installation);
    await this.program("pulumi-language-nodejs", "record();", this.installation);
  }

  async calls(tool: string): Promise<readonly ToolCall[]> {
    const lines = (await readFile(this.callsFile, "utf8")).split("\n").filter((line) => line !== "");
    return lines.map((line) => JSON.parse(line) as ToolCall).filter((call) => call.tool === tool);
  }

  /** What the cache holds besides the lock file. */
  async cacheEntries(): Promise<readonly string[]> {
    if (!existsSync(this.cache)) return [];
    const others = ["engine-home", "node-compile-cache", "pulumi-versions.json"];
    return (await readdir(this.cache)).filter((name) => !name.endsWith(".lock") && !others.includes(name)).sort();
  }
}

const PRELUDE = (name: string, callsFile: string) => `
const fs = require("node:fs");
const args = process.argv.slice(2);
const record = (more = {}) => fs.appendFileSync(${JSON.stringify(callsFile)},
  JSON.stringify({ tool: ${JSON.stringify(name)}, args, cwd: process.cwd(), env: process.env, ...more }) + "\\n");
`;

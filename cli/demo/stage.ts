import { spawn } from "node:child_process";
import { mkdir, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { stringify } from "yaml";
import { ensurePulumi } from "../pulumi/ensure-pulumi.ts";
import { pulumiEnvironment } from "../pulumi/environment.ts";
import { PROJECT_FOLDER } from "../support/project-folder.ts";

/** What one command of the demo printed, and its exit code. */
export interface Output {
  readonly code: number;
  readonly stdout: string;
  /** stdout and stderr, as they came. */
  readonly text: string;
}

/** A name that nobody gives a stack of their own. */
const STACK = "device-lifecycle-demo-stage";

/** The demo's folder and the programs it runs there: the same commands that a person would type. */
export class Stage {
  readonly folder = path.join(PROJECT_FOLDER, ".demo");
  readonly #say: (line: string) => void;
  #pulumi = "";
  #env: Record<string, string> = {};
  #logs = 0;

  constructor(say: (line: string) => void) {
    this.#say = say;
  }

  async prepare(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
    for (const name of ["requests", "playbooks", "state"]) await mkdir(path.join(this.folder, name), { recursive: true, mode: 0o700 });
    const own = {
      PULUMI_BACKEND_URL: pathToFileURL(path.join(this.folder, "state")).href,
      PULUMI_CONFIG_PASSPHRASE: "device-lifecycle-demo",
      // The demo shows a secret of a double, which `reveal` does not do in CI.
      CI: "false",
    };
    const options = {
      env: { ...withoutCredentials(process.env), ...own },
      root: PROJECT_FOLDER,
      say: (line: string) => console.error(line),
    };
    const installation = await ensurePulumi(options);
    this.#pulumi = installation.command;
    this.#env = pulumiEnvironment(options.env, installation.pathPrefix, PROJECT_FOLDER);
  }

  async configure(values: Readonly<Record<string, string>>): Promise<void> {
    const config = Object.fromEntries(Object.entries(values).map(([key, value]) => [`device-lifecycle:${key}`, value]));
    await writeFile(this.path("Pulumi.demo.yaml"), stringify({ config }));
  }

  path(name: string): string {
    return path.join(this.folder, name);
  }

  /** A path as the user would type it: relative to the project. */
  shown(name: string): string {
    return path.posix.join(".demo", name);
  }

  /**
   * `stack init` also writes a configuration file into the project's folder; the demo has its own
   * elsewhere.
   */
  async makeStack(): Promise<Output> {
    try {
      return await this.pulumi("the stack", ["stack", "init"]);
    } finally {
      await rm(path.join(PROJECT_FOLDER, `Pulumi.${STACK}.yaml`), { force: true });
    }
  }

  pulumi(title: string, args: readonly string[]): Promise<Output> {
    const common = ["--stack", STACK, "--non-interactive", "--color", "never"];
    const config = args[0] === "stack" ? [] : ["--config-file", this.path("Pulumi.demo.yaml")];
    return this.#run(title, this.#pulumi, [...args, ...common, ...config]);
  }

  /** One of our own commands. */
  command(title: string, name: string, args: readonly string[]): Promise<Output> {
    return this.#run(title, process.execPath, [path.join(PROJECT_FOLDER, "cli", "dlr.js"), name, ...args]);
  }

  /** Runs to the end, tells how long it took, and keeps all that it printed in a log of its own. */
  async #run(title: string, command: string, args: readonly string[]): Promise<Output> {
    const start = performance.now();
    const ticker = setInterval(() => this.#say(`   … ${title}: ${seconds(start)}`), 10_000);
    try {
      const output = await capture(command, args, this.#env);
      this.#say(`   ${title}: exit code ${output.code} after ${seconds(start)}`);
      return output;
    } finally {
      clearInterval(ticker);
    }
  }

  async keepLog(name: string, text: string): Promise<void> {
    this.#logs++;
    await writeFile(this.path(`${String(this.#logs).padStart(2, "0")}-${name}.log`), text, { mode: 0o600 });
  }
}

/** The demo talks to a double: no credential of the user's may come along. */
function withoutCredentials(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !/^(GRAPH_|AZURE_|ARM_|PULUMI_(?!HOME|DOWNLOAD))/.test(name)));
}

function seconds(start: number): string {
  return `${((performance.now() - start) / 1000).toFixed(1)} s`;
}

function capture(command: string, args: readonly string[], env: Record<string, string>): Promise<Output> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: PROJECT_FOLDER, env, stdio: ["ignore", "pipe", "pipe"] });
    let stdout = "";
    let text = "";
    child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
      stdout += chunk;
      text += chunk;
    });
    child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
      text += chunk;
    });
    child.once("error", reject);
    child.once("close", (code) => resolve({ code: code ?? 1, stdout, text }));
  });
}

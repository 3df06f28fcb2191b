import { type ChildProcess, type ChildProcessByStdio, spawn } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Readable } from "node:stream";
import { pathToFileURL } from "node:url";
import { stringify } from "yaml";
import { ensurePulumi, type PulumiInstallation } from "../../cli/pulumi/ensure-pulumi.ts";
import { pulumiEnvironment } from "../../cli/pulumi/environment.ts";
import { PROJECT, RESOURCE_TYPE } from "../../providers/domain/project.ts";
import type { StoredOutputs } from "../../providers/pulumi/state.ts";

const ROOT = path.resolve(import.meta.dirname, "../..");
const STATE_FOLDER = "state";

export const PASSPHRASE = "for tests";
/**
 * What the engine made of the passphrase once: the stacks of tests need no process of their own to
 * be made.
 */
export const SALT = "v1:Xc0DNz8TTjo=:v1:oojpq9jsOKCbVoIG:UAWJGQ3Ph6N+KpAiHkJRT/OeWKNyug==";

export interface PulumiRun {
  readonly code: number;
  /** stdout and stderr, as they came. */
  readonly text: string;
}

/** A run that has not ended yet. */
export interface StartedRun {
  readonly child: ChildProcess;
  readonly ended: Promise<PulumiRun>;
}

export interface StackResource {
  readonly urn: string;
  readonly type: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly outputs: StoredOutputs;
}

interface Checkpoint {
  readonly checkpoint: { readonly latest: { readonly resources?: readonly StackResource[] } };
}

/** One look for the CLI for all projects of a process. */
let installed: Promise<PulumiInstallation> | undefined;

/**
 * The real engine on this repository's program, with requests, escrow, ledger, state and
 * configuration of its own in a temporary folder: tests may run side by side.
 */
export class PulumiProject {
  readonly folder: string;
  readonly stack: string;
  readonly #root: string;
  readonly #env: Record<string, string>;
  readonly #command: string;

  private constructor(folder: string, root: string, command: string, env: Record<string, string>) {
    this.folder = folder;
    this.#root = root;
    this.stack = path.basename(folder).toLowerCase();
    this.#command = command;
    this.#env = env;
  }

  /** `root`: the program that is run, this repository's unless said. */
  static async create(config: Readonly<Record<string, unknown>>, root = ROOT): Promise<PulumiProject> {
    const folder = await mkdtemp(path.join(tmpdir(), "device-lifecycle-e2e-"));
    for (const name of ["requests", "playbooks"]) await mkdir(path.join(folder, name), { mode: 0o700 });
    const own = {
      PULUMI_BACKEND_URL: pathToFileURL(path.join(folder, STATE_FOLDER)).href,
      PULUMI_CONFIG_PASSPHRASE: PASSPHRASE,
      PULUMI_DOWNLOAD: "off",
      // Whoever runs the tests.
      CI: "false",
    };
    const inherited = Object.fromEntries(
      Object.entries(process.env).filter(([name]) => !/^(CI|GITHUB_RUN_|BUILD_BUILDID|GRAPH_|AZURE_|PULUMI_)/.test(name)),
    );
    const options = { env: { ...inherited, ...own }, root: ROOT, say: (line: string) => console.error(line) };
    installed ??= ensurePulumi(options);
    const { command, pathPrefix } = await installed;
    const project = new PulumiProject(folder, root, command, pulumiEnvironment(options.env, pathPrefix, root));
    await project.configure(config);
    await project.initStack();
    return project;
  }

  /** Makes the empty stack as `pulumi stack init` does, anew where its state was lost. */
  async initStack(): Promise<void> {
    const secrets = { type: "passphrase", state: { salt: SALT } };
    const latest = { manifest: { time: new Date().toISOString(), magic: "", version: "" }, secrets_providers: secrets, metadata: {} };
    const checkpoint = { stack: `organization/${PROJECT}/${this.stack}`, latest };
    await mkdir(path.dirname(this.stateFile), { recursive: true, mode: 0o700 });
    await writeFile(path.join(this.folder, STATE_FOLDER, ".pulumi", "meta.yaml"), "version: 1\n");
    await writeFile(this.stateFile, JSON.stringify({ version: 3, checkpoint }));
  }

  /** The same project, folders and state, run by this repository's program. */
  async withThisProgram(config: Readonly<Record<string, unknown>>): Promise<PulumiProject> {
    const pathOfOther = path.join(this.#root, "node_modules", ".bin");
    const env = { ...this.#env, PATH: String(this.#env.PATH).replace(pathOfOther, path.join(ROOT, "node_modules", ".bin")) };
    const project = new PulumiProject(this.folder, ROOT, this.#command, env);
    await project.configure(config);
    return project;
  }

  /** PATH of the engine and of what it starts. */
  get path(): string {
    return this.#env.PATH ?? "";
  }

  /** How Node is started in the engine's processes, and in ours. */
  get nodeOptions(): string {
    return this.#env.NODE_OPTIONS ?? "";
  }

  /** The checkpoint of the file backend. */
  get stateFile(): string {
    return path.join(this.folder, STATE_FOLDER, ".pulumi", "stacks", PROJECT, `${this.stack}.json`);
  }

  /** Writes the stack's configuration; keys without the namespace. */
  async configure(config: Readonly<Record<string, unknown>>): Promise<void> {
    const folders = { requests: path.join(this.folder, "requests"), playbooks: path.join(this.folder, "playbooks") };
    const stores = { escrow: `file:${path.join(this.folder, "escrow")}`, ledger: `file:${path.join(this.folder, "ledger")}` };
    const entries = Object.entries({ ...folders, ...stores, ...config }).map(([key, value]) => [`device-lifecycle:${key}`, value]);
    await writeFile(path.join(this.folder, "Pulumi.yaml"), stringify({ encryptionsalt: SALT, config: Object.fromEntries(entries) }));
  }

  /** Writes a file of the project's folder, such as `requests/a.yaml`. */
  async write(name: string, text: string): Promise<void> {
    await writeFile(path.join(this.folder, name), text);
  }

  async read(name: string): Promise<string> {
    return readFile(path.join(this.folder, name), "utf8");
  }

  preview(...args: string[]): Promise<PulumiRun> {
    return this.run(["preview", "--diff", ...args]);
  }

  up(...args: string[]): Promise<PulumiRun> {
    return this.run(["up", "--yes", "--skip-preview", ...args]);
  }

  run(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<PulumiRun> {
    const config = ["preview", "up", "refresh", "destroy"].includes(args[0] ?? "") ? this.#configFile() : [];
    return this.#spawn(this.#command, [...args, ...this.#common(), ...config], env);
  }

  /** One of our own commands, such as `settle`. */
  command(name: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<PulumiRun> {
    return this.#spawn(process.execPath, [path.join(ROOT, "cli", "dlr.js"), name, ...args], env);
  }

  /** The requests as state holds them, or resources of another type of ours, by name. */
  async resources(wanted = RESOURCE_TYPE): Promise<ReadonlyMap<string, StackResource>> {
    const own = (await this.#stateResources()).filter(({ type }) => type === wanted);
    return new Map(own.map((resource) => [resource.urn.slice(resource.urn.lastIndexOf("::") + 2), resource]));
  }

  async stackOutputs(): Promise<Readonly<Record<string, unknown>>> {
    return { ...(await this.#stateResources()).find(({ type }) => type === "pulumi:pulumi:Stack")?.outputs };
  }

  async #stateResources(): Promise<readonly StackResource[]> {
    const { checkpoint } = JSON.parse(await readFile(this.stateFile, "utf8")) as Checkpoint;
    return checkpoint.latest.resources ?? [];
  }

  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }

  /** `npm run up` and the like, as the documentation has it. */
  npmRun(name: "up" | "preview", args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<PulumiRun> {
    return this.command(name, [...args, ...this.#common(), ...this.#configFile()], env);
  }

  /**
   * A run to be killed: `npm run up` as the leader of a process group of its own, not waited for.
   */
  start(args: readonly string[], env: Readonly<Record<string, string>> = {}): ChildProcess {
    const all = [path.join(ROOT, "cli", "dlr.js"), "up", ...args, ...this.#common(), ...this.#configFile()];
    return spawn(process.execPath, all, { cwd: ROOT, env: { ...this.#env, ...env }, stdio: "ignore", detached: true });
  }

  /**
   * One of our commands about this stack, to be interrupted; it leads a process group of its own.
   */
  startShown(name: "up" | "preview", args: readonly string[], env: Readonly<Record<string, string>> = {}): StartedRun {
    const all = [path.join(ROOT, "cli", "dlr.js"), name, ...args, ...this.#common(), ...this.#configFile()];
    const child = spawn(process.execPath, all, {
      cwd: ROOT,
      env: { ...this.#env, ...env },
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    });
    return { child, ended: endOf(child) };
  }

  #common(): readonly string[] {
    return ["--stack", this.stack, "--non-interactive", "--color", "never"];
  }

  #configFile(): readonly string[] {
    return ["--config-file", path.join(this.folder, "Pulumi.yaml")];
  }

  #spawn(command: string, args: readonly string[], env: Readonly<Record<string, string>>): Promise<PulumiRun> {
    return endOf(spawn(command, args, { cwd: this.#root, env: { ...this.#env, ...env }, stdio: ["ignore", "pipe", "pipe"] }));
  }
}

function endOf(child: ChildProcessByStdio<null, Readable, Readable>): Promise<PulumiRun> {
  return new Promise((resolve, reject) => {
    let text = "";
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
    child.once("error", reject);
    child.once("close", (code) => resolve({ code: code ?? 1, text }));
  });
}

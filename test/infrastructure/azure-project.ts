import { spawn } from "node:child_process";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { stringify } from "yaml";
import { ensurePulumi } from "../../cli/pulumi/ensure-pulumi.ts";
import { pulumiEnvironment } from "../../cli/pulumi/environment.ts";
import { PROJECT_FOLDER } from "../../cli/support/project-folder.ts";
import { PROJECT } from "../../infrastructure/settings.ts";
import { PASSPHRASE, type PulumiRun, SALT } from "../support/pulumi-project.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import type { AzureDouble } from "./azure-double.ts";
import { ProviderServer } from "./provider-server.ts";
import type { SdkTypes } from "./sdk-types.ts";

const STACK = "prod";

export interface SavedResource {
  readonly urn: string;
  readonly type: string;
  readonly id?: string;
  readonly protect?: boolean;
  readonly inputs?: Readonly<Record<string, unknown>>;
  readonly outputs?: Readonly<Record<string, unknown>>;
  readonly dependencies?: readonly string[];
}

/**
 * The real engine on the program of infrastructure/, with state and configuration in a temporary
 * folder, and Azure's double behind it.
 */
export class AzureProject {
  readonly #folder: string;
  readonly #command: string;
  readonly #env: Record<string, string>;
  readonly stop: () => void;

  private constructor(folder: string, command: string, env: Record<string, string>, stop: () => void) {
    this.#folder = folder;
    this.#command = command;
    this.#env = env;
    this.stop = stop;
  }

  static async create(azure: AzureDouble, types: SdkTypes): Promise<AzureProject> {
    const folder = await temporaryFolder();
    const { port, stop } = await ProviderServer.start(azure, types);
    const inherited = Object.entries(process.env).filter(([name]) => !/^(CI|GRAPH_|AZURE_|ARM_|PULUMI_)/.test(name));
    const env = {
      ...Object.fromEntries(inherited),
      PULUMI_BACKEND_URL: pathToFileURL(path.join(folder, "state")).href,
      PULUMI_CONFIG_PASSPHRASE: PASSPHRASE,
      PULUMI_DOWNLOAD: "off",
      PULUMI_DEBUG_PROVIDERS: `azure-native:${port}`,
      PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    };
    const { command, pathPrefix } = await ensurePulumi({ env, root: PROJECT_FOLDER, say: (line) => console.error(line) });
    const project = new AzureProject(folder, command, pulumiEnvironment(env, pathPrefix, PROJECT_FOLDER), stop);
    await project.#initStack();
    return project;
  }

  /** Writes the stack's configuration; keys without the namespace, except those with a colon. */
  async configure(config: Readonly<Record<string, unknown>>): Promise<void> {
    const entries = Object.entries(config).map(([key, value]) => [key.includes(":") ? key : `${PROJECT}:${key}`, value]);
    await writeFile(this.#configFile, stringify({ encryptionsalt: SALT, config: Object.fromEntries(entries) }));
  }

  run(...args: readonly string[]): Promise<PulumiRun> {
    const common = ["--stack", STACK, "--non-interactive", "--color", "never", "--config-file", this.#configFile];
    const cwd = path.join(PROJECT_FOLDER, "infrastructure");
    return new Promise((resolve, reject) => {
      const child = spawn(this.#command, [...args, ...common], { cwd, env: this.#env, stdio: ["ignore", "pipe", "pipe"] });
      let text = "";
      for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
      child.once("error", reject);
      child.once("close", (code) => resolve({ code: code ?? 1, text }));
    });
  }

  /** What state holds, without the stack itself and the provider. */
  async resources(): Promise<readonly SavedResource[]> {
    return (await this.#saved()).filter(({ type }) => !type.startsWith("pulumi:"));
  }

  async outputs(): Promise<Readonly<Record<string, unknown>>> {
    return { ...(await this.#saved()).find(({ type }) => type === "pulumi:pulumi:Stack")?.outputs };
  }

  async #saved(): Promise<readonly SavedResource[]> {
    const { checkpoint } = JSON.parse(await readFile(this.#stateFile, "utf8"));
    return checkpoint.latest.resources ?? [];
  }

  get #configFile(): string {
    return path.join(this.#folder, `Pulumi.${STACK}.yaml`);
  }

  get #stateFile(): string {
    return path.join(this.#folder, "state", ".pulumi", "stacks", PROJECT, `${STACK}.json`);
  }

  /** As `pulumi stack init` does, without a process. */
  async #initStack(): Promise<void> {
    const latest = {
      manifest: { time: new Date().toISOString(), magic: "", version: "" },
      secrets_providers: { type: "passphrase", state: { salt: SALT } },
      metadata: {},
    };
    await mkdir(path.dirname(this.#stateFile), { recursive: true, mode: 0o700 });
    await writeFile(path.join(this.#folder, "state", ".pulumi", "meta.yaml"), "version: 1\n");
    await writeFile(this.#stateFile, JSON.stringify({ version: 3, checkpoint: { stack: `organization/${PROJECT}/${STACK}`, latest } }));
  }
}

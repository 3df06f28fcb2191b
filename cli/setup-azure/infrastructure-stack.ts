import { spawn } from "node:child_process";
import path from "node:path";
import { adviceFor } from "../../infrastructure/azure-error-advice.ts";
import { isObject } from "../../providers/domain/json.ts";
import type { PulumiCommand } from "../pulumi/ask-pulumi.ts";
import { relaySignals } from "../pulumi/relay-signals.ts";
import { runTool, tailOf } from "../pulumi/run-tool.ts";
import { AzureError } from "./azure-error.ts";

const LIMIT_MS = 120_000;
/** Enough for every refusal of a run. */
const KEPT_CHARACTERS = 256_000;

/** The stack of the program in infrastructure/, through the Pulumi CLI. */
export class InfrastructureStack {
  readonly #pulumi: PulumiCommand;
  readonly #name: string;

  constructor(pulumi: PulumiCommand, name: string) {
    this.#pulumi = pulumi;
    this.#name = name;
  }

  /** Whether some run has made it; false too where the backend does not say. */
  async exists(): Promise<boolean> {
    const result = await this.#ask("stack", "ls", "--json");
    if (result.code !== 0) return false;
    const list: unknown = JSON.parse(result.stdout);
    return Array.isArray(list) && list.some((item) => isObject(item) && String(item.name).split("/").at(-1) === this.#name);
  }

  async ensure(): Promise<void> {
    const result = await this.#ask("stack", "select", "--create", this.#name);
    if (result.code === 0) return;
    throw new AzureError(`Pulumi cannot make the stack ${this.#name} of the Azure parts\n${tailOf(result.output)}`, {
      hint: "see where state is kept: ./dlr pulumi whoami --verbose; docs/set-up.md has the backends",
    });
  }

  /**
   * Shows what `up` would do, with the configuration of another file. Throws `AzureError` with
   * advice for what Azure refused.
   */
  async preview(configFile: string): Promise<void> {
    await this.#show("preview", "--config-file", configFile);
  }

  async up(): Promise<void> {
    await this.#show("up", "--yes", "--skip-preview");
  }

  async outputs(): Promise<Readonly<Record<string, unknown>>> {
    const result = await this.#ask("stack", "output", "--json", "--stack", this.#name);
    const outputs: unknown = result.code === 0 ? JSON.parse(result.stdout) : null;
    if (isObject(outputs)) return outputs;
    throw new AzureError(`Pulumi does not tell the outputs of the Azure parts\n${tailOf(result.output)}`, { hint: "run this again" });
  }

  /** A run for people: what it prints goes to stderr as it comes. */
  async #show(...args: readonly string[]): Promise<void> {
    const { command, env } = this.#pulumi;
    const all = [...args, "--stack", this.#name, "--non-interactive"];
    const child = spawn(command, all, { cwd: this.#folder, env, stdio: ["ignore", "pipe", "pipe"] });
    const stopRelaying = relaySignals(child, env.npm_lifecycle_event !== undefined);
    let text = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (chunk: string) => {
        text = (text + chunk).slice(-KEPT_CHARACTERS);
        process.stderr.write(chunk);
      });
    }
    try {
      const code = await new Promise<number | null>((resolve, reject) => {
        child.once("error", reject);
        child.once("close", resolve);
      });
      if (code !== 0) throw this.#failure(args[0] ?? "", text);
    } finally {
      stopRelaying();
    }
  }

  #failure(doing: string, text: string): AzureError {
    const advice = adviceFor(text).map((item) => `${item.code}: ${item.text}`);
    const again = "then run the same command again: what was made is kept, and the rest is made then";
    return new AzureError(`the Azure parts are not done: \`pulumi ${doing}\` failed, as told above`, {
      hint: advice.length === 0 ? `mend what it names, ${again}` : `${advice.join("\n  help: ")}\n  help: ${again}`,
    });
  }

  async #ask(...args: readonly string[]): Promise<{ readonly code: number; readonly stdout: string; readonly output: string }> {
    const { command, env } = this.#pulumi;
    const all = [...args, "--non-interactive", "--color", "never"];
    const result = await runTool({ command, args: all, cwd: this.#folder, env, limit: LIMIT_MS });
    if (result.kind === "exited") return result;
    return { code: 1, stdout: "", output: result.kind === "killed" ? result.output : `${command} cannot be started (${result.code})` };
  }

  get #folder(): string {
    return path.join(this.#pulumi.root, "infrastructure");
  }
}

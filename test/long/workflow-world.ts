import { execFile, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { stringify } from "yaml";
import { ensurePulumi } from "../../cli/pulumi/ensure-pulumi.ts";
import { ensureGoTool } from "../../cli/support/go-tool.ts";
import { PROJECT_FOLDER } from "../../cli/support/project-folder.ts";
import { type GitHubDouble, startGitHubDouble } from "../support/github-double.ts";
import { policyHost } from "../support/policy-host.ts";
import { PASSPHRASE, SALT } from "../support/pulumi-project.ts";

const ACT = { name: "act", version: "0.2.89", package: "github.com/nektos/act" } as const;
const WHO = ["-c", "user.name=anna", "-c", "user.email=anna@contoso.example", "-c", "commit.gpgsign=false"];
const MERGE = "refs/pull/17/merge";

type Stacks = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** act and the Pulumi CLI; the first time both are compiled, which takes minutes. */
export async function ensureRunner(): Promise<{ readonly act: string; readonly pathPrefix: string | null }> {
  const options = { env: process.env, root: PROJECT_FOLDER, say: (line: string) => console.error(line) };
  const act = await ensureGoTool(ACT, options);
  if (act.kind === "none") throw new Error(act.why);
  return { act: act.command, pathPrefix: (await ensurePulumi(options)).pathPrefix };
}

export interface WorkflowRun {
  readonly code: number;
  readonly text: string;
}

interface WorldParts {
  readonly folder: string;
  readonly github: GitHubDouble;
  /** Path of act. */
  readonly act: string;
  readonly env: NodeJS.ProcessEnv;
  readonly stacks: readonly string[];
  /** The environment of every job. */
  readonly jobEnv: Readonly<Record<string, string>>;
}

/**
 * A repository of an organisation's on a server, with this repository's workflows and code; a
 * person who sends pull requests and merges them; a runner that is act; and a double of GitHub.
 */
export class WorkflowWorld {
  readonly folder: string;
  readonly github: GitHubDouble;
  readonly #act: string;
  readonly #env: NodeJS.ProcessEnv;
  readonly #stacks: readonly string[];
  readonly #jobEnv: Readonly<Record<string, string>>;

  private constructor({ folder, github, act, env, stacks, jobEnv }: WorldParts) {
    this.#stacks = stacks;
    this.#jobEnv = jobEnv;
    this.folder = folder;
    this.github = github;
    this.#act = act;
    this.#env = env;
  }

  /** `stacks`: the configuration of each. `env` is that of every job. */
  static async create(stacks: Stacks, env: Readonly<Record<string, string>> = {}): Promise<WorkflowWorld> {
    const { act, pathPrefix } = await ensureRunner();
    const folder = await mkdtemp(path.join(tmpdir(), "device-lifecycle-workflows-"));
    const PATH = [path.join(folder, "bin"), ...(pathPrefix === null ? [] : [pathPrefix]), process.env.PATH].join(":");
    const home = { HOME: path.join(folder, "home"), XDG_CACHE_HOME: path.join(folder, "home", ".cache") };
    const { DEVICE_LIFECYCLE_CACHE } = process.env;
    const cache = DEVICE_LIFECYCLE_CACHE === undefined ? {} : { DEVICE_LIFECYCLE_CACHE };
    const world = new WorkflowWorld({
      folder,
      github: await startGitHubDouble(),
      act,
      env: { ...home, ...cache, PATH },
      stacks: Object.keys(stacks),
      jobEnv: env,
    });
    await world.#makeRepository(stacks);
    return world;
  }

  get #repository(): string {
    return path.join(this.folder, "repository");
  }

  async #makeRepository(stacks: Stacks): Promise<void> {
    for (const name of ["repository", "home", "bin", "state/.pulumi/stacks/device-lifecycle"])
      await mkdir(path.join(this.folder, name), { recursive: true });
    await this.#makeNpm();
    const files = (
      await promisify(execFile)("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], {
        cwd: PROJECT_FOLDER,
        maxBuffer: 1 << 26,
      })
    ).stdout;
    await writeFile(path.join(this.folder, "files"), files);
    await promisify(execFile)(
      "sh",
      ["-c", `tar cf - --null --ignore-failed-read -T "$1" | tar xf - -C "$2"`, "copy", path.join(this.folder, "files"), this.#repository],
      { cwd: PROJECT_FOLDER, maxBuffer: 1 << 26 },
    );
    await symlink(path.join(PROJECT_FOLDER, "node_modules"), path.join(this.#repository, "node_modules"));
    await this.git("init", "-q", "--bare", "-b", "main", path.join(this.folder, "server"));
    await this.git("--git-dir", path.join(this.folder, "server"), "config", "uploadpack.allowReachableSHA1InWant", "true");
    await this.git("init", "-q", "-b", "main");
    // As GitHub names it, though the server is a folder.
    await this.git("remote", "add", "origin", "https://github.com/contoso/devices.git");
    await this.git(
      "config",
      `url.${pathToFileURL(path.join(this.folder, "server")).href}.insteadOf`,
      "https://github.com/contoso/devices.git",
    );
    await writeFile(path.join(this.#repository, ".git", "info", "exclude"), "/node_modules\n/.device-lifecycle/\n");
    for (const [stack, config] of Object.entries(stacks)) await this.#makeStack(stack, config);
    await this.commit("the organisation's repository");
  }

  /** `npm ci` hands out the packages that are here, and there is no other command. */
  async #makeNpm(): Promise<void> {
    const packages = path.join(PROJECT_FOLDER, "node_modules");
    const script = `#!/bin/sh\n[ "$*" = ci ] && [ -s package-lock.json ] && ln -s "${packages}" node_modules\n`;
    await writeFile(path.join(this.folder, "bin", "npm"), script, { mode: 0o755 });
    await symlink(path.join(packages, ".bin", "node"), path.join(this.folder, "bin", "node"));
  }

  async #makeStack(stack: string, config: Readonly<Record<string, unknown>>): Promise<void> {
    const entries = Object.entries(config).map(([key, value]) => [`device-lifecycle:${key}`, value]);
    await this.write(`Pulumi.${stack}.yaml`, stringify({ encryptionsalt: SALT, config: Object.fromEntries(entries) }));
    const state = path.join(this.folder, "state", ".pulumi");
    await writeFile(path.join(state, "meta.yaml"), "version: 1\n");
    const latest = {
      manifest: { time: new Date().toISOString(), magic: "", version: "" },
      secrets_providers: { type: "passphrase", state: { salt: SALT } },
      metadata: {},
    };
    const checkpoint = { stack: `organization/device-lifecycle/${stack}`, latest };
    await writeFile(path.join(state, "stacks", "device-lifecycle", `${stack}.json`), JSON.stringify({ version: 3, checkpoint }));
  }

  /** The rules of policy/ with these settings; the engine of tests is told how to start them. */
  async policies(settings: object): Promise<void> {
    const host = "pulumi-analyzer-policy-njs";
    await writeFile(path.join(this.folder, "bin", host), policyHost(), { mode: 0o755 });
    await this.write("policies.json", JSON.stringify(settings));
    await this.write(
      "policy/PulumiPolicy.yaml",
      (await this.read("policy/PulumiPolicy.yaml")).replace(/^runtime:\n(?: .*\n)+/m, "runtime: njs\n"),
    );
    await this.commit("the organisation's rules");
  }

  /** What happens after the approval, before the run that was approved takes its review. */
  async between(script: string): Promise<void> {
    await writeFile(this.#between, script);
  }

  get #between(): string {
    return path.join(this.folder, "between.sh");
  }

  /** Where reviews are kept between jobs. */
  artifact(name: string): string {
    return path.join(this.folder, "artifacts", name, "review.json");
  }

  /**
   * GitHub's own actions cannot be had here: what stands for them does the same between two jobs of
   * one machine.
   */
  async #standIns(): Promise<readonly string[]> {
    const kept = path.join(this.folder, "artifacts");
    const scripts: Readonly<Record<string, string>> = {
      "actions/checkout": [
        "git init -q .",
        `git remote add origin "${pathToFileURL(path.join(this.folder, "server")).href}"`,
        '[ -n "$REF" ] || REF="$PUSHED"',
        '[ -n "$DEPTH" ] || DEPTH=1',
        // All of it, as git has it.
        '[ "$DEPTH" != 0 ] || DEPTH=2147483647',
        'git fetch -q --depth="$DEPTH" origin "$REF"',
        "git checkout -q FETCH_HEAD",
      ].join("\n"),
      "azure/login": "true",
      "actions/upload-artifact": `mkdir -p "${kept}/$NAME" && cp "$FILES" "${kept}/$NAME/"`,
      "actions/download-artifact": `[ ! -e "${this.#between}" ] || sh "${this.#between}"; mkdir -p "$FILES" && cp "${kept}/$NAME/"* "$FILES/"`,
    };
    const used = new Map<string, string>();
    for (const file of await readdir(path.join(PROJECT_FOLDER, ".github"), { recursive: true })) {
      if (!file.endsWith(".yml")) continue;
      const text = await readFile(path.join(PROJECT_FOLDER, ".github", file), "utf8");
      for (const [, name = "", commit = ""] of text.matchAll(/uses: ([\w./-]+)@([0-9a-f]{40})/g)) used.set(`${name}@${commit}`, name);
    }
    return Promise.all(
      [...used].map(async ([reference, name]) => {
        const folder = path.join(this.folder, "actions", name);
        const input = (input: string) => `\${{ inputs.${input} }}`;
        const env = { NAME: input("name"), FILES: input("path"), REF: input("ref"), DEPTH: input("fetch-depth") };
        const inputs = Object.fromEntries(["name", "path", "ref", "fetch-depth"].map((one) => [one, { default: "" }]));
        const steps = [{ shell: "bash", run: scripts[name] ?? `echo "nothing stands for ${name}"; exit 1`, env }];
        await mkdir(folder, { recursive: true });
        await writeFile(path.join(folder, "action.yml"), stringify({ name, inputs, runs: { using: "composite", steps } }));
        return `--local-repository=${reference}=${folder}`;
      }),
    );
  }

  async git(...args: readonly string[]): Promise<string> {
    const { stdout } = await promisify(execFile)("git", [...WHO, ...args], { cwd: this.#repository, maxBuffer: 1 << 26 });
    return stdout.trim();
  }

  async write(name: string, text: string): Promise<void> {
    await mkdir(path.dirname(path.join(this.#repository, name)), { recursive: true });
    await writeFile(path.join(this.#repository, name), text);
  }

  read(name: string): Promise<string> {
    return readFile(path.join(this.#repository, name), "utf8");
  }

  /** Onto the branch that is checked out, and to the server. */
  async commit(message: string): Promise<string> {
    await this.git("add", "-A");
    await this.git("commit", "-q", "-m", message);
    await this.git("push", "-q", "--force", "origin", "HEAD");
    return this.git("rev-parse", "HEAD");
  }

  /** A pull request with these files; main stays checked out. Gives its head. */
  async propose(files: Readonly<Record<string, string>>): Promise<string> {
    await this.git("checkout", "-q", "-B", "pull", "main");
    for (const [name, text] of Object.entries(files)) await this.write(name, text);
    const head = await this.commit("a pull request");
    await this.git("checkout", "-q", "-B", "merged", "main");
    await this.git("merge", "-q", "--no-ff", "-m", "merged", "pull");
    await this.git("push", "-q", "--force", "origin", `HEAD:${MERGE}`);
    await this.git("checkout", "-q", "-f", "main");
    this.github.head = head;
    return head;
  }

  /** The pull request that was proposed last. Gives the commit of main. */
  async merge(): Promise<string> {
    await this.git("checkout", "-q", "-f", "main");
    await this.git("clean", "-q", "-f", "-d", "devices");
    await this.git("merge", "-q", "--no-ff", "-m", "merged", "pull");
    await this.git("push", "-q", "origin", "main");
    const mergedAt = new Date().toISOString();
    const [head, pullsOf] = [this.github.head, this.github.pullsOf];
    const merged = await this.git("rev-parse", "HEAD");
    this.github.pullsOf = (commit) => (commit === head || commit === merged ? [{ number: 17, mergedAt, user: "anna" }] : pullsOf(commit));
    return merged;
  }

  /** The workflow of a pull request, at a head; `from` is the repository that it comes from. */
  preview(head: string, from = "contoso/devices"): Promise<WorkflowRun> {
    const repository = { full_name: "contoso/devices" };
    const pull = { number: 17, head: { sha: head, ref: "pull", repo: { full_name: from } }, base: { ref: "main", repo: repository } };
    return this.#run("pull_request_target", "preview.yml", { repository, pull_request: pull });
  }

  up(pushed?: string): Promise<WorkflowRun> {
    return this.#run("push", "up.yml", { ref: "refs/heads/main" }, pushed);
  }

  follow(): Promise<WorkflowRun> {
    return this.#run("schedule", "follow.yml", {});
  }

  /** As if a run on another machine were under way; gives back what ends it. */
  async lock(stack: string): Promise<() => Promise<void>> {
    const folder = path.join(this.folder, "state", ".pulumi", "locks", "organization", "device-lifecycle", stack);
    const file = path.join(folder, `${randomUUID()}.json`);
    await mkdir(folder, { recursive: true });
    await writeFile(
      file,
      JSON.stringify({ pid: 4711, username: "runner", hostname: "another-machine", timestamp: new Date().toISOString() }),
    );
    return () => rm(file);
  }

  /** The workflow of an issue that got a label; `payload` is GitHub's event. */
  request(payload: object): Promise<WorkflowRun> {
    return this.#run("issues", "request.yml", payload);
  }

  validate(): Promise<WorkflowRun> {
    return this.#run("pull_request", "validate.yml", { pull_request: { number: 17 } }, MERGE);
  }

  /** `pushed`: what a checkout has that names nothing. */
  async #run(event: string, workflow: string, payload: object, pushed = "main"): Promise<WorkflowRun> {
    const file = path.join(this.folder, `event-${randomUUID()}.json`);
    await writeFile(file, JSON.stringify(payload));
    const flags = [
      "--action-offline-mode",
      "--no-skip-checkout",
      "-P",
      "ubuntu-latest=-self-hosted",
      "-s",
      "GITHUB_TOKEN=ghs_of_the_run",
      ...(await this.#standIns()),
    ];
    const vars = {
      DEVICE_LIFECYCLE_STACKS: JSON.stringify(this.#stacks),
      PULUMI_BACKEND_URL: pathToFileURL(path.join(this.folder, "state")).href,
      PULUMI_CONFIG_PASSPHRASE: PASSPHRASE,
    };
    const env = {
      ...this.#jobEnv,
      PUSHED: pushed,
      GITHUB_API_URL: this.github.url,
      GITHUB_REPOSITORY: "contoso/devices",
      GITHUB_SERVER_URL: "https://github.com",
      CI: "false",
      PULUMI_DOWNLOAD: "off",
    };
    const args = [
      event,
      "-W",
      path.join(".github", "workflows", workflow),
      "-e",
      file,
      ...flags,
      ...Object.entries(vars).flatMap(([name, value]) => ["--var", `${name}=${value}`]),
      ...Object.entries(env).flatMap(([name, value]) => ["--env", `${name}=${value}`]),
    ];
    return new Promise((resolve, reject) => {
      const child = spawn(this.#act, args, { cwd: this.#repository, env: this.#env, stdio: ["ignore", "pipe", "pipe"] });
      let text = "";
      for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
      child.once("error", reject);
      child.once("close", (code) => resolve({ code: code ?? 1, text }));
    });
  }

  async remove(): Promise<void> {
    await this.github.close();
    await rm(this.folder, { recursive: true, force: true });
  }
}

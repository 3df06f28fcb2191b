import { ConfigurationError } from "../../providers/domain/errors.ts";
import { runGit } from "../support/run-git.ts";

/** What a pull request brings, as git has it; nothing of it is checked out. */
export interface PullTree {
  /** Every path that differs from the branch that it goes to. */
  readonly changed: readonly string[];
  readonly entries: readonly TreeEntry[];
}

/** One file of the pull request, as git has it. */
export interface TreeEntry {
  readonly path: string;
  /** Git's own: 100644 is a plain file. */
  readonly mode: string;
  readonly hash: string;
  /** Bytes. */
  readonly size: number;
}

/**
 * Git in one folder, with `token` for the server where the repository is. Nothing that the
 * repository's configuration names is run.
 */
export class Git {
  readonly #folder: string;
  readonly #env: NodeJS.ProcessEnv;

  constructor(folder: string, env: NodeJS.ProcessEnv) {
    this.#folder = folder;
    const { GITHUB_TOKEN: token, GITHUB_SERVER_URL: server, ...rest } = env;
    this.#env = { ...rest, GIT_TERMINAL_PROMPT: "0", ...(token && server ? signedIn(server, token) : {}) };
  }

  /**
   * Fetches what a pull request would be once it is merged; false where there is no such thing, for
   * it has conflicts. Throws `ConfigurationError` where it has moved on from `head`.
   */
  async fetchMerge(ref: string, head: string): Promise<boolean> {
    try {
      await this.#run(["fetch", "--quiet", "--no-tags", "--depth=2", "origin", `+${ref}:${MERGE}`]);
    } catch {
      return false;
    }
    const [, , second] = (await this.#text(["rev-parse", MERGE, `${MERGE}^1`, `${MERGE}^2`])).trim().split("\n");
    if (second === head) return true;
    throw new ConfigurationError(`the pull request is at ${second} now, and no more at ${head}: the run of that commit shows it`);
  }

  async readTree(folders: readonly string[]): Promise<PullTree> {
    const changed = await this.#text(["diff-tree", "-r", "-z", "--no-renames", "--name-only", `${MERGE}^1`, MERGE]);
    const listed = await this.#text(["ls-tree", "-r", "-z", "--long", "--full-tree", MERGE, "--", ...folders]);
    return { changed: parts(changed), entries: parts(listed).map(parseEntry) };
  }

  async readFile({ hash }: TreeEntry): Promise<Buffer> {
    return this.#run(["cat-file", "blob", hash]);
  }

  async #text(args: readonly string[]): Promise<string> {
    return (await this.#run(args)).toString("utf8");
  }

  #run(args: readonly string[]): Promise<Buffer> {
    return runGit(this.#folder, args, this.#env);
  }
}

const MERGE = "refs/device-lifecycle/pull";

/** In the environment, where other users of the machine do not see it. */
function signedIn(server: string, token: string): NodeJS.ProcessEnv {
  const value = `AUTHORIZATION: basic ${Buffer.from(`x-access-token:${token}`).toString("base64")}`;
  return { GIT_CONFIG_COUNT: "1", GIT_CONFIG_KEY_0: `http.${server}/.extraheader`, GIT_CONFIG_VALUE_0: value };
}

function parts(text: string): readonly string[] {
  return text.split("\0").filter((part) => part !== "");
}

/** `100644 blob HASH    SIZE\tPATH`; a submodule has `-` as its size. */
function parseEntry(line: string): TreeEntry {
  const [, mode = "", hash = "", size = "", path = ""] = /^(\d+) \w+ ([0-9a-f]+) +(\d+|-)\t(.*)$/s.exec(line) ?? [];
  return { path, mode, hash, size: size === "-" ? 0 : Number(size) };
}

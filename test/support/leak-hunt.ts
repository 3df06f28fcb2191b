import { readdir, readFile, stat } from "node:fs/promises";
import path from "node:path";
import { isObject } from "../../providers/domain/json.ts";
import { leaksIn } from "./secrets.ts";

/**
 * Programs that are compiled or installed, and what others keep in a project's folder: too much to
 * read, and nothing of a run's.
 */
const NOT_OURS = new Set(["node_modules", ".git"]);

/**
 * Files below a folder that were written since an instant (milliseconds), and that hold one of the
 * secrets in any form.
 */
export async function newFilesWith(folder: string, since: number, secrets: readonly string[]): Promise<readonly string[]> {
  const found: string[] = [];
  for (const entry of await entriesOf(folder)) {
    const file = path.join(folder, entry.name);
    if (entry.isDirectory() && !NOT_OURS.has(entry.name)) found.push(...(await newFilesWith(file, since, secrets)));
    if (entry.isFile() && (await isLeaking(file, since, secrets))) found.push(file);
  }
  return found;
}

async function isLeaking(file: string, since: number, secrets: readonly string[]): Promise<boolean> {
  const text = await unlessGone(async () => ((await stat(file)).mtimeMs < since ? "" : await readFile(file, "latin1")));
  return leaksIn(text ?? "", secrets).length > 0;
}

async function entriesOf(folder: string) {
  return (await unlessGone(() => readdir(folder, { withFileTypes: true }))) ?? [];
}

/**
 * What other processes saw of a run: arguments and environment of all that bear a mark in their
 * environment, one text for each look at each of them.
 */
export class ProcessWatch {
  readonly #mark: string;
  readonly #seen = new Map<string, string>();

  constructor(mark: string) {
    this.#mark = mark;
  }

  /** Programs whose arguments were seen: a watch that saw nothing proves nothing. */
  get programs(): ReadonlySet<string> {
    return new Set([...this.#seen.values()].flatMap((text) => text.split("\0", 2).map((argument) => path.basename(argument))));
  }

  /** Where the system has no such files, nothing is seen. */
  async look(): Promise<void> {
    const processes = (await entriesOf("/proc")).filter(({ name }) => /^\d+$/.test(name));
    await Promise.all(processes.map(({ name }) => this.#lookAt(name)));
  }

  async #lookAt(pid: string): Promise<void> {
    const environment = await unlessGone(() => readFile(`/proc/${pid}/environ`, "latin1"));
    if (environment?.includes(this.#mark) !== true) return;
    const command = (await unlessGone(() => readFile(`/proc/${pid}/cmdline`, "latin1"))) ?? "";
    this.#seen.set(`${pid} ${command}`, `${command}\0\0${environment}`);
  }

  /** Commands of processes that show one of the secrets, in arguments or environment. */
  showing(secrets: readonly string[]): readonly string[] {
    return [...this.#seen.values()].filter((text) => leaksIn(text, secrets).length > 0).map((text) => text.split("\0\0", 1)[0] ?? "");
  }

  /** The same for arguments alone: what a run is given in its environment stands there. */
  showingInArguments(secrets: readonly string[]): readonly string[] {
    return [...this.#seen.values()].map((text) => text.split("\0\0", 1)[0] ?? "").filter((command) => leaksIn(command, secrets).length > 0);
  }
}

const GONE = new Set(["ENOENT", "EACCES", "EPERM", "ESRCH"]);

/** Undefined for what went away while it was looked at, or is another user's. */
async function unlessGone<T>(read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    // An error of the system comes from outside of the test's own realm.
    if (isObject(error) && GONE.has(String(error.code))) return undefined;
    throw error;
  }
}

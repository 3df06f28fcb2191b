import { closeSync, constants, fstatSync, lstatSync, mkdirSync, openSync, writeSync } from "node:fs";
import path from "node:path";
import { isNativeError } from "node:util/types";
import { printableLines } from "../domain/diagnostic.ts";
import { isCi } from "./ci.ts";
import { hideSecrets } from "./hide-secrets.ts";

/** Where the log of an unexpected error goes, and whose secrets it must not hold. */
export interface Surroundings {
  /** The project's folder. */
  readonly root: string;
  readonly env: NodeJS.ProcessEnv;
}

const FOLDER = [".device-lifecycle", "log"] as const;
const MOST_BYTES = 1024 * 1024;
const MOST_CAUSES = 8;

/**
 * What people read of an error that is none of ours: its kind and where the rest is, never its
 * message, which may hold anything. The rest goes to a file for the user alone, without secrets,
 * one for each process. Never throws.
 */
export function tellUnexpected(error: unknown, { root, env }: Surroundings): string {
  const what = `DLR901: unexpected error (${kindOf(error)})`;
  const log = writeLog(error, root, env);
  const where =
    log.kind === "written"
      ? `details: ${log.file}${isCi(env) ? ", which goes with this CI runner" : ""}`
      : `no log could be written (${log.why})`;
  return `${what}; ${where}; please report it`;
}

/** `TypeError`, `Error, EACCES`: words of a closed form, for nothing else of it can be trusted. */
function kindOf(error: unknown): string {
  return orElse(() => {
    if (!isNativeError(error)) return `thrown ${typeof error}`;
    const name = /^[A-Za-z]{1,40}$/.test(error.name) ? error.name : "Error";
    const code = "code" in error && typeof error.code === "string" && /^E[A-Z]{2,20}$/.test(error.code) ? `, ${error.code}` : "";
    return `${name}${code}`;
  }, "unknown");
}

type Log = { readonly kind: "written"; readonly file: string } | { readonly kind: "failed"; readonly why: string };

function writeLog(error: unknown, root: string, env: NodeJS.ProcessEnv): Log {
  try {
    const file = path.join(...FOLDER, `${new Date(performance.timeOrigin).toISOString().replaceAll(":", "-")}-${process.pid}.log`);
    makeFolders(root);
    append(
      path.join(root, file),
      `${new Date().toISOString()} Node ${process.version}, ${process.platform}\n${hideSecrets(detailOf(error), env)}\n\n`,
    );
    return { kind: "written", file };
  } catch (failure) {
    return { kind: "failed", why: kindOf(failure) };
  }
}

/** A link in their place would take the log elsewhere. */
function makeFolders(root: string): void {
  let folder = root;
  for (const name of FOLDER) {
    folder = path.join(folder, name);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    if (!lstatSync(folder).isDirectory()) throw new Error("not a folder");
  }
}

function append(file: string, text: string): void {
  const handle = openSync(file, constants.O_WRONLY | constants.O_CREAT | constants.O_APPEND | (constants.O_NOFOLLOW ?? 0), 0o600);
  try {
    // One trouble of thousands of requests fills no disk.
    if (fstatSync(handle).size < MOST_BYTES) writeSync(handle, printableLines(text));
  } finally {
    closeSync(handle);
  }
}

/** The error and its causes, outermost first. */
function detailOf(error: unknown): string {
  const texts: string[] = [];
  let one = error;
  while (one !== undefined && texts.length < MOST_CAUSES) {
    const current = one;
    texts.push(orElse(() => textOf(current), "an error that cannot be told"));
    one = orElse(() => (isNativeError(current) ? current.cause : undefined), undefined);
  }
  return texts.join("\ncaused by ");
}

function textOf(error: unknown): string {
  if (!isNativeError(error)) return `a thrown ${typeof error}: ${String(error)}`;
  return error.stack || `${error.name}: ${error.message}`;
}

/** An error may be made to fail whoever looks at it. */
function orElse<T>(work: () => T, otherwise: T): T {
  try {
    return work();
  } catch {
    return otherwise;
  }
}

import { readdir, readFile, stat, truncate } from "node:fs/promises";
import path from "node:path";
import type { PulumiProject } from "../support/pulumi-project.ts";

/** A file of the state that holds no JSON, as it was before the next run. */
export interface TornFile {
  readonly file: string;
  readonly bytes: Buffer;
}

/** What a power failure can do to the state itself, and a kill to Pulumi's note beside it. */
export async function tear(what: "state" | "note", project: PulumiProject): Promise<void> {
  if (what === "note") return await truncate(noteOf(project), 0);
  await truncate(project.stateFile, Math.floor((await stat(project.stateFile)).size / 2));
}

/** Of the state and the note beside it; a stack that never ran has no note. */
export async function tornFiles(project: PulumiProject): Promise<readonly TornFile[]> {
  const found = await Promise.all(
    [project.stateFile, noteOf(project)].map(async (file) => ({ file, bytes: await readFile(file).catch(() => null) })),
  );
  return found.flatMap(({ file, bytes }) => (bytes === null || isJson(bytes) ? [] : [{ file, bytes }]));
}

/** Nothing is wrong once `up` has said of each what became of it, and its bytes are kept. */
export async function notMended(torn: readonly TornFile[], texts: readonly string[]): Promise<readonly string[]> {
  const wrong = await Promise.all(
    torn.map(async ({ file, bytes }) => [
      ...(texts.some((text) => text.includes(`${file} ${bytes.length === 0 ? "is empty" : "breaks off"}`))
        ? []
        : [`no run told of the torn ${file}`]),
      ...((await isKept(file, bytes)) ? [] : [`what was torn of ${file} is not kept`]),
    ]),
  );
  return wrong.flat();
}

async function isKept(file: string, bytes: Buffer): Promise<boolean> {
  const folder = path.dirname(file);
  const names = (await readdir(folder)).filter((name) => name.startsWith(`${path.basename(file)}.torn-`));
  const kept = await Promise.all(names.map((name) => readFile(path.join(folder, name))));
  return kept.some((one) => one.equals(bytes));
}

function noteOf(project: PulumiProject): string {
  return `${project.stateFile}.attrs`;
}

function isJson(bytes: Buffer): boolean {
  try {
    JSON.parse(bytes.toString("utf8"));
    return true;
  } catch {
    return false;
  }
}

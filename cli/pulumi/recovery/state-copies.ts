import path from "node:path";
import { isObject } from "../../../providers/domain/json.ts";
import { judgeState } from "./judge-state.ts";
import { bytesOf, namesIn, stacksFolder } from "./state-file.ts";
import type { StackPlace } from "./state-folder.ts";

/** A whole state of a stack. */
export interface StateCopy {
  readonly file: string;
  readonly bytes: Buffer;
  /** When Pulumi made it, in milliseconds; 0 for a stack on which nothing was run yet. */
  readonly at: number;
}

/**
 * The newest whole copy of a stack's state, by the time that it tells itself; null where none is
 * left. Pulumi keeps the state before the last write (`.bak`), and the one after each run
 * (`backups`, `history`). `torn`: the file that is not asked.
 */
export async function newestCopy(folder: string, place: StackPlace): Promise<StateCopy | null> {
  const series = await copiesOf(folder, place);
  const found = await Promise.all(series.map((files) => firstWhole(files, place)));
  return found.filter((copy) => copy !== null).toSorted((a, b) => b.at - a.at)[0] ?? null;
}

/** Each newest first; of copies of the same time, those of an earlier series are taken. */
async function copiesOf(folder: string, { project, name }: StackPlace): Promise<readonly (readonly string[])[]> {
  const beside = stacksFolder(folder, project);
  const [backups, history] = ["backups", "history"].map((kind) => path.join(folder, ".pulumi", kind, project, name)) as [string, string];
  const own = escaped(name);
  const plain = ["", ".gz", ".zst"].map((ending) => path.join(beside, `${name}.json${ending}`));
  return [
    ...plain.flatMap((file) => [[file], [`${file}.bak`]]),
    // PULUMI_DIY_BACKEND_RETAIN_CHECKPOINTS
    await numbered(beside, new RegExp(`^${own}\\.json(?:\\.gz|\\.zst)?\\.(\\d+)$`)),
    await numbered(backups, new RegExp(`^${own}\\.(\\d+)\\.json(?:\\.gz|\\.zst)?$`)),
    await numbered(history, new RegExp(`^${own}-(\\d+)\\.checkpoint\\.json(?:\\.gz|\\.zst)?$`)),
  ];
}

function escaped(name: string): string {
  return name.replaceAll(/[^\w-]/g, "\\$&");
}

/** Files by the nanoseconds in their names, newest first. */
async function numbered(folder: string, form: RegExp): Promise<readonly string[]> {
  const names = (await namesIn(folder)).flatMap((name) => {
    const number = form.exec(name)?.[1];
    return number === undefined ? [] : [{ name, at: BigInt(number) }];
  });
  return names.toSorted((a, b) => (a.at < b.at ? 1 : -1)).map(({ name }) => path.join(folder, name));
}

async function firstWhole(files: readonly string[], place: StackPlace): Promise<StateCopy | null> {
  for (const file of files) {
    const bytes = await bytesOf(file);
    const at = bytes === null ? null : timeOf(bytes, place);
    if (bytes !== null && at !== null) return { file, bytes, at };
  }
  return null;
}

/** Null for what is no state of this stack: a renamed stack has copies of its old name. */
function timeOf(bytes: Uint8Array, { name }: StackPlace): number | null {
  const verdict = judgeState(bytes);
  if (verdict.kind !== "whole" || !isObject(verdict.data) || !isObject(verdict.data.checkpoint)) return null;
  const { latest } = verdict.data.checkpoint;
  if (!isObject(latest)) return 0;
  const resources: readonly unknown[] = Array.isArray(latest.resources) ? latest.resources : [];
  const isOther = resources.some((one) => isObject(one) && typeof one.urn === "string" && !one.urn.startsWith(`urn:pulumi:${name}::`));
  if (isOther) return null;
  const time = isObject(latest.manifest) ? latest.manifest.time : undefined;
  return (typeof time === "string" && Date.parse(time)) || 0;
}

import { cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { isDeepStrictEqual } from "node:util";
import type { LifecycleRequest } from "../../providers/domain/request.ts";
import { loadRequests } from "../../providers/request/load-requests.ts";
import type { Change } from "./change.ts";
import type { ArchiveFolders, ArchivePlan } from "./plan-archive.ts";

/** Where the requests, the archive and the playbooks are, absolute. */
export interface AllFolders extends ArchiveFolders {
  readonly playbooks: string;
}

/**
 * Does the plan to a copy, and reads that as every run does: what stays has to be what it was, and
 * what went has to be in the archive, each field the same. Throws where either is not so.
 */
export async function provePlan({ judged, changes }: ArchivePlan, folders: AllFolders): Promise<void> {
  const root = await mkdtemp(path.join(tmpdir(), "device-lifecycle-archive-"));
  try {
    const copy = { requests: path.join(root, "requests"), archive: path.join(root, "archive"), playbooks: path.join(root, "playbooks") };
    for (const name of ["requests", "archive", "playbooks"] as const) await copyFolder(folders[name], copy[name]);
    for (const change of changes) await apply(change, copy);
    const { requests, diagnostics } = await loadRequests({ root, requests: "requests", playbooks: "playbooks" });
    const stays = judged.flatMap(({ kind, entry }) => (kind === "stays" ? entry.members : []));
    if (diagnostics.some(({ severity }) => severity === "error") || !isDeepStrictEqual(meaningOf(requests), meaningOf(stays)))
      throw different("would stay");
    const archived = Map.groupBy(await loadArchive(root, changes), ({ name }) => name);
    const goes = judged.flatMap(({ kind, entry }) => (kind === "goes" ? entry.members : []));
    if (!goes.every((one) => isAmong(one, archived))) throw different("would be in the archive");
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

function different(where: string): Error {
  return new Error(`what ${where} is not what was meant: nothing was written`);
}

async function copyFolder(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  await cp(from, to, { recursive: true, verbatimSymlinks: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "ENOENT") throw error;
  });
}

async function apply({ place, name, after }: Change, folders: ArchiveFolders): Promise<void> {
  const file = path.join(folders[place], name);
  if (after === null) return rm(file);
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, after);
}

/**
 * Each month by itself, as people read it. Old mistakes in it, such as a playbook that is gone,
 * hide no entry that has none.
 */
async function loadArchive(root: string, changes: readonly Change[]): Promise<readonly LifecycleRequest[]> {
  const months = new Set(changes.filter(({ place }) => place === "archive").map(({ name }) => name.split("/", 1)[0] ?? ""));
  const loaded = await Promise.all(
    [...months].map((month) => loadRequests({ root, requests: path.posix.join("archive", month), playbooks: "playbooks" })),
  );
  return loaded.flatMap(({ requests }) => requests);
}

/** The same but for where it stands; an older generation of that name may be there too. */
function isAmong(request: LifecycleRequest, archived: ReadonlyMap<string, readonly LifecycleRequest[]>): boolean {
  const found = archived.get(request.name) ?? [];
  return found.some((one) => isDeepStrictEqual(meaningOf([one]), meaningOf([request])));
}

/** All of a request but where it stands. */
function meaningOf(requests: readonly LifecycleRequest[]): readonly Omit<LifecycleRequest, "source" | "places">[] {
  return requests.map(({ source: _source, places: _places, ...rest }) => rest).toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

import { cp, lstat, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { isDeepStrictEqual } from "node:util";
import type { Diagnostic } from "../../providers/domain/diagnostic.ts";
import { ConfigurationError } from "../../providers/domain/errors.ts";
import type { LifecycleRequest } from "../../providers/domain/request.ts";
import { type LoadedRequests, loadRequests } from "../../providers/request/load-requests.ts";
import { DATA_FOLDERS } from "../overlay/judge-pull.ts";
import { pastExpiries } from "../support/past-expiries.ts";
import { type NewFile, oneLine } from "./request-text.ts";
import type { Wanted } from "./wanted.ts";

/** Folders of a checkout, absolute. */
export interface Folders {
  readonly requests: string;
  readonly playbooks: string;
  /** What the first line of a file leads editors to. */
  readonly schemas: string;
}

const [REQUESTS, PLAYBOOKS] = DATA_FOLDERS;

/** The folders as they would be with these files besides, loaded as every run loads them. */
export async function loadWith(folders: Omit<Folders, "schemas">, files: readonly NewFile[]): Promise<LoadedRequests> {
  const root = await mkdtemp(path.join(tmpdir(), "device-lifecycle-adopt-"));
  try {
    await copy(folders.requests, path.join(root, REQUESTS), "there is no folder of requests");
    if (await exists(folders.playbooks)) await copy(folders.playbooks, path.join(root, PLAYBOOKS), "");
    for (const { name, text } of files) await writeFile(path.join(root, REQUESTS, name), text, { flag: "wx" });
    return await loadRequests({ root, requests: REQUESTS, playbooks: PLAYBOOKS });
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

/** True where something stands there, a link that leads nowhere included. */
export async function exists(place: string): Promise<boolean> {
  return await lstat(place).then(
    () => true,
    () => false,
  );
}

/**
 * All that is wrong with the folders and the new request together. What may not run any more is a
 * mistake here: it was written just now. Throws where the loader read anything but what was wanted.
 */
export function mistakesOf(loaded: LoadedRequests, wanted: Wanted, now: number): readonly Diagnostic[] {
  const wrong = loaded.diagnostics.filter(({ severity }) => severity === "error");
  if (wrong.length > 0) return wrong;
  const own = loaded.requests.filter(({ source }) => source.file === `${REQUESTS}/${wanted.name}.yaml`);
  if (!own.every((request) => isWanted(request, wanted)) || own.length !== countOf(wanted))
    throw new Error("what was written is not what was wanted: nothing of it was kept");
  return pastExpiries(own, now).map((past) => ({ ...past, sourceLine: loaded.sourceLine(past.location) ?? "" }));
}

function isWanted(request: LifecycleRequest, wanted: Wanted): boolean {
  const { playbook, reason, ticket, expires, acknowledge } = request;
  return isDeepStrictEqual(
    [playbook, reason, ticket, expires, acknowledge, request.name.split("/")[0]],
    [wanted.playbook, oneLine(wanted.reason), wanted.ticket ?? null, wanted.expires ?? null, wanted.acknowledge ?? [], wanted.name],
  );
}

function countOf({ devices }: Wanted): number {
  return devices.kind === "named" ? devices.names.length : devices.rows.length;
}

async function copy(from: string, to: string, absent: string): Promise<void> {
  if (!(await exists(from))) throw new ConfigurationError(`${absent}: ${from}`, { hint: "run it in the project's folder, or say where" });
  await cp(from, to, { recursive: true, verbatimSymlinks: true });
}

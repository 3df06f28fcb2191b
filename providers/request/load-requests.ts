import { resolve } from "node:path";
import type { Diagnostic, SourceLocation } from "../domain/diagnostic.ts";
import type { LockPolicy } from "../domain/lock-policy.ts";
import type { LifecycleRequest, Playbook } from "../domain/request.ts";
import { BUILT_IN_PLAYBOOKS } from "./built-in-playbooks.ts";
import { checkAcross } from "./checks/check-across.ts";
import { type CheckedRequest, checkRequest, type Surroundings } from "./checks/check-request.ts";
import { checkShape } from "./checks/check-shape.ts";
import { CsvLibrary } from "./csv/csv-library.ts";
import { limitDiagnostics } from "./explain/limit-diagnostics.ts";
import type { RequestFields } from "./fields.ts";
import { readSource } from "./files/read-source.ts";
import { mistakeAt, type SourceFile } from "./files/source-file.ts";
import { type FolderContents, walkFolder } from "./files/walk-folder.ts";
import { loadPlaybooks } from "./load-playbooks.ts";
import { loadPolicies } from "./load-policies.ts";
import { REQUESTS_SCHEMA } from "./schema/schema.ts";
import { parseYaml } from "./yaml/parse-yaml.ts";

/** Which folders are read; nothing outside of them is opened. */
export interface LoadOptions {
  /** The project's folder; files are named relative to it. */
  readonly root: string;
  /** Folder of requests, relative to the root or absolute. It must exist. */
  readonly requests: string;
  /** Folder of playbooks, likewise; it need not exist. */
  readonly playbooks: string;
  /** Folder of policies, likewise; absent: none is read. */
  readonly policies?: string;
}

/** The files as data, with all mistakes: reading throws for none of them. */
export interface LoadedRequests {
  /**
   * Those without a mistake, by name. Nothing may be done with them while `diagnostics` holds an
   * error.
   */
  readonly requests: readonly LifecycleRequest[];
  /** The user's own, by name; the built-in ones are `BUILT_IN_PLAYBOOKS`. */
  readonly playbooks: readonly Playbook[];
  /** One of each platform, by name. */
  readonly policies: readonly LockPolicy[];
  /** All mistakes of all files, by file and position. */
  readonly diagnostics: readonly Diagnostic[];
  /** What was read: request files, playbook files, CSV files. */
  readonly files: readonly string[];
  /**
   * The line at a place, for diagnostics that are found later; undefined where the file is not
   * known.
   */
  readonly sourceLine: (location: SourceLocation) => string | undefined;
}

/** Requests of one run at most; more are an accident, since each becomes a Pulumi resource. */
const MOST_REQUESTS = 100_000;

/**
 * Reads and checks every file of the two folders, and every CSV file that they name. Never throws
 * for what the files hold.
 */
export async function loadRequests(options: LoadOptions): Promise<LoadedRequests> {
  const root = resolve(options.root);
  const playbookFolder = walkFolder(root, options.playbooks, "fine");
  const requestFolder = walkFolder(root, options.requests, "mistake");
  const playbookSources = readAll(playbookFolder);
  const requestSources = readAll(requestFolder);

  const policySources = options.policies === undefined ? NO_SOURCES : readAll(walkFolder(root, options.policies, "fine"));
  const policies = loadPolicies(policySources.files);
  const complete = playbookSources.diagnostics.length === 0;
  const playbooks = loadPlaybooks(playbookSources.files, complete);
  const csv = new CsvLibrary(root, requestFolder.folder);
  const read = readRequests(requestSources.files, { playbooks, csv });

  const diagnostics = [playbookSources, requestSources, policySources, playbooks, policies, csv, read].flatMap((part) => part.diagnostics);
  return {
    requests: byName(read.requests.flatMap((request) => request.drafts.flatMap((draft) => draft.request ?? []))),
    playbooks: byName(
      [...playbooks.byName.values()].flatMap((playbook) => (playbook === null || BUILT_IN_PLAYBOOKS.includes(playbook) ? [] : playbook)),
    ),
    policies: byName(policies.policies),
    diagnostics: limitDiagnostics(diagnostics),
    ...lineReader([...playbookSources.files, ...requestSources.files, ...policySources.files, ...csv.files]),
  };
}

interface Sources {
  readonly files: readonly SourceFile[];
  readonly diagnostics: readonly Diagnostic[];
}

const NO_SOURCES: Sources = { files: [], diagnostics: [] };

function readAll({ yamlFiles, diagnostics }: FolderContents): Sources {
  const results = yamlFiles.map(readSource);
  return {
    files: results.flatMap((result) => (result.kind === "text" ? [result.file] : [])),
    diagnostics: [...diagnostics, ...results.flatMap((result) => (result.kind === "refused" ? result.diagnostics : []))],
  };
}

interface ReadRequests {
  readonly requests: readonly CheckedRequest[];
  readonly diagnostics: readonly Diagnostic[];
}

function readRequests(files: readonly SourceFile[], surroundings: Surroundings): ReadRequests {
  const requests: CheckedRequest[] = [];
  const diagnostics: (readonly Diagnostic[])[] = [];
  let count = 0;
  for (const file of files) {
    const parsed = parseYaml(file);
    diagnostics.push(parsed.diagnostics);
    if (parsed.root === null) continue;
    const shape = checkShape<RequestFields>(file, parsed.root, REQUESTS_SCHEMA, "requests");
    diagnostics.push(shape.diagnostics);
    for (const entry of shape.entries) {
      const request = checkRequest({ ...entry, sound: entry.sound && parsed.diagnostics.length === 0 }, surroundings);
      count += request.drafts.length;
      if (count > MOST_REQUESTS) return tooMany(requests, diagnostics, request);
      requests.push(request);
      diagnostics.push(request.diagnostics);
    }
  }
  return { requests, diagnostics: [...diagnostics.flat(), ...checkAcross(requests)] };
}

function tooMany(requests: readonly CheckedRequest[], diagnostics: readonly (readonly Diagnostic[])[], last: CheckedRequest): ReadRequests {
  const message = `with this request there are more than ${MOST_REQUESTS} devices in all`;
  return {
    requests,
    diagnostics: [...diagnostics.flat(), mistakeAt(last.namePlace, "DLR032", message, "split the folder, one stack each")],
  };
}

function lineReader(files: readonly SourceFile[]): Pick<LoadedRequests, "files" | "sourceLine"> {
  const byPath = new Map(files.map((file) => [file.path, file]));
  return { files: [...byPath.keys()], sourceLine: ({ file, line }) => byPath.get(file)?.lineText(line) };
}

function byName<T extends { readonly name: string }>(items: readonly T[]): readonly T[] {
  return [...items].sort((a, b) => (a.name < b.name ? -1 : 1));
}

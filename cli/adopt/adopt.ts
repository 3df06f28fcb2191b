import path from "node:path";
import { type Diagnostic, printable, printableLines } from "../../providers/domain/diagnostic.ts";
import { ConfigurationError, EXIT_CODES } from "../../providers/domain/errors.ts";
import { readSource } from "../../providers/request/files/read-source.ts";
import type { SourceFile } from "../../providers/request/files/source-file.ts";
import { dlrCommand } from "../../providers/support/dlr-command.ts";
import { systemClock } from "../../providers/support/system-clock.ts";
import { count } from "../../providers/support/words.ts";
import { fromCaller } from "../support/from-caller.ts";
import { PROJECT_FOLDER } from "../support/project-folder.ts";
import { renderForTerminal, wantsColour } from "../support/render-for-terminal.ts";
import { shellAtHand } from "../support/shell-at-hand.ts";
import { compose, nameFrom, stepsOf } from "./compose.ts";
import { type Folders, loadWith } from "./judge.ts";
import { FORM_WORDS, readForm } from "./read-form.ts";
import { readList } from "./read-list.ts";
import { renderMistake } from "./render-mistake.ts";
import type { NewFile } from "./request-text.ts";
import type { Mistake, Wanted, Words } from "./wanted.ts";
import { writeFiles } from "./write-files.ts";

/** As typed; what a request says besides its devices, for a list. */
export interface Flags {
  readonly playbook?: string;
  readonly reason?: string;
  readonly ticket?: string;
  readonly expires?: string;
  readonly acknowledge?: readonly string[];
  readonly name?: string;
  readonly by?: "serialNumber" | "id";
  readonly requests?: string;
  readonly playbooks?: string;
  readonly dryRun: boolean;
}

/** What a file gave: at least one of its mistakes, or what is wanted. */
interface Read {
  readonly wanted: Wanted | null;
  readonly words: Words;
  readonly diagnostics: readonly Diagnostic[];
  readonly mistakes: readonly Mistake[];
}

/**
 * `dlr adopt`: writes the request that a list or a form stands for, or tells all that is wrong.
 * Throws `ConfigurationError` for flags that do not fit the file.
 */
export async function adopt(said: string, flags: Flags): Promise<void> {
  const folders = {
    requests: folderOf("requests", flags.requests),
    playbooks: folderOf("playbooks", flags.playbooks),
    schemas: folderOf("schema", undefined),
  };
  const isForm = /\.json$/i.test(said);
  checkFlags(isForm, flags);
  const source = readSource({ absolute: fromCaller("adopt", said), shown: said });
  if (source.kind === "refused") return refuse(source.diagnostics, []);
  const read = isForm ? formOf(source.file, said, flags) : await listOf(source.file, said, flags, folders);
  const composed = read.wanted === null ? null : await compose(read.wanted, folders, read.words, systemClock.now());
  const mistakes = [...read.mistakes, ...(composed?.kind === "wrong" ? composed.mistakes : [])];
  if (composed?.kind !== "files" || read.diagnostics.length + mistakes.length > 0) return refuse(read.diagnostics, mistakes);
  if (flags.dryRun) return show(composed.files);
  await writeFiles(folders.requests, composed.files);
  tell(composed.files, folders.requests, read.wanted);
}

function folderOf(name: "requests" | "playbooks" | "schema", said: string | undefined): string {
  return said === undefined ? path.join(PROJECT_FOLDER, "devices", name) : fromCaller("adopt", said);
}

function checkFlags(isForm: boolean, { playbook, reason, ticket, expires, acknowledge, by }: Flags): void {
  const said = Object.entries({ playbook, reason, ticket, expires, acknowledge, by }).filter(([, value]) => value !== undefined);
  if (isForm && said.length > 0)
    throw new ConfigurationError(`a form says itself what --${said[0]?.[0]} would say`, {
      hint: "write it into the form, or leave it out",
    });
  if (!isForm && (playbook === undefined || reason === undefined))
    throw new ConfigurationError(`a list says only which devices: say --${playbook === undefined ? "playbook NAME" : "reason TEXT"} too`);
}

function formOf(file: SourceFile, said: string, flags: Flags): Read {
  const read = readForm(file.text, flags.name ?? nameOf(said));
  if (read.kind === "wrong") return { wanted: null, words: FORM_WORDS, diagnostics: [], mistakes: read.mistakes };
  const wanted = flags.name === undefined ? read.wanted : { ...read.wanted, name: flags.name };
  return { wanted, words: FORM_WORDS, diagnostics: [], mistakes: [] };
}

async function listOf(file: SourceFile, said: string, flags: Flags, folders: Folders): Promise<Read> {
  const { playbook = "", reason = "", ticket, expires, acknowledge } = flags;
  const steps = stepsOf(playbook, await loadWith(folders, []));
  const { devices, diagnostics } = readList(file, steps, flags.by);
  const wanted = { name: flags.name ?? nameOf(said), devices, playbook, reason, ticket, expires, acknowledge };
  // Rows that are right show what is wrong with the rest.
  return { wanted: devices.rows.length === 0 ? null : wanted, words: FLAG_WORDS, diagnostics, mistakes: [] };
}

const FLAG_WORDS: Words = {
  label: (field) => (field === "devices" ? "the list" : `--${field}`),
  write: (field, ...values) => `say --${field} ${values.join(" ")}`,
};

function nameOf(said: string): string {
  return nameFrom(path.parse(said).name);
}

function refuse(diagnostics: readonly Diagnostic[], mistakes: readonly Mistake[]): void {
  if (diagnostics.length > 0) console.error(`${renderForTerminal(diagnostics, wantsColour(process.stderr, process.env))}\n`);
  for (const mistake of mistakes) console.error(`${renderMistake(mistake)}\n`);
  console.error(`${count(diagnostics.length + mistakes.length, "mistake")}: nothing was written`);
  process.exitCode = EXIT_CODES.requests;
}

function show(files: readonly NewFile[]): void {
  for (const { name, text } of files) console.log(`# ${printable(name)}\n${printableLines(text)}`);
  console.error("--dry-run: nothing was written");
}

function tell(files: readonly NewFile[], folder: string, wanted: Wanted | null): void {
  for (const { name } of files) console.log(`wrote ${printable(path.relative(process.cwd(), path.join(folder, name)))}`);
  const devices = wanted?.devices;
  const number = devices?.kind === "list" ? devices.rows.length : (devices?.names.length ?? 0);
  const shell = shellAtHand(process.env, process.platform);
  console.log(`${count(number, "device")}. What would be done: ${dlrCommand("preview", undefined, [], shell)}`);
}

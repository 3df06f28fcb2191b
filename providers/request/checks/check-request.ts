import { destroysData } from "../../domain/actions/action-table.ts";
import type { Diagnostic, SourceLocation } from "../../domain/diagnostic.ts";
import type { LifecycleRequest, RequestKey, StepSpec } from "../../domain/request.ts";
import { didYouMean } from "../../support/did-you-mean.ts";
import { listed, quoted } from "../../support/words.ts";
import type { CsvLibrary } from "../csv/csv-library.ts";
import { expandRequest, type NamedDevice } from "../expand-request.ts";
import { explainLookAlike } from "../explain/explain-look-alike.ts";
import type { RequestFields } from "../fields.ts";
import type { Place } from "../files/source-file.ts";
import type { PlaybookShelf } from "../load-playbooks.ts";
import { ownSteps } from "../own-steps.ts";
import { parseSteps } from "../parse-steps.ts";
import { checkDemands } from "./check-demands.ts";
import type { Entry } from "./check-shape.ts";
import { checkSteps } from "./check-steps.ts";

/** One device of one request, as far as it could be read; rules across requests look at these. */
export interface Draft {
  readonly name: string;
  readonly device: NamedDevice;
  readonly destructive: boolean;
  /** Null when its entry has a mistake. */
  readonly request: LifecycleRequest | null;
}

/** One entry of a file: a list gives several drafts. `name` is null where it cannot be read. */
export interface CheckedRequest {
  readonly name: string | null;
  readonly namePlace: Place;
  readonly drafts: readonly Draft[];
  readonly diagnostics: readonly Diagnostic[];
}

/** What a request names from other files. */
export interface Surroundings {
  readonly playbooks: PlaybookShelf;
  readonly csv: CsvLibrary;
}

/** Every rule that one request can break by itself, and its expansion to one request a device. */
export function checkRequest(entry: Entry<RequestFields>, { playbooks, csv }: Surroundings): CheckedRequest {
  const { file, node, fields } = entry;
  const { steps, diagnostics: ofSteps } = resolveSteps(entry, playbooks);
  const demands = steps === null ? [] : checkDemands(entry, steps);
  const expansion = expandRequest(entry, csv);
  const own = steps === null ? null : ownSteps(entry, steps, expansion.devices);
  const diagnostics = [...ofSteps, ...demands, ...checkRepeats(entry), ...expansion.diagnostics, ...(own?.diagnostics ?? [])];
  const usable = entry.sound && expansion.sound && steps !== null && diagnostics.every((diagnostic) => diagnostic.severity === "warning");
  const base = usable ? baseRequest(entry, steps) : null;
  const destructive = steps?.some((step) => destroysData(step.action)) ?? false;
  const drafts = expansion.devices.map((device, index) =>
    draftOf(fields.name ?? "", device, destructive, withSteps(base, own?.steps[index])),
  );
  const namePlace = { file, offset: node.entries.get("name")?.value.offset ?? node.offset };
  return { name: fields.name ?? null, namePlace, drafts, diagnostics };
}

/**
 * Steps are null where they cannot be known; then there is a diagnostic, or the playbook has one.
 */
interface ResolvedSteps {
  readonly steps: readonly StepSpec[] | null;
  readonly diagnostics: readonly Diagnostic[];
}

function resolveSteps({ file, node, fields }: Entry<RequestFields>, playbooks: PlaybookShelf): ResolvedSteps {
  if (fields.steps !== undefined) {
    const steps = parseSteps(fields.steps);
    return { steps, diagnostics: checkSteps(file, node.entries.get("steps")?.value, steps) };
  }
  if (fields.playbook === undefined) return { steps: null, diagnostics: [] };
  const playbook = playbooks.byName.get(fields.playbook);
  if (playbook !== undefined) return { steps: playbook?.steps ?? null, diagnostics: [] };
  if (!playbooks.complete) return { steps: null, diagnostics: [] };
  const offset = node.entries.get("playbook")?.value.offset ?? node.offset;
  const alike = explainLookAlike(file, offset, "playbook", fields.playbook);
  if (alike !== null) return { steps: null, diagnostics: [alike] };
  const known = [...playbooks.byName.keys()].sort();
  const hint = known.length > 30 ? "see devices/playbooks" : `the playbooks are ${listed(known, "and")}`;
  const message = `unknown playbook ${quoted(fields.playbook)}${didYouMean(fields.playbook, known)}`;
  return { steps: null, diagnostics: [file.mistake("DLR012", offset, message, hint)] };
}

function checkRepeats({ file, node, fields }: Entry<RequestFields>): readonly Diagnostic[] {
  const written = node.entries.get("repeats");
  if (written === undefined || fields.repeats === undefined || fields.repeats !== fields.name) return [];
  const hint = "generation: 2 repeats a request; repeats names an older one";
  return [file.mistake("DLR015", written.value.offset, "a request cannot repeat itself", hint)];
}

type Shared = Omit<LifecycleRequest, "name" | "device">;

function withSteps(base: Shared | null, steps: readonly StepSpec[] | undefined): Shared | null {
  return base === null || steps === undefined ? base : { ...base, steps };
}

function baseRequest({ file, node, fields }: Entry<RequestFields>, steps: readonly StepSpec[]): Shared {
  return {
    generation: fields.generation ?? 1,
    playbook: fields.playbook ?? null,
    steps,
    reason: fields.reason ?? "",
    ticket: fields.ticket ?? null,
    expires: fields.expires ?? null,
    acknowledge: fields.acknowledge ?? [],
    repeats: fields.repeats ?? null,
    onDrift: fields.onDrift ?? "report",
    source: file.locate(node.offset),
    places: placesOf({ file, node }),
  };
}

const PLACED: readonly RequestKey[] = ["device", "playbook", "steps", "expires", "acknowledge", "repeats", "generation", "onDrift"];

function placesOf({ file, node }: Pick<Entry<RequestFields>, "file" | "node">): Partial<Record<RequestKey, SourceLocation>> {
  const found = PLACED.flatMap((key) => {
    const written = node.entries.get(key);
    return written === undefined ? [] : [[key, file.locate(written.keyOffset)] as const];
  });
  return Object.fromEntries(found);
}

function draftOf(base: string, device: NamedDevice, destructive: boolean, shared: Shared | null): Draft {
  const name = device.suffix === null ? base : `${base}/${device.suffix}`;
  if (shared === null) return { name, device, destructive, request: null };
  const places = { ...shared.places, device: device.place.file.locate(device.place.offset) };
  return { name, device, destructive, request: { ...shared, name, device: device.selector, places } };
}

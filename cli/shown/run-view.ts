import { isObject } from "../../providers/domain/json.ts";
import { OUTCOMES, type Outcome } from "../../providers/domain/outcome.ts";
import { requestName } from "../../providers/pulumi/shelf-state.ts";
import type { ProgressNote } from "../../providers/pulumi/tell-progress.ts";
import { type Finding, findingsOfRequest } from "../support/drift-rows.ts";
import type { Data, EngineEvent } from "./engine-events.ts";

/** How one request stands after `up`, for people. */
export interface Standing {
  readonly name: string;
  readonly outcome: Outcome;
  /** Why, as a word for programs. */
  readonly reason: string;
  /** What is true now. */
  readonly message: string;
  readonly deviceId: string | null;
  /** Name and serial number, as far as they are known. */
  readonly device: string;
  readonly deviceName: string | null;
  readonly serialNumber: string | null;
  readonly generation: number;
  readonly ticket: string | null;
  /** When it came to stand so: ISO 8601; null where state does not tell. */
  readonly since: string | null;
  /** `file:line` */
  readonly source: string | null;
  /** What refreshes found since it was done, and what is over since the last one. */
  readonly drift: readonly Finding[];
}

/** Something that was said, once, with the requests that it was said of. */
export interface Said {
  readonly severity: "error" | "warning";
  readonly text: string;
  readonly names: readonly string[];
}

/** Makes a run red, where it is new. */
export function isRed({ outcome }: Pick<Standing, "outcome">): boolean {
  return outcome === "failed" || outcome === "expired" || outcome === "ambiguous";
}

/** What is known of a run so far. */
export class RunView {
  readonly #standings = new Map<string, Standing>();
  readonly #waits = new Map<string, Extract<ProgressNote, { kind: "waits" }>>();
  readonly #broken = new Set<string>();
  readonly #said = new Map<string, Said & { readonly names: string[] }>();
  readonly #operations = new Map<string, string>();
  readonly #refreshed = new Set<string>();
  readonly #shelved = new Set<string>();
  readonly #shelfOperations: string[] = [];
  #performed = 0;
  #open: number | null = null;
  #outcomes: Readonly<Record<string, string>> = {};
  #last: Extract<ProgressNote, { kind: "says" }> | null = null;

  /** What a preview says of a request is no end of it. */
  see(event: EngineEvent, isPreview: boolean): void {
    if (event.kind === "begins") this.#operations.set(event.name, event.op);
    if (event.kind === "shelfBegins") this.#beginShelf(event);
    if (event.kind === "diagnostic") this.#say(event.severity === "error" ? "error" : "warning", event);
    if (event.kind === "policy") this.#say(event.isMandatory ? "error" : "warning", event);
    if (isPreview) return;
    if (event.kind === "ended") this.#end(event.name, event.op, event.outputs);
    if (event.kind === "shelfEnded") this.#endShelf(event.op, event.requests);
    if (event.kind === "broke") this.#break(event.name);
    if (event.kind === "outputs") this.#outcomes = event.requests;
  }

  hear(note: ProgressNote): void {
    if (note.kind === "open") this.#open = note.requests;
    if (note.kind === "waits") this.#waits.set(note.name, note);
    if (note.kind === "says") this.#last = note;
  }

  /** What the engine does, or would do, with each request, such as `create` or `same`. */
  get operations(): ReadonlyMap<string, string> {
    return this.#operations;
  }

  /** Names of requests that stood on a shelf before this run did something with it. */
  get shelved(): ReadonlySet<string> {
    return this.#shelved;
  }

  /** What the engine does, or would do, with each shelf. */
  get shelfOperations(): readonly string[] {
    return this.#shelfOperations;
  }

  /** Requests that have not ended before this run; null before the program has looked. */
  get open(): number | null {
    return this.#open;
  }

  /** Requests that this run is through with. */
  get performed(): number {
    return this.#performed + this.#broken.size;
  }

  /** Names of requests that this run looked at again. */
  get refreshed(): ReadonlySet<string> {
    return this.#refreshed;
  }

  get standings(): readonly Standing[] {
    return [...this.#standings.values()];
  }

  /** Names of requests whose run broke: a store failed, or the program itself. */
  get broken(): readonly string[] {
    return [...this.#broken];
  }

  /** Of all requests of the stack; empty where the engine did not get that far. */
  get outcomes(): Readonly<Record<string, string>> {
    return this.#outcomes;
  }

  get waits(): readonly Extract<ProgressNote, { kind: "waits" }>[] {
    return [...this.#waits.values()];
  }

  get last(): Extract<ProgressNote, { kind: "says" }> | null {
    return this.#last;
  }

  get said(): readonly Said[] {
    return [...this.#said.values()];
  }

  /** Cards come as information. */
  #say(severity: Said["severity"], { text, name, ...event }: Extract<EngineEvent, { text: string }>): void {
    if (event.kind === "diagnostic" && event.severity !== "error" && event.severity !== "warning") return;
    const key = JSON.stringify([severity, text]);
    const said = this.#said.get(key) ?? { severity, text, names: [] };
    if (name !== null && !said.names.includes(name)) said.names.push(name);
    this.#said.set(key, said);
  }

  #end(name: string, op: string, outputs: Data): void {
    this.#waits.delete(name);
    const { outcome } = outputs;
    const known = OUTCOMES.find((one) => one === outcome);
    if (known === undefined || op === "delete") return;
    if (op !== "same" && op !== "refresh" && !this.#standings.has(name)) this.#performed++;
    if (op === "refresh") this.#refreshed.add(name);
    this.#standings.set(name, standingOf(name, known, outputs));
  }

  #beginShelf({ op, held }: Extract<EngineEvent, { kind: "shelfBegins" }>): void {
    this.#shelfOperations.push(op);
    for (const one of held) this.#shelved.add(requestName(one) ?? "");
  }

  /** What stands on a shelf was done in an earlier run. */
  #endShelf(op: string, requests: readonly Data[]): void {
    if (op === "delete") return;
    for (const outputs of requests) {
      const name = requestName(outputs);
      const known = OUTCOMES.find((one) => one === outputs.outcome);
      if (name === undefined || known === undefined) continue;
      if (op === "refresh") this.#refreshed.add(name);
      this.#standings.set(name, standingOf(name, known, outputs));
    }
  }

  #break(name: string): void {
    this.#waits.delete(name);
    this.#broken.add(name);
  }
}

/** How a request stands, by the outputs of its resource. */
export function standingOf(name: string, outcome: Outcome, outputs: Data): Standing {
  return { name, outcome, ...aboutDevice(outputs), drift: findingsOfRequest(name, outputs) };
}

function aboutDevice({ conditions, device, request }: Data): Omit<Standing, "name" | "outcome" | "drift"> {
  const list: readonly unknown[] = Array.isArray(conditions) ? conditions : [];
  const finished = list.filter(isObject).find(({ type }) => type === "Finished");
  const facts = isObject(device) ? device : {};
  const { deviceName, serialNumber, id } = facts;
  return {
    reason: textOr(finished?.reason, ""),
    message: textOr(finished?.message, ""),
    deviceId: textOr(id, null),
    device: [deviceName, serialNumber].filter((text) => typeof text === "string").join(" "),
    deviceName: textOr(deviceName, null),
    serialNumber: textOr(serialNumber, null),
    generation: isObject(request) && typeof request.generation === "number" ? request.generation : 1,
    ticket: isObject(request) ? textOr(request.ticket, null) : null,
    since: textOr(finished?.lastTransitionTime, null),
    source: isObject(request) ? textOr(request.source, null) : null,
  };
}

function textOr<T>(value: unknown, other: T): string | T {
  return typeof value === "string" ? value : other;
}

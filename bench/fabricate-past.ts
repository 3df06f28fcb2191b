import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { isObject } from "../providers/domain/json.ts";
import { CHAIN_START, formatLines } from "../providers/ledger/ledger-line.ts";
import type { PulumiProject, StackResource } from "../test/support/pulumi-project.ts";
import { serialOf } from "./fleet.ts";

/** Requests of the past ended in so many months. */
const MONTHS = 24;

/**
 * Makes a project's first request, which has ended, into as many: each as the first was, on a
 * device of its own, in the ledger and in the state. Performing them would take an hour.
 */
export async function fabricatePast(project: PulumiProject, size: number): Promise<void> {
  const place = path.join(project.folder, "ledger", "ledger.jsonl");
  const lines = (await readFile(place, "utf8")).trimEnd().split("\n");
  const bodies = lines.map((line) => line.slice(line.indexOf('"record":') + '"record":'.length, -1));
  const [ofOne, others] = [bodies.filter(isOfRequest), bodies.filter((body) => !isOfRequest(body))];
  const ids = new Set(ofOne.join("").match(UUID));
  const copies = Array.from({ length: size }, (_, index) => ofOne.map((body) => monthsEarlier(copyOf(body, index, ids), index % MONTHS)));
  const whole = [...others.slice(0, 1), ...copies.flat(), ...others.slice(1)];
  await writeFile(place, formatLines(CHAIN_START, whole).bytes);
  await copyResources(project.stateFile, size, ids);
}

const UUID = /\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g;

async function copyResources(file: string, size: number, ids: ReadonlySet<string>): Promise<void> {
  const state = JSON.parse(await readFile(file, "utf8")) as { checkpoint: { latest: { resources: readonly StackResource[] } } };
  const { latest } = state.checkpoint;
  latest.resources = latest.resources.flatMap((resource) => {
    const text = JSON.stringify(resource);
    return text.includes(`fleet/${serialOf(0)}`) && resource.type.endsWith(":DeviceLifecycle")
      ? Array.from({ length: size }, (_, index) => JSON.parse(copyOf(text, index, ids)) as StackResource)
      : [resource];
  });
  await writeFile(file, JSON.stringify(state));
}

function isOfRequest(body: string): boolean {
  const record: unknown = JSON.parse(body);
  return isObject(record) && "key" in record;
}

/** With a serial number and ids, of the device and of calls, of its own; the state's ids stay. */
function copyOf(text: string, index: number, ids: ReadonlySet<string>): string {
  const mark = String(index).padStart(8, "0");
  return text.replaceAll(serialOf(0), serialOf(index)).replaceAll(UUID, (id) => (ids.has(id) ? `${mark}${id.slice(mark.length)}` : id));
}

/** `at` of the record. */
function monthsEarlier(body: string, months: number): string {
  return body.replace(/"at":"([^"]+)"/, (_, at: string) => {
    const date = new Date(at);
    date.setUTCMonth(date.getUTCMonth() - months, 1);
    return `"at":"${date.toISOString()}"`;
  });
}

import { requestKey } from "../../domain/request.ts";
import { editionOf } from "../edition.ts";
import * as pulumi from "../sdk.ts";
import type { ShelfInputs } from "../shelf-state.ts";
import type { Shelf } from "./choose-shelves.ts";
import { driftWarnings } from "./drift-warnings.ts";
import { FinishedRequests } from "./finished-requests.ts";
import { registerQuietly } from "./register-quietly.ts";

const SHOWN = 3;

/** One resource for each shelf. Nothing is sent for any of them. */
export function registerShelves(shelves: readonly Shelf[]): void {
  for (const shelf of shelves) {
    const resource = registerQuietly(() => new FinishedRequests(shelf.name, shelfInputs(shelf)));
    for (const text of notesOf(shelf)) void pulumi.log.warn(text, resource);
  }
}

/** Holds nothing that changes by itself, except while a request comes from elsewhere. */
export function shelfInputs({ name, members }: Shelf): ShelfInputs {
  const keys = Object.fromEntries(members.map(({ entry: { request } }) => [requestKey(request), editionOf(request)]));
  const carried = members.flatMap(({ state: { key, shelf, findings } }) =>
    shelf === name || findings.length === 0 ? [] : [[key, findings]],
  );
  return { keys: JSON.stringify(keys), ...(carried.length === 0 ? {} : { findings: JSON.stringify(Object.fromEntries(carried)) }) };
}

/** What does not take a request off its shelf is told of the first, and counted. */
function notesOf({ members }: Shelf): readonly string[] {
  const notes = members.flatMap(({ entry: { request }, state: { findings } }) =>
    driftWarnings({ drift: findings }, request).map((text) => `${request.name}: ${text}`),
  );
  return [...notes.slice(0, SHOWN), ...(notes.length > SHOWN ? [`and ${notes.length - SHOWN} more such notes: dlr drift tells them`] : [])];
}

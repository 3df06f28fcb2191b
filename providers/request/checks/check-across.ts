import type { Diagnostic } from "../../domain/diagnostic.ts";
import { quoted } from "../../support/words.ts";
import { deviceKey } from "../device-key.ts";
import { describePlace, mistakeAt, type Place } from "../files/source-file.ts";
import type { CheckedRequest, Draft } from "./check-request.ts";

/** Rules over all requests of all files, in the order in which they were read. */
export function checkAcross(requests: readonly CheckedRequest[]): readonly Diagnostic[] {
  return [...checkNames(requests), ...checkDestruction(requests.flatMap((request) => request.drafts))];
}

function checkNames(requests: readonly CheckedRequest[]): readonly Diagnostic[] {
  const firstPlaces = new Map<string, Place>();
  const diagnostics: Diagnostic[] = [];
  for (const { name, namePlace } of requests) {
    if (name === null) continue;
    const first = firstPlaces.get(name);
    if (first === undefined) firstPlaces.set(name, namePlace);
    else {
      const message = `the name ${quoted(name)} is taken by the request at ${describePlace(first)}`;
      diagnostics.push(mistakeAt(namePlace, "DLR017", message, "give one of the two another name"));
    }
  }
  return diagnostics;
}

/**
 * Two requests that destroy data on one device: even with `repeats`, the older one has to leave the
 * files first.
 */
function checkDestruction(drafts: readonly Draft[]): readonly Diagnostic[] {
  const firsts = new Map<string, Draft>();
  const diagnostics: Diagnostic[] = [];
  for (const draft of drafts) {
    const key = draft.destructive ? deviceKey(draft.device.selector) : null;
    if (key === null) continue;
    const first = firsts.get(key);
    if (first === undefined) firsts.set(key, draft);
    else {
      const message = `request ${quoted(first.name)} at ${describePlace(first.device.place)} destroys data on the device with the ${key} already`;
      diagnostics.push(
        mistakeAt(
          draft.device.place,
          "DLR205",
          message,
          `delete one of the two; once ${quoted(first.name)} is done and deleted, repeats: ${first.name} may stand here`,
        ),
      );
    }
  }
  return diagnostics;
}

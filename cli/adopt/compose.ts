import path from "node:path";
import type { StepSpec } from "../../providers/domain/request.ts";
import { BUILT_IN_PLAYBOOKS } from "../../providers/request/built-in-playbooks.ts";
import type { LoadedRequests } from "../../providers/request/load-requests.ts";
import { isRequestName } from "../../providers/request/schema/schema.ts";
import { explain } from "./explain.ts";
import { exists, type Folders, loadWith, mistakesOf } from "./judge.ts";
import { type NewFile, oneLine, renderRequest } from "./request-text.ts";
import { unseenIn } from "./unseen.ts";
import type { Mistake, Wanted, Words } from "./wanted.ts";

/** Files that may be written as they are, or everything that is to be put right before. */
export type Composed =
  | { readonly kind: "files"; readonly files: readonly NewFile[] }
  | { readonly kind: "wrong"; readonly mistakes: readonly Mistake[] };

/**
 * Makes the files of a request and has them judged by the loader, together with all that is there.
 * Writes nothing but a copy that is gone again. `now` in milliseconds since the epoch.
 */
export async function compose(wanted: Wanted, folders: Folders, words: Words, now: number): Promise<Composed> {
  const unfit = [...checkName(wanted, words), ...checkTexts(wanted, words)];
  if (unfit.length > 0) return { kind: "wrong", mistakes: unfit };
  const files = renderRequest(wanted, schemaFrom(folders));
  for (const file of [`${wanted.name}.yaml`, `${wanted.name}.yml`, `${wanted.name}.csv`]) {
    if (await exists(path.join(folders.requests, file))) return { kind: "wrong", mistakes: [taken(file, wanted, words)] };
  }
  const loaded = await loadWith(folders, files);
  const mistakes = mistakesOf(loaded, wanted, now);
  if (mistakes.length === 0) return { kind: "files", files };
  const steps = stepsOf(wanted.playbook, loaded);
  return { kind: "wrong", mistakes: mistakes.map((mistake) => explain(mistake, wanted, steps, words)) };
}

/** Of a playbook that there is; none for a name that is unknown. */
export function stepsOf(playbook: string, { playbooks }: Pick<LoadedRequests, "playbooks">): readonly StepSpec[] {
  return [...BUILT_IN_PLAYBOOKS, ...playbooks].find(({ name }) => name === playbook)?.steps ?? [];
}

/** It becomes a file's name before the loader has seen it. */
function checkName({ name }: Wanted, words: Words): readonly Mistake[] {
  if (isRequestName(name)) return [];
  const message = `${JSON.stringify(name.slice(0, 80))} cannot be the name of a request: lower-case letters, digits and hyphens, at most 63`;
  return [{ where: words.label("name"), message, hint: words.write("name", nameFrom(name) || "leeds-leavers") }];
}

/** In quotes YAML takes any character; a reviewer sees none of these. */
function checkTexts({ playbook, reason, ticket = "", expires = "" }: Wanted, words: Words): readonly Mistake[] {
  const texts = { playbook, reason: oneLine(reason), ticket, expires } as const;
  return (["playbook", "reason", "ticket", "expires"] as const).flatMap((field) => {
    const unseen = unseenIn(texts[field]);
    if (unseen === null) return [];
    return [{ where: words.label(field), message: `there is ${unseen} in it, which nobody sees`, hint: "type it again" }];
  });
}

/** The nearest name that a request may have; empty where nothing is left. */
export function nameFrom(text: string): string {
  return text
    .normalize("NFKD")
    .toLowerCase()
    .replaceAll(/\p{M}/gu, "")
    .replaceAll(/[^a-z0-9]+/g, "-")
    .slice(0, 63)
    .replaceAll(/^-+|-+$/g, "");
}

function taken(file: string, { name }: Wanted, words: Words): Mistake {
  const message = `${file} is there already, and nothing is ever written over`;
  return { where: words.label("name"), message, hint: words.write("name", `${name.slice(0, 61)}-2`) };
}

/** A URL path: the same on every system. */
function schemaFrom({ requests, schemas }: Folders): string {
  return path.relative(requests, path.join(schemas, "requests.schema.json")).replaceAll("\\", "/");
}

import { destroysData } from "../domain/actions/action-table.ts";
import type { Diagnostic } from "../domain/diagnostic.ts";
import type { Playbook } from "../domain/request.ts";
import { listed, quoted } from "../support/words.ts";
import { BUILT_IN_PLAYBOOKS } from "./built-in-playbooks.ts";
import { checkShape, type Entry } from "./checks/check-shape.ts";
import { checkSteps } from "./checks/check-steps.ts";
import type { PlaybookFields } from "./fields.ts";
import { describePlace, type Place, type SourceFile } from "./files/source-file.ts";
import { parseSteps } from "./parse-steps.ts";
import { PLAYBOOKS_SCHEMA } from "./schema/schema.ts";
import { parseYaml } from "./yaml/parse-yaml.ts";

/** Every playbook that a request may name. */
export interface PlaybookShelf {
  /** Null for one that is there but has mistakes: naming it is not a second mistake. */
  readonly byName: ReadonlyMap<string, Playbook | null>;
  /** False when a file could not be read through: a name that is not here may stand in it. */
  readonly complete: boolean;
  readonly diagnostics: readonly Diagnostic[];
}

/** `files` are those that could be read; `complete` tells whether these are all. */
export function loadPlaybooks(files: readonly SourceFile[], complete: boolean): PlaybookShelf {
  const byName = new Map<string, Playbook | null>(BUILT_IN_PLAYBOOKS.map((playbook) => [playbook.name, playbook]));
  const firstPlaces = new Map<string, Place>();
  const diagnostics: Diagnostic[][] = [];
  let allParsed = complete;
  for (const file of files) {
    const parsed = parseYaml(file);
    diagnostics.push([...parsed.diagnostics]);
    if (parsed.root === null) {
      allParsed = false;
      continue;
    }
    const shape = checkShape<PlaybookFields>(file, parsed.root, PLAYBOOKS_SCHEMA, "playbooks");
    diagnostics.push([...shape.diagnostics]);
    for (const entry of shape.entries) diagnostics.push([...shelve(entry, byName, firstPlaces)]);
  }
  return { byName, complete: allParsed, diagnostics: diagnostics.flat() };
}

function shelve(
  entry: Entry<PlaybookFields>,
  byName: Map<string, Playbook | null>,
  firstPlaces: Map<string, Place>,
): readonly Diagnostic[] {
  const { file, node, fields } = entry;
  const wrong = fields.steps === undefined ? [] : checkPlaybookSteps(entry, fields.steps);
  if (fields.name === undefined) return wrong;
  const offset = node.entries.get("name")?.value.offset ?? node.offset;
  const first = firstPlaces.get(fields.name);
  if (first !== undefined)
    return [
      ...wrong,
      file.mistake("DLR017", offset, `playbook ${quoted(fields.name)} stands at ${describePlace(first)} already`, "give it another name"),
    ];
  if (byName.has(fields.name))
    return [...wrong, file.mistake("DLR026", offset, `${quoted(fields.name)} is a built-in playbook`, "give yours another name")];
  firstPlaces.set(fields.name, { file, offset });
  const usable = entry.sound && wrong.every((diagnostic) => diagnostic.severity === "warning");
  byName.set(fields.name, usable ? playbookFrom(fields) : null);
  return wrong;
}

function checkPlaybookSteps({ file, node, fields }: Entry<PlaybookFields>, stepFields: PlaybookFields["steps"]): readonly Diagnostic[] {
  const steps = parseSteps(stepFields);
  const order = checkSteps(file, node.entries.get("steps")?.value, steps);
  const destroyers = steps.map((step) => step.action).filter(destroysData);
  const declared = node.entries.get("destroysData");
  if (declared !== undefined && fields.destroysData === undefined) return order;
  const says = fields.destroysData === true;
  const offset = declared?.value.offset ?? node.offset;
  if (destroyers.length > 0 && !says)
    return [
      ...order,
      file.mistake(
        "DLR027",
        offset,
        `${listed(destroyers, "and")} destroys data and the playbook does not say so`,
        "write destroysData: true",
      ),
    ];
  if (destroyers.length === 0 && says)
    return [...order, file.warning("DLR210", offset, "no step of this playbook destroys data", "delete destroysData: true")];
  return order;
}

function playbookFrom({ name = "", description = "", steps: fields = [] }: Partial<PlaybookFields>): Playbook {
  const steps = parseSteps(fields);
  return { name, description, steps, destroysData: steps.some((step) => destroysData(step.action)) };
}

import type { Diagnostic } from "../domain/diagnostic.ts";
import type { LockPolicy, PolicyPlatform } from "../domain/lock-policy.ts";
import { quoted } from "../support/words.ts";
import { checkShape, type Entry } from "./checks/check-shape.ts";
import { describePlace, mistakeAt, type Place, type SourceFile } from "./files/source-file.ts";
import { POLICIES_SCHEMA } from "./schema/policies-schema.ts";
import { parseYaml } from "./yaml/parse-yaml.ts";
import { entryOf, itemsOf } from "./yaml/yaml-node.ts";

/** What the schema promises of a policy. */
interface PolicyFields {
  readonly name: string;
  readonly title: string;
  readonly platforms: readonly PolicyPlatform[];
  readonly groups: { readonly include: readonly string[]; readonly exclude?: readonly string[] };
  readonly adopt: string;
  readonly accept: string;
}

/** The policies of some files, one a platform, with all mistakes. */
export interface LoadedPolicies {
  readonly policies: readonly LockPolicy[];
  readonly diagnostics: readonly Diagnostic[];
}

/** `files` are those that could be read. */
export function loadPolicies(files: readonly SourceFile[]): LoadedPolicies {
  const policies: LockPolicy[] = [];
  const diagnostics: Diagnostic[] = [];
  const names = new Map<string, Place>();
  const adopted = new Map<string, Place>();
  for (const file of files) {
    const parsed = parseYaml(file);
    diagnostics.push(...parsed.diagnostics);
    if (parsed.root === null) continue;
    const shape = checkShape<PolicyFields>(file, parsed.root, POLICIES_SCHEMA, "policies");
    diagnostics.push(...shape.diagnostics);
    for (const entry of shape.entries) {
      const wrong = [...checkTogether(entry), ...checkGroups(entry), ...checkOnce(entry, names, adopted)];
      diagnostics.push(...wrong);
      if (entry.sound && wrong.length === 0 && parsed.diagnostics.length === 0) policies.push(...policiesOf(entry));
    }
  }
  return { policies, diagnostics };
}

function placeOf({ file, node }: Entry<PolicyFields>, key: keyof PolicyFields): Place {
  return { file, offset: entryOf(node, key)?.keyOffset ?? node.offset };
}

function checkTogether(entry: Entry<PolicyFields>): readonly Diagnostic[] {
  const { title, platforms = [], adopt, accept } = entry.fields;
  const no = (key: keyof PolicyFields, message: string, hint: string) => [mistakeAt(placeOf(entry, key), "DLR019", message, hint)];
  const isAdopted = adopt !== undefined || entryOf(entry.node, "adopt") !== undefined;
  return [
    ...(isAdopted && title !== undefined ? no("title", "an adopted policy keeps its name in Intune", "delete title") : []),
    ...(isAdopted && platforms.length > 1
      ? no("platforms", "one adopted policy is of one platform", "write an entry for each platform, each with its own adopt")
      : []),
    ...(accept !== undefined && !isAdopted
      ? no("accept", "accept is for an adopted policy alone", "delete accept, or write adopt: ID")
      : []),
  ];
}

function checkGroups({ file, node, fields }: Entry<PolicyFields>): readonly Diagnostic[] {
  const { include = [], exclude = [] } = fields.groups ?? {};
  const places = itemsOf(entryOf(entryOf(node, "groups")?.value ?? node, "exclude")?.value);
  const included = new Set(include.map((id) => id.toLowerCase()));
  return exclude.flatMap((id, index) =>
    included.has(id.toLowerCase())
      ? [
          file.mistake(
            "DLR015",
            places[index]?.offset ?? node.offset,
            `the group ${quoted(id)} is included too`,
            "keep it in one of the two lists",
          ),
        ]
      : [],
  );
}

/** Two policies of one name, or two that are one policy of Intune's. */
function checkOnce(entry: Entry<PolicyFields>, names: Map<string, Place>, adopted: Map<string, Place>): readonly Diagnostic[] {
  const { name, adopt } = entry.fields;
  return [
    ...checkFirst(names, name, entryPlace(entry, "name"), [`policy ${quoted(name ?? "")}`, "give it another name"]),
    ...checkFirst(adopted, adopt?.toLowerCase(), entryPlace(entry, "adopt"), [`adopt ${quoted(adopt ?? "")}`, "a policy is adopted once"]),
  ];
}

function checkFirst(
  known: Map<string, Place>,
  word: string | undefined,
  place: Place,
  [what, hint]: readonly [what: string, hint: string],
): readonly Diagnostic[] {
  if (word === undefined) return [];
  const first = known.get(word);
  if (first !== undefined) return [mistakeAt(place, "DLR017", `${what} stands at ${describePlace(first)} already`, hint)];
  known.set(word, place);
  return [];
}

function entryPlace({ file, node }: Entry<PolicyFields>, key: keyof PolicyFields): Place {
  return { file, offset: entryOf(node, key)?.value.offset ?? node.offset };
}

function policiesOf({ file, node, fields }: Entry<PolicyFields>): readonly LockPolicy[] {
  const { name = "", title, platforms = [], groups, adopt, accept } = fields;
  const isOne = platforms.length === 1;
  return platforms.map((platform) => ({
    name: isOne ? name : `${name}/${platform}`,
    title: adopt !== undefined ? null : isOne ? (title ?? name) : `${title ?? name} (${platform})`,
    platform,
    groups: { include: sorted(groups?.include), exclude: sorted(groups?.exclude) },
    adopt: adopt?.toLowerCase() ?? null,
    accept: accept ?? null,
    source: file.locate(node.offset),
  }));
}

/** Ids in lower case, as Graph's are; the words for everybody as they are. */
function sorted(ids: readonly string[] = []): readonly string[] {
  return ids.map((id) => (id.includes("-") ? id.toLowerCase() : id)).sort();
}

import type { ConfigReader } from "./config-reader.ts";

/**
 * Source: https://learn.microsoft.com/azure/azure-resource-manager/management/tag-resources
 * (storage accounts take names of 128 characters)
 */
const LIMITS = { tags: 50, name: 128, value: 256 } as const;
const RESERVED = /^(microsoft|azure|windows)/i;
const REFUSED = /[<>%&\\?/\p{Cc}]/u;

/** Our own tags, and those of the configuration over them. */
export function parseTags(reader: ConfigReader, key: string, stack: string): Readonly<Record<string, string>> {
  const tags: Record<string, string> = { product: "device-lifecycle", stack, managedBy: "pulumi" };
  for (const [name, value] of Object.entries(reader.mapping(key, null) ?? {})) {
    const problem = problemOf(name, value);
    if (problem !== null) reader.note(`${key}.${name}`, problem);
    const same = Object.keys(tags).find((other) => other.toLowerCase() === name.toLowerCase());
    if (same !== undefined) delete tags[same];
    tags[name] = String(value);
  }
  const count = Object.keys(tags).length;
  if (count > LIMITS.tags) reader.note(key, `makes ${count} tags; Azure takes ${LIMITS.tags}`);
  return tags;
}

function problemOf(name: string, value: unknown): string | null {
  if (typeof value !== "string") return "must be a text";
  if (name.length > LIMITS.name || REFUSED.test(name))
    return `must have a name of at most ${LIMITS.name} characters without < > % & \\ ? /`;
  if (RESERVED.test(name)) return "must have a name that does not begin with microsoft, azure or windows";
  return value.length > LIMITS.value ? `must be at most ${LIMITS.value} characters long` : null;
}

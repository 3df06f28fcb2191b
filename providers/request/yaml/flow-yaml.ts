import { isObject, type JsonValue } from "../../domain/json.ts";

/** Data as one line of YAML, for "for example …". */
export function flowYaml(value: JsonValue): string {
  if (Array.isArray(value)) return `[${value.map(flowYaml).join(", ")}]`;
  if (isObject(value)) {
    const entries = Object.entries(value as Readonly<Record<string, JsonValue>>);
    return `{ ${entries.map(([key, item]) => `${key}: ${flowYaml(item)}`).join(", ")} }`;
  }
  return typeof value === "string" && !isNumeral(value) ? value : JSON.stringify(value);
}

/** Text that YAML would take for a number. */
function isNumeral(text: string): boolean {
  return /^[-+]?[\d.]+$/.test(text);
}

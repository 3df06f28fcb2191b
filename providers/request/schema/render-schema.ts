import { isObject, type JsonObject, type JsonValue } from "../../domain/json.ts";

const LINE_WIDTH = 140;

/** A schema as its file holds it: as the formatter of this repository would write it, so that it never changes it again. */
export function renderSchema(schema: JsonObject): string {
  return `${render(schema, "", 0)}\n`;
}

/** `taken` is how much of the line the key before the value uses. */
function render(value: JsonValue, indent: string, taken: number): string {
  const deeper = `${indent}  `;
  if (Array.isArray(value)) {
    const line = inline(value);
    if (line !== null && indent.length + taken + line.length < LINE_WIDTH) return line;
    return `[\n${value.map((item) => deeper + render(item, deeper, 0)).join(",\n")}\n${indent}]`;
  }
  if (!isObject(value)) return JSON.stringify(value);
  const entries = Object.entries(value as JsonObject).map(([key, item]) => {
    const name = `${JSON.stringify(key)}: `;
    return deeper + name + render(item, deeper, name.length);
  });
  return entries.length === 0 ? "{}" : `{\n${entries.join(",\n")}\n${indent}}`;
}

/** A list on one line; null when a mapping in it needs lines of its own. */
function inline(value: JsonValue): string | null {
  if (!Array.isArray(value)) return isObject(value) ? null : JSON.stringify(value);
  const items = value.map(inline);
  return items.includes(null) ? null : `[${items.join(", ")}]`;
}

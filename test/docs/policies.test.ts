import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "@jest/globals";
import { Ajv } from "ajv";
import { RULES } from "../../policy/all-rules.ts";
import { isObject } from "../../providers/domain/json.ts";

const PAGE = readFileSync(path.resolve(import.meta.dirname, "../../docs/policies.md"), "utf8");
const [, example = ""] = /```json\n(.*?)```/s.exec(PAGE) ?? [];

/** Name, and settings with their defaults, as a row of the page says them. */
function rowOf({ name, settings }: (typeof RULES)[number]): string {
  const words = Object.entries(settings.properties).map(([key, { default: value }]) => `\`${key}\` ${wordOf(name, key, value)}`);
  return `| \`${name}\` | ${words.join(", ")} |`;
}

function wordOf(name: string, key: string, value: unknown): string {
  if (value === undefined) return name === "playbooks" && key === "playbooks" ? "all" : "any number";
  if (Array.isArray(value)) return "none";
  const word = typeof value === "string" ? value : JSON.stringify(value);
  return key === "pattern" ? `\`${word}\`` : word;
}

describe("docs/policies.md", () => {
  test("has a row for each policy, in their order, with its settings and their defaults", () => {
    const rows = PAGE.split("\n").filter((line) => line.startsWith("| `"));

    expect(rows.map((row) => row.split("|").slice(0, 3).join("|").concat("|"))).toEqual(RULES.map(rowOf));
  });

  test("has an example that each policy's schema takes", () => {
    const config: unknown = JSON.parse(example);
    if (!isObject(config)) throw new TypeError("the example is an object");

    expect(Object.keys(config).sort()).toEqual(RULES.map(({ name }) => name).sort());
    for (const { name, settings } of RULES) {
      const { enforcementLevel: _level, ...given } = Object(config[name]);
      const validate = new Ajv({ strict: false }).compile({ type: "object", additionalProperties: false, ...settings });
      expect([name, validate(given), validate.errors]).toEqual([name, true, null]);
    }
  });
});

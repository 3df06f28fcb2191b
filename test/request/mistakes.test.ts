import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "@jest/globals";
import { CSV_CASES } from "./cases/csv-cases.ts";
import { DEVICE_CASES } from "./cases/device-cases.ts";
import { DISK_CASES } from "./cases/disk-cases.ts";
import { LOOK_ALIKE_CASES } from "./cases/look-alike-cases.ts";
import { OWN_CASES } from "./cases/own-cases.ts";
import { RULE_CASES } from "./cases/rule-cases.ts";
import { SHAPE_CASES } from "./cases/shape-cases.ts";
import { YAML_CASES } from "./cases/yaml-cases.ts";
import { expectedOf, loadMarked, type MistakeCase, placesOf } from "./marked-files.ts";

const GROUPS: readonly (readonly [string, readonly MistakeCase[]])[] = [
  ["YAML", YAML_CASES],
  ["keys, types and values", SHAPE_CASES],
  ["devices", DEVICE_CASES],
  ["CSV", CSV_CASES],
  ["steps, playbooks and requests together", RULE_CASES],
  ["what belongs to one device of a list", OWN_CASES],
  ["files and folders", DISK_CASES],
  ["what nobody sees or takes for something else", LOOK_ALIKE_CASES],
];

describe.each(GROUPS)("mistakes of %s", (_, cases) => {
  test.each(cases)("$title", async ({ files, prepare, also = [] }) => {
    const { diagnostics } = await loadMarked(files, prepare);

    expect(placesOf(diagnostics)).toEqual(expectedOf({ files, also }));
    expect(diagnostics.every((diagnostic) => (diagnostic.hint ?? "") !== "")).toBe(true);
  });
});

test("every code that the loader can say has a case", () => {
  const folder = path.resolve(import.meta.dirname, "../../providers/request");
  const sources = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => readFileSync(path.join(folder, name), "utf8"));
  const said = new Set(sources.flatMap((text) => text.match(/DLR\d{3}/g) ?? []));

  const shown = new Set(GROUPS.flatMap(([, cases]) => cases.flatMap(expectedOf)).map((place) => place.slice(-6)));

  expect([...shown].sort()).toEqual([...said].sort());
});

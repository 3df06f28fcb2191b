import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, jest, test } from "@jest/globals";
import fc from "fast-check";
import { renderDiagnostic } from "../../providers/domain/diagnostic.ts";
import { DIAGNOSTIC_CODES } from "../../providers/domain/diagnostic-codes.ts";
import type { LoadedRequests } from "../../providers/request/load-requests.ts";
import { findSteering, SEED } from "../support/hostile-text.ts";
import { loadMarked } from "./marked-files.ts";

/** Properties run hundreds of loads; a busy machine gets time for them. */
jest.setTimeout(120_000);

const example = (name: string) => readFileSync(path.resolve(import.meta.dirname, "../../devices/examples", name), "utf8");
const SEEDS = ["own-steps.yaml", "other-paths.yaml", "summer-return.yaml", "leaver-returned.yaml"].map(example);
const CSV = example("summer-return.csv");

/** Loads bytes as a request file, a playbook file and a CSV file at once. */
async function loadBytes(bytes: Uint8Array): Promise<LoadedRequests> {
  return await loadMarked(
    {
      "requests/a.yaml": "requests:\n  - { name: a, devicesFrom: b.csv, playbook: escrow-bypass-code, reason: r }\n",
      "playbooks/a.yaml": "",
    },
    (folder) => {
      for (const name of ["requests/b.csv", "requests/c.yaml", "playbooks/a.yaml"]) writeFileSync(path.join(folder, name), bytes);
    },
  );
}

/**
 * A thousand of each file and the word that there are more: however bad a file is, the work of
 * telling so is bounded.
 */
const MOST = 4 * 1_001;

/** Every diagnostic has a known code, a place inside the text and a text to print. */
function expectSane(loaded: LoadedRequests, bytes: Uint8Array): void {
  const lines = new TextDecoder().decode(bytes).split("\n");
  expect(loaded.diagnostics.length).toBeLessThanOrEqual(MOST);
  for (const diagnostic of loaded.diagnostics) {
    const { file, line, column } = diagnostic.location;
    expect(Object.keys(DIAGNOSTIC_CODES)).toContain(diagnostic.code);
    expect(findSteering(renderDiagnostic(diagnostic))).toEqual([]);
    expect(renderDiagnostic(diagnostic).split("\n").length).toBeLessThanOrEqual(4);
    if (file === "requests/a.yaml") continue;
    expect(line).toBeGreaterThanOrEqual(1);
    expect(line).toBeLessThanOrEqual(lines.length);
    expect(column).toBeGreaterThanOrEqual(1);
    expect(column).toBeLessThanOrEqual((lines[line - 1]?.length ?? 0) + 1);
  }
}

interface Edit {
  readonly at: number;
  readonly remove: number;
  readonly insert: string;
}

const SNIPPETS = [
  "\t",
  "\n",
  "  ",
  "- ",
  ": ",
  "? ",
  "[",
  "]",
  "{",
  "}",
  '"',
  "'",
  "&a ",
  "*a",
  "!!str ",
  "|\n",
  ">-\n",
  "#",
  ",",
  "---\n",
  "...\n",
  "%YAML 1.1\n",
  "<<: ",
  "\0",
  "\r",
  "\ufeff",
  "\u202e",
  "null",
  "0012",
  "__proto__: ",
  "steps:",
  "- wipe",
  "é😀",
  "::error::a",
  "##vso[a]b",
];

const edit: fc.Arbitrary<Edit> = fc.record({
  at: fc.nat(3000),
  remove: fc.nat(40),
  insert: fc.oneof(fc.constantFrom(...SNIPPETS), fc.string({ unit: "binary", maxLength: 8 })),
});

function apply(text: string, edits: readonly Edit[]): string {
  return edits.reduce((current, { at, remove, insert }) => {
    const start = at % (current.length + 1);
    return current.slice(0, start) + insert + current.slice(start + remove);
  }, text);
}

describe("whatever the files hold, the loader answers with places inside them", () => {
  test("for any bytes", async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), async (bytes) => {
        expectSane(await loadBytes(bytes), bytes);
      }),
      { numRuns: 60, seed: SEED },
    );
  });

  test("for text made of YAML's own signs", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom(...SNIPPETS, "a", "b", "requests", "name"), { maxLength: 60 }), async (parts) => {
        const bytes = new TextEncoder().encode(parts.join(""));
        expectSane(await loadBytes(bytes), bytes);
      }),
      { numRuns: 80, seed: SEED },
    );
  });

  test("for examples that were edited at random", async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...SEEDS, CSV), fc.array(edit, { minLength: 1, maxLength: 5 }), async (text, edits) => {
        const bytes = new TextEncoder().encode(apply(text, edits));
        expectSane(await loadBytes(bytes), bytes);
      }),
      { numRuns: 80, seed: SEED },
    );
  });

  test.each(["[", "- ", "a: ", "&a ", '"', "]", "---\n", '"\\q'])("for %j up to the limit of a file", async (sign) => {
    const bytes = new TextEncoder().encode(sign.repeat(Math.floor((1024 * 1024) / sign.length)));

    const loaded = await loadMarked({}, (folder) => writeFileSync(path.join(folder, "requests/c.yaml"), bytes));

    expectSane(loaded, bytes);
    expect(loaded.diagnostics.length).toBeGreaterThan(0);
    expect(loaded.requests).toEqual([]);
  });
});

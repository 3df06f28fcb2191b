import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { renderAnnotations } from "../../cli/support/annotations.ts";
import { sarifOf } from "../../cli/support/sarif.ts";
import { type Diagnostic, printableJson } from "../../providers/domain/diagnostic.ts";
import { findSteering, hostileText, SEED } from "../support/hostile-text.ts";

const mistake = (changes: Partial<Diagnostic> = {}): Diagnostic => ({
  code: "DLR012",
  severity: "error",
  message: 'unknown playbook "retyre"',
  location: { file: "devices/requests/a.yaml", line: 7, column: 12 },
  ...changes,
});
const ANNOTATION = "::error file=devices/requests/a.yaml,line=7,col=12,title=DLR012::";

describe("annotations of GitHub", () => {
  test("stand at the line, with what to write instead", () => {
    expect(renderAnnotations([mistake({ hint: "retire\nor wipe, 100%" })])).toBe(
      `${ANNOTATION}unknown playbook "retyre"%0Aretire%0Aor wipe, 100%25`,
    );
    expect(renderAnnotations([])).toBe("");
  });

  test("are ten of each kind, the last of which says how many more there are", () => {
    const many = Array.from({ length: 25 }, () => mistake());
    const lines = renderAnnotations([...many, ...many.slice(0, 10).map((one) => ({ ...one, severity: "warning" as const }))]).split("\n");

    expect(lines.map((line) => line.split(/[ :]/)[2])).toEqual([...Array(10).fill("error"), ...Array(10).fill("warning")]);
    expect(lines[9]).toBe("::error::and 16 more: the log of this step has them all");
    expect(lines[19]).not.toContain("more");
  });

  test("hold no command but their own, whatever a file is called and says", () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const told = renderAnnotations([mistake({ message: text, hint: text, location: { file: text, line: 1, column: 1 } })]);

        expect(told.split("\n")).toHaveLength(1);
        expect(told).toMatch(/^::error file=[^:,\n]*,line=1,col=1,title=DLR012::/);
        expect(findSteering(told.replace(/^::error /, ""))).toEqual([]);
      }),
      { seed: SEED, numRuns: 200 },
    );
  });
});

test("SARIF has the place, the rule, and a path that is one", () => {
  const odd = mistake({ location: { file: "devices/requests/javascript:a b.yaml", line: 1, column: 1 }, severity: "warning" });

  expect(JSON.parse(printableJson(sarifOf([mistake(), odd])))).toMatchObject({
    version: "2.1.0",
    runs: [
      {
        tool: { driver: { rules: [{ id: "DLR012", shortDescription: { text: "unknown playbook" } }] } },
        results: [
          {
            ruleId: "DLR012",
            level: "error",
            locations: [
              {
                physicalLocation: { artifactLocation: { uri: "devices/requests/a.yaml" }, region: { startLine: 7, startColumn: 12 } },
              },
            ],
          },
          {
            level: "warning",
            locations: [{ physicalLocation: { artifactLocation: { uri: "devices/requests/javascript%3Aa%20b.yaml" } } }],
          },
        ],
      },
    ],
  });
});

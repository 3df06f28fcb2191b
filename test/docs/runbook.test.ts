import { describe, expect, test } from "@jest/globals";
import type { ConditionType } from "../../providers/domain/outcome.ts";
import { OUTCOMES } from "../../providers/domain/outcome.ts";
import { RULES, RUN_GUARDS, SELECTION_RULES, STAND_INS } from "../../providers/rules/all-rules.ts";
import type { Finding } from "../../providers/rules/rule.ts";
import { GUARD_FINDINGS } from "./guard-samples.ts";
import { gitFiles, headingsOf, textOf } from "./pages.ts";
import { findingOf } from "./rule-samples.ts";
import { VERDICTS } from "./verdict-samples.ts";

const PAGE = textOf("docs/runbook.md");
const OF_REQUESTS = [...SELECTION_RULES, ...RULES, ...STAND_INS];
const GUARDS = [...RUN_GUARDS, ...OF_REQUESTS];

/** What stands under a heading of the page, down to the next one. */
function under(heading: string): string {
  const [, found = ""] = PAGE.split(`\n### \`${heading}\`\n`);
  return found.split(/^##/m)[0] ?? "";
}

/** The headings in one part of the page. */
function headingsIn(part: string): readonly string[] {
  const [, found = ""] = PAGE.split(`\n## ${part}\n`);
  return headingsOf(found.split(/^## /m)[0] ?? "").map((heading) => heading.replaceAll("`", ""));
}

/** Reasons that the code writes down where no rule stands behind them; read from the code. */
function writtenReasons(): readonly string[] {
  const code = gitFiles("providers/*.ts").map(textOf).join("\n");
  const patterns = [
    /\bfinish\(\s*"\w+",\s*"(\w+)"/g,
    /\bfailedStep\(\w+, "(\w+)"/g,
    /\boutcome: "\w+", reason: "(\w+)"/g,
    /\breason: "(\w+)" \| "(\w+)";/g,
    /status: "failed", reason: "(\w+)"/g,
  ];
  return [...new Set(patterns.flatMap((pattern) => [...code.matchAll(pattern)].flatMap(([, ...reasons]) => reasons)))].sort();
}

const CONDITIONS: Readonly<Record<ConditionType, true>> = {
  Finished: true,
  BypassCodeEscrowed: true,
  ResultNotReported: true,
  SecretNotReported: true,
  Superseded: true,
  AdoptedFromElsewhere: true,
  RemovedFromManagement: true,
  Drifted: true,
};

describe("the runbook has a heading", () => {
  test("for each outcome", () => {
    expect(headingsIn("Outcomes")).toEqual([...OUTCOMES]);
  });

  test("for each condition", () => {
    expect([...headingsIn("Conditions")].sort()).toEqual(Object.keys(CONDITIONS).sort());
  });

  test("for each reason that no guard stands behind, and for no other", () => {
    const ofRules = new Set(OF_REQUESTS.map(({ reason }) => reason));
    const [written, told] = [writtenReasons(), headingsIn("Reasons")];

    expect(written.length).toBeGreaterThan(15);
    expect(written.filter((reason) => !told.includes(reason) && !ofRules.has(reason))).toEqual([]);
    expect(told.filter((reason) => !written.includes(reason))).toEqual([]);
  });

  test("for each guard, in the order of the table, and for no other", () => {
    expect([...headingsIn("Guards")].sort()).toEqual(GUARDS.map(({ id }) => id).sort());
  });
});

describe("the runbook says word for word what the code says", () => {
  const SAMPLED = VERDICTS.map((verdict) => [verdict.reason, verdict.outcome, verdict.message] as const);

  test.each(SAMPLED)("of %s, %s", (reason, _outcome, message) => {
    expect(under(reason)).toContain(`\n${message}\n`);
  });

  test("of each reason but one, whose message is that of what broke", () => {
    const sampled = SAMPLED.map(([reason]) => reason);

    expect(headingsIn("Reasons").filter((reason) => !sampled.includes(reason))).toEqual(["Interrupted"]);
  });

  test.each(GUARDS.map(({ id }) => id))("of the guard %s", async (id) => {
    const rule = OF_REQUESTS.find((one) => one.id === id);
    const finding: Finding | null = (await GUARD_FINDINGS[id]?.()) ?? (rule === undefined ? null : findingOf(rule));

    expect(under(id)).toContain(`\`\`\`text\n${finding?.message}\n${finding?.hint}\n\`\`\`\n`);
  });
});

describe("the runbook says of each", () => {
  test.each(OF_REQUESTS)("guard what it does: $id", ({ id, code, reason, outcome, asked }) => {
    const byProgramAlone = asked.length > 0 && asked.every((moment) => ["program", "begun", "totals"].includes(moment));
    const words = [code, ...(byProgramAlone ? [] : [`\`${outcome}\``, `\`${reason}\``])].filter((word) => word !== null);

    expect(words.filter((word) => !under(id).includes(word))).toEqual([]);
  });

  const ALL = [...headingsIn("Outcomes"), ...headingsIn("Reasons"), ...headingsIn("Guards")];

  test.each([...new Set(ALL)])("what is true, where to look and which command comes next: %s", (heading) => {
    const section = under(heading);

    for (const word of ["True", "Look", "Next"]) expect(section).toContain(`- **${word}:** `);
    expect(section).toMatch(/```sh\n(npm|node|\.\/dlr) /);
  });
});

import { describe, expect, test } from "@jest/globals";
import { Ajv } from "ajv";
import { parse } from "csv-parse/sync";
import fc from "fast-check";
import MarkdownIt from "markdown-it";
import { micromark } from "micromark";
import { gfm, gfmHtml } from "micromark-extension-gfm";
import { FORMATS, renderReport } from "../../cli/report/format.ts";
import type { RequestsReport } from "../../report/requests/report.ts";
import { REQUESTS_REPORT_SCHEMA } from "../../report/requests/requests-schema.ts";
import { findSteering, hostileText, SEED } from "../support/hostile-text.ts";
import { auditOf, requestsReport, revealed, VARIED_REQUESTS } from "./fakes-requests-report.ts";

const WIDE = Number.POSITIVE_INFINITY;
const REPORT = requestsReport(VARIED_REQUESTS, auditOf([revealed()]));
const rowsOf = (csv: string): Record<string, string>[] => parse(csv, { columns: true, bom: true });

/** Every text that is not ours is this one. */
function hostileReport(text: string): RequestsReport {
  const said = { at: "2026-11-20T12:00:00.000Z", who: text, reason: text, why: text, reference: text };
  return {
    ...REPORT,
    where: text,
    chosen: [text],
    totals: {
      ...REPORT.totals,
      by: {
        ...REPORT.totals.by,
        playbook: [{ value: text, requests: 1 }],
        ticket: [{ value: text, requests: 1 }],
        startedBy: [{ value: text, requests: 1 }],
      },
    },
    reveals: [{ ...said, action: "reveal", secret: text, request: text }],
    settlements: [{ ...said, decision: "taken", request: text, step: 1, action: text }],
    brake: [{ ...said, state: "stop" }],
    revealsFrom: text,
    revealsUnreadable: 1,
    requests: REPORT.requests.slice(0, 1).map((request) => ({
      ...request,
      name: text,
      message: text,
      playbook: text,
      reason: text,
      ticket: text,
      startedBy: text,
      source: text,
      serialNumber: text,
      deviceName: text,
      timeline: [{ at: said.at, event: "result", step: 1, action: text, text }],
    })),
  };
}

describe("JSON", () => {
  const isRight = new Ajv({ formats: { "date-time": true }, allowUnionTypes: true }).compile(REQUESTS_REPORT_SCHEMA);

  test("is the report, as its schema says", () => {
    const data: unknown = JSON.parse(renderReport(REPORT, "json", WIDE));

    expect(data).toEqual(REPORT);
    expect(isRight(data)).toBe(true);
    expect(isRight({ ...REPORT, reveals: null })).toBe(true);
  });

  test.each<[string, object]>([
    ["another outcome", { requests: [{ ...REPORT.requests[0], outcome: "fine" }] }],
    ["no totals", { totals: {} }],
    ["another format", { format: 2 }],
    ["another kind", { kind: "activation-lock" }],
  ])("with %s is none", (_, changes) => {
    expect(isRight({ ...REPORT, ...changes })).toBe(false);
  });
});

describe("CSV", () => {
  test("is a row a request", () => {
    const rows = rowsOf(renderReport(REPORT, "csv", WIDE));

    expect(rows.map(({ name, outcome, secondsToDone, revealed: shown }) => [name, outcome, secondsToDone, shown])).toEqual([
      ["leaver", "succeeded", "600", "1"],
      ["summer/A", "pending", "", "0"],
      ["summer/B", "failed", "", "0"],
      ["doubt", "unfinished", "", "0"],
    ]);
    expect(rows[0]).toMatchObject({ steps: "wipe done", secretsEscrowed: "activationLockBypassCode", destroysData: "true" });
  });

  test("is a row for each thing that happened, with --timeline", () => {
    const rows = rowsOf(renderReport(REPORT, "csv", WIDE, true));

    expect(rows).toHaveLength(REPORT.requests.reduce((sum, { timeline }) => sum + timeline.length, 0));
    expect(rows[1]).toMatchObject({ name: "leaver", event: "escrowed", step: "1", action: "wipe" });
  });

  test("calculates nothing", () => {
    for (const isLong of [false, true]) {
      const rows = rowsOf(renderReport(hostileReport("=1+1"), "csv", WIDE, isLong));

      expect(rows[0]?.name).toBe("'=1+1");
    }
  });
});

describe("the table", () => {
  test("has totals, a line a request, and what people did; stories only where they are asked for", () => {
    const plain = renderReport(REPORT, "table", WIDE);

    expect(plain.split("\n")[0]).toBe("4 requests, 2026-11: 1 failed, 1 unfinished, 1 pending, 1 done");
    expect(plain).toMatch(/^leaver {2,}done {2,}own steps/m);
    expect(plain).toContain(
      "\nSETTLED BY A PERSON\n  2026-11-20T13:30:00.000Z  doubt#1, step 1 wipe: taken, by anna: looked at the device\n",
    );
    expect(plain).toContain("\nBRAKE\n  2026-11-20T12:05:00.000Z  set by boris: wrong list\n");
    expect(plain).not.toContain("about to send");
    expect(renderReport(REPORT, "table", WIDE, true)).toContain("\nleaver\n  2026-11-20T12:00:00.000Z  begun: wipe\n");
  });

  test("is no wider than the terminal", () => {
    const narrow = renderReport(REPORT, "table", 120, true);

    expect(narrow.split("\n").filter((line) => line.length > 120)).toEqual([]);
    expect(narrow).toContain("too narrow for: ");
  });

  test("of nothing has one line more than none", () => {
    expect(renderReport(requestsReport([]), "table", WIDE)).toBe("0 requests, 2026-11\nsecrets shown: 0\n");
  });
});

describe("Markdown", () => {
  const ALLOWED = new Set(["h1", "h2", "p", "strong", "code", "table", "thead", "tbody", "tr", "th", "td", "ul", "li"]);
  const asGitHub = (text: string) => micromark(text, { extensions: [gfm()], htmlExtensions: [gfmHtml()], allowDangerousHtml: true });
  const asAzure = (text: string) => new MarkdownIt({ html: true, linkify: true }).render(text);

  test.each([
    ["GitHub", asGitHub],
    ["Azure DevOps", asAzure],
  ])("is nothing but tables and lists to %s, whatever names say", (_, render) => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const html = render(renderReport(hostileReport(text), "md", WIDE, true));

        expect([...html.matchAll(/<([a-z][a-z0-9]*)/gi)].map(([, tag]) => tag ?? "").filter((tag) => !ALLOWED.has(tag))).toEqual([]);
        expect(html.split("<table").at(-1)?.match(/<td/g)).toHaveLength(14);
      }),
      { seed: SEED, numRuns: 200 },
    );
  });

  test("says that nothing is there", () => {
    expect(renderReport(requestsReport([]), "md", WIDE)).toContain("No request is so.");
  });
});

describe("the page", () => {
  test("has every story as data, and nothing of it as markup", () => {
    const html = renderReport(hostileReport("</script><img src=x onerror=alert(1)>"), "html", WIDE);

    expect(html).not.toContain("<img");
    expect(html).toContain('"stories":[[["2026-11-20T12:00:00.000Z","\\u003c/script>');
    expect(html).toContain('<dialog id="story"');
  });
});

test.each(FORMATS.filter((format) => format !== "csv"))("%s steers no terminal and no pipeline", (format) => {
  fc.assert(
    fc.property(hostileText, (text) => {
      expect(findSteering(renderReport(hostileReport(text), format, WIDE, true))).toEqual([]);
    }),
    { seed: SEED, numRuns: 200 },
  );
});

import { hash } from "node:crypto";
import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { renderReport } from "../../cli/report/format.ts";
import { hostileText, SEED } from "../support/hostile-text.ts";
import { lockDevice, reportOf, VARIED } from "./fakes-report.ts";

const page = (report = reportOf(VARIED)) => renderReport(report, "html", 0);
const DATA = /<script type="application\/json" id="data">(.*?)<\/script>/s;

describe("the page", () => {
  test("allows its own style and script by their hashes, and nothing else", () => {
    const html = page();
    const source = (text = "") => `'sha256-${hash("sha256", text, "base64")}'`;
    const [, style] = /<style>(.*?)<\/style>/s.exec(html) ?? [];
    const [, script] = /<script type="module">(.*?)<\/script>/s.exec(html) ?? [];

    expect(html).toContain(
      `content="default-src 'none'; style-src ${source(style)}; script-src ${source(script)}; base-uri 'none'; form-action 'none'"`,
    );
  });

  test("names no address and no other file", () => {
    expect(page()).not.toMatch(/https?:|\bsrc=|\bhref=|url\(|@import|\bimport\b[ (]["'{]| style="| on[a-z]+="/);
  });

  test("tells totals, charts and notes without a script", () => {
    const html = page().replaceAll(/<script.*?<\/script>/gs, "");

    expect(html).toContain(
      "<p>6 devices can have the lock: 4 code present, 1 no code, 1 could not be read; 3 escrowed, 2 of them stale</p>",
    );
    expect(html).toContain('aria-label="Bypass code in Intune: code present 4, no code 1, could not be read 1"');
    expect(html).toContain('aria-label="Bypass code in escrow: escrowed 1, stale 2, not escrowed 3"');
    expect(html).toContain('aria-label="Last check-in: within a week 0, 1 to 4 weeks 4, longer ago 1, not told 1"');
    expect(html).toContain("A code present is no lock");
  });

  test("holds whatever names say as data, and nothing of it as markup", () => {
    const plain = page(reportOf([lockDevice()])).replace(DATA, "");
    fc.assert(
      fc.property(
        fc.oneof(hostileText, fc.constantFrom("</script><script>alert(1)</script>", "<!--<script>", "</SCRIPT\n>", "\u2028")),
        (text) => {
          const html = page(reportOf([lockDevice({ serialNumber: text, deviceName: text, model: text, userPrincipalName: text })]));
          const [, data = ""] = DATA.exec(html) ?? [];

          expect((JSON.parse(data) as { rows: string[][] }).rows[0]?.slice(0, 2)).toEqual([text, text]);
          expect(data).not.toContain("<");
          expect(html.replace(DATA, "")).toBe(plain);
        },
      ),
      { seed: SEED },
    );
  });

  test("lets the table be scrolled by keyboard in every browser", () => {
    expect(page()).toContain('<div class="scroll" id="scroll" role="region" tabindex="0" aria-label="Table">');
  });

  test("writes its own line with no markup in it", () => {
    const html = page(reportOf([], { where: `stack <b>&"'` }));

    expect(html).toContain('<p class="where">stack &lt;b&gt;&amp;&quot;&#39;, 2026-11-27 12:00 UTC</p>');
  });
});

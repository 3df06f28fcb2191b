import { hash } from "node:crypto";
import { readFileSync } from "node:fs";
import path from "node:path";
import type { Column, Sheet } from "../sheet/sheet.ts";
import { escapeHtml, scriptJson } from "./escape-html.ts";
import { renderChart } from "./render-chart.ts";

/**
 * One page that needs nothing from elsewhere and may load nothing: the policy allows the style and
 * the script that stand in it, by their hashes.
 */
export function renderPage(sheet: Sheet): string {
  const style = fileBeside("page.css");
  const script = fileBeside("page.client.js");
  const { title, where, at, totals, notes, charts, columns, rows } = sheet;
  const time = `${at.slice(0, 16).replace("T", " ")} UTC`;
  const paragraphs = totals.map((line) => `<p>${escapeHtml(line)}</p>`).join("\n");
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policyOf(style, script)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${escapeHtml(`${title}, ${time}`)}</title>
<style>${style}</style>
</head>
<body>
<header><h1>${escapeHtml(title)}</h1><p class="where">${escapeHtml(where)}, ${time}</p></header>
<main>
<section class="totals" aria-label="Totals">
${paragraphs}
</section>
<section class="charts" aria-label="Charts">
${charts.map(renderChart).join("\n")}
</section>
<section aria-labelledby="devices">
<h2 id="devices">Devices</h2>
${renderFilters(columns)}
<p id="status" role="status"></p>
<noscript><p>The table needs the script of this page. Totals and charts do not.</p></noscript>
${renderTable(columns)}
</section>
<section aria-labelledby="notes"><h2 id="notes">How to read it</h2>
<ul>${notes.map((note) => `<li>${escapeHtml(note)}</li>`).join("")}</ul>
</section>
</main>
<script type="application/json" id="data">${scriptJson({ columns: columns.map((column) => ({ title: column.title, kind: column.kind })), rows })}</script>
<script type="module">${script}</script>
</body>
</html>
`;
}

function fileBeside(name: string): string {
  return readFileSync(path.join(import.meta.dirname, name), "utf8");
}

/** Source: https://www.w3.org/TR/CSP3/#hash-source */
function policyOf(style: string, script: string): string {
  const source = (text: string) => `'sha256-${hash("sha256", text, "base64")}'`;
  return `default-src 'none'; style-src ${source(style)}; script-src ${source(script)}; base-uri 'none'; form-action 'none'`;
}

/** Hidden until the script is there to obey them. */
function renderFilters(columns: readonly Column[]): string {
  const choices = columns.flatMap(({ title, kind }, index) =>
    kind === "words"
      ? [
          `<div><label for="choice-${index}">${escapeHtml(title)}</label><select id="choice-${index}" data-column="${index}"><option value="">all</option></select></div>`,
        ]
      : [],
  );
  return `<form class="filters" id="filters" role="search" aria-label="Devices" hidden>
<div><label for="search">Words</label><input id="search" type="search" autocomplete="off" spellcheck="false"></div>
${choices.join("\n")}
<button type="reset">Show all</button>
</form>`;
}

function renderTable(columns: readonly Column[]): string {
  const heads = columns.map(({ title }) => `<th scope="col"><button type="button">${escapeHtml(title)}</button></th>`);
  return `<div class="scroll" id="scroll" role="region" tabindex="0" aria-label="Table">
<table id="table" aria-labelledby="devices"><colgroup>${"<col>".repeat(columns.length)}</colgroup>
<thead><tr aria-rowindex="1">${heads.join("")}</tr></thead>
<tbody id="rows"></tbody></table>
</div>`;
}

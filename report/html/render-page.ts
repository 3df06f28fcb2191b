import { hash } from "node:crypto";
import { readFileSync } from "node:fs";
import path from "node:path";
import type { Column, Lines, Sheet } from "../sheet/sheet.ts";
import { escapeHtml, scriptJson } from "./escape-html.ts";
import { renderChart } from "./render-chart.ts";

/**
 * One page that needs nothing from elsewhere and may load nothing: the policy allows the style and
 * the script that stand in it, by their hashes.
 */
export function renderPage(sheet: Sheet): string {
  const style = fileBeside("page.css");
  const script = fileBeside("page.client.js");
  const { title, noun, where, at, totals, notes, charts, lists, columns } = sheet;
  const heading = `${noun[0]?.toUpperCase()}${noun.slice(1)}s`;
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
<section aria-labelledby="rows-title">
<h2 id="rows-title">${heading}</h2>
${renderFilters(columns, heading)}
<p id="status" role="status"></p>
<noscript><p>The table needs the script of this page. Totals and charts do not.</p></noscript>
${renderTable(columns)}
</section>
${lists.map(renderLines).join("\n")}
<section aria-labelledby="notes"><h2 id="notes">How to read it</h2>
<ul>${notes.map((note) => `<li>${escapeHtml(note)}</li>`).join("")}</ul>
</section>
</main>
${sheet.details === null ? "" : DIALOG}<script type="application/json" id="data">${scriptJson(dataOf(sheet))}</script>
<script type="module">${script}</script>
</body>
</html>
`;
}

/** The story of one row, shown when somebody asks for it. */
const DIALOG = `<dialog id="story" aria-labelledby="story-title"><h2 id="story-title"></h2>
<ol class="lines" id="story-lines"></ol><button type="button" id="story-close">Close</button></dialog>
`;

/** What the script of the page needs. */
function dataOf({ noun, columns, rows, details }: Sheet) {
  const stories = details?.map((lines) => lines.map(({ time, text }) => [time, text])) ?? null;
  return { noun, columns: columns.map(({ title, kind }) => ({ title, kind })), rows, stories };
}

function renderLines({ title, lines }: Lines): string {
  const items = lines.map(({ time, text }) => `<li><time>${escapeHtml(time)}</time> ${escapeHtml(text)}</li>`);
  return `<section><h2>${escapeHtml(title)}</h2>\n<ol class="lines">${items.join("\n")}</ol></section>`;
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
function renderFilters(columns: readonly Column[], heading: string): string {
  const choices = columns.flatMap(({ title, kind, isChoice }, index) =>
    kind === "words" || isChoice
      ? [
          `<div><label for="choice-${index}">${escapeHtml(title)}</label><select id="choice-${index}" data-column="${index}"><option value="">all</option></select></div>`,
        ]
      : [],
  );
  return `<form class="filters" id="filters" role="search" aria-label="${heading}" hidden>
<div><label for="search">Words</label><input id="search" type="search" autocomplete="off" spellcheck="false"></div>
${choices.join("\n")}
<button type="reset">Show all</button>
</form>`;
}

function renderTable(columns: readonly Column[]): string {
  const heads = columns.map(({ title }) => `<th scope="col"><button type="button">${escapeHtml(title)}</button></th>`);
  return `<div class="scroll" id="scroll" role="region" tabindex="0" aria-label="Table">
<table id="table" aria-labelledby="rows-title"><colgroup>${"<col>".repeat(columns.length)}</colgroup>
<thead><tr aria-rowindex="1">${heads.join("")}</tr></thead>
<tbody id="rows"></tbody></table>
</div>`;
}

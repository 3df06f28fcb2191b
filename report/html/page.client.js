// Runs in the page, alone: no import, and nothing from elsewhere. It sorts, filters and shows the
// rows of the data block; of many rows only those in view are in the document.
// @ts-check

/**
 * @typedef {{ title: string, kind: "words" | "text" | "number" | "time" }} Column
 * @typedef {readonly string[]} Row
 * @typedef {{ columns: readonly Column[], rows: readonly Row[] }} Data
 */

/** Rows above and below those in view, so that scrolling shows no gap. */
const SPARE = 15;
const WIDEST = 34;

/**
 * @template {Element} T
 * @param {string} id
 * @param {new () => T} kind
 * @returns {T}
 */
function byId(id, kind) {
  const found = document.getElementById(id);
  if (!(found instanceof kind)) throw new Error(`the page has no ${id}`);
  return found;
}

/** @type {Data} */
const { columns, rows } = JSON.parse(byId("data", HTMLScriptElement).textContent);
const scroll = byId("scroll", HTMLDivElement);
const table = byId("table", HTMLTableElement);
const body = byId("rows", HTMLTableSectionElement);
const filters = byId("filters", HTMLFormElement);
const search = byId("search", HTMLInputElement);
const status = byId("status", HTMLParagraphElement);
const heads = [...table.querySelectorAll("th")];
const choices = [...filters.querySelectorAll("select")];
const collator = new Intl.Collator("en", { numeric: true, sensitivity: "base" });
const texts = rows.map((cells) => cells.join("\n").toLowerCase());

/** @type {{ column: number, isDown: boolean } | null} */
let order = null;
/** @type {readonly Row[]} */
let shown = rows;
let rowHeight = 36;
let isPrinting = false;
let drawn = "";

/** @param {readonly Row[]} list @returns {readonly Row[]} */
function sorted(list) {
  if (order === null) return list;
  const { column, isDown } = order;
  const cell = (/** @type {Row} */ row) => row[column] ?? "";
  const full = list.filter((row) => cell(row) !== "");
  full.sort((a, b) => collator.compare(cell(a), cell(b)) * (isDown ? -1 : 1));
  // What is not known stands last, whichever way the rest is sorted.
  return [...full, ...list.filter((row) => cell(row) === "")];
}

function choose() {
  const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
  const wanted = choices
    .map((select) => ({ column: Number(select.dataset.column), value: select.value }))
    .filter(({ value }) => value !== "");
  const chosen = rows.filter(
    (row, index) => words.every((word) => texts[index]?.includes(word)) && wanted.every(({ column, value }) => row[column] === value),
  );
  shown = sorted(chosen);
  const all = rows.length.toLocaleString("en");
  status.textContent = shown.length === rows.length ? `${all} devices` : `${shown.length.toLocaleString("en")} of ${all} devices`;
  table.setAttribute("aria-rowcount", String(shown.length + 1));
  drawn = "";
  draw();
}

/** @param {number} height */
function space(height) {
  const row = document.createElement("tr");
  row.className = "space";
  row.setAttribute("aria-hidden", "true");
  const cell = document.createElement("td");
  cell.colSpan = columns.length;
  cell.style.height = `${height}px`;
  row.append(cell);
  return row;
}

/** @param {Row} cells @param {number} index */
function rowOf(cells, index) {
  const row = document.createElement("tr");
  row.setAttribute("aria-rowindex", String(index + 2));
  cells.forEach((text, column) => {
    const cell = document.createElement("td");
    cell.textContent = text;
    if (text.length > WIDEST) cell.title = text;
    if (columns[column]?.kind === "number") cell.className = "number";
    row.append(cell);
  });
  return row;
}

function draw() {
  const first = isPrinting ? 0 : Math.max(0, Math.floor(scroll.scrollTop / rowHeight) - SPARE);
  const count = isPrinting ? shown.length : Math.ceil(scroll.clientHeight / rowHeight) + 2 * SPARE;
  const last = Math.min(shown.length, first + count);
  const now = `${first} ${last} ${isPrinting}`;
  if (now === drawn) return;
  drawn = now;
  const inView = shown.slice(first, last).map((cells, index) => rowOf(cells, first + index));
  body.replaceChildren(
    ...(first > 0 ? [space(first * rowHeight)] : []),
    ...inView,
    ...(last < shown.length ? [space((shown.length - last) * rowHeight)] : []),
  );
  const height = inView[0]?.getBoundingClientRect().height ?? 0;
  if (!isPrinting && height > 0) rowHeight = height;
}

/** @param {number} column */
function sortBy(column) {
  order = { column, isDown: order?.column === column && !order.isDown };
  heads.forEach((head, index) => {
    if (index === column) head.setAttribute("aria-sort", order?.isDown ? "descending" : "ascending");
    else head.removeAttribute("aria-sort");
  });
  scroll.scrollTop = 0;
  choose();
}

/** @param {boolean} isNow */
function drawForPrint(isNow) {
  isPrinting = isNow;
  drawn = "";
  draw();
}

[...table.querySelectorAll("col")].forEach((col, column) => {
  const longest = rows.reduce((most, cells) => Math.max(most, cells[column]?.length ?? 0), columns[column]?.title.length ?? 0);
  col.style.width = `${Math.min(longest, WIDEST) * 0.6 + 2}em`;
});
for (const select of choices) {
  const column = Number(select.dataset.column);
  for (const word of [...new Set(rows.map((row) => row[column] ?? ""))].sort(collator.compare)) select.add(new Option(word, word));
}
for (const [column, head] of heads.entries()) head.querySelector("button")?.addEventListener("click", () => sortBy(column));
filters.addEventListener("submit", (event) => event.preventDefault());
filters.addEventListener("input", () => {
  scroll.scrollTop = 0;
  choose();
});
filters.addEventListener("reset", () => setTimeout(choose));
scroll.addEventListener("scroll", () => requestAnimationFrame(draw), { passive: true });
addEventListener("resize", draw);
addEventListener("beforeprint", () => drawForPrint(true));
addEventListener("afterprint", () => drawForPrint(false));
filters.hidden = false;
choose();

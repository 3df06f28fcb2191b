// Runs in the page, alone: no import, and nothing from elsewhere. It sorts, filters and shows the
// rows of the data block; of many rows only those in view are in the document.
// @ts-check

/**
 * @typedef {{ title: string, kind: "words" | "text" | "number" | "time" }} Column
 * @typedef {readonly string[]} Row
 * @typedef {readonly (readonly [time: string, text: string])[]} Story
 * @typedef {{ noun: string, columns: readonly Column[], rows: readonly Row[], stories: readonly Story[] | null }} Data
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
const { noun, columns, rows, stories } = JSON.parse(byId("data", HTMLScriptElement).textContent);
const scroll = byId("scroll", HTMLDivElement);
const table = byId("table", HTMLTableElement);
const body = byId("rows", HTMLTableSectionElement);
const filters = byId("filters", HTMLFormElement);
const search = byId("search", HTMLInputElement);
const status = byId("status", HTMLParagraphElement);
const dialog = stories === null ? null : byId("story", HTMLDialogElement);
const storyOf = new Map(rows.map((row, index) => [row, stories?.[index] ?? []]));
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
  const many = rows.length === 1 ? noun : `${noun}s`;
  status.textContent = shown.length === rows.length ? `${all} ${many}` : `${shown.length.toLocaleString("en")} of ${all} ${many}`;
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
    if (column === 0 && stories !== null && !isPrinting) cell.append(opener(text, cells));
    else cell.textContent = text;
    if (text.length > WIDEST) cell.title = text;
    if (columns[column]?.kind === "number") cell.className = "number";
    row.append(cell);
  });
  return row;
}

/** @param {string} text @param {Row} cells */
function opener(text, cells) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "open";
  button.setAttribute("aria-haspopup", "dialog");
  button.textContent = text;
  button.addEventListener("click", () => {
    byId("story-title", HTMLHeadingElement).textContent = text;
    byId("story-lines", HTMLOListElement).replaceChildren(...linesOf(cells));
    dialog?.showModal();
  });
  return button;
}

/** @param {Row} cells */
function linesOf(cells) {
  return (storyOf.get(cells) ?? []).map(([time, text]) => {
    const line = document.createElement("li");
    const when = document.createElement("time");
    when.textContent = time;
    line.append(when, ` ${text}`);
    return line;
  });
}

/** On paper nobody can ask for a story. @param {Row} cells @returns {readonly HTMLTableRowElement[]} */
function storyRows(cells) {
  if (stories === null || !isPrinting) return [];
  const row = document.createElement("tr");
  row.className = "story";
  const cell = document.createElement("td");
  cell.colSpan = columns.length;
  const list = document.createElement("ol");
  list.className = "lines";
  list.append(...linesOf(cells));
  cell.append(list);
  row.append(cell);
  return [row];
}

/** The row whose button has the focus: drawn anew, it shall have it again. */
function focusedRow() {
  return body.contains(document.activeElement) ? document.activeElement?.closest("tr")?.getAttribute("aria-rowindex") : null;
}

/** @param {string} index */
function refocus(index) {
  const button = body.querySelector(`tr[aria-rowindex="${index}"] button`);
  (button instanceof HTMLButtonElement ? button : scroll).focus({ preventScroll: true });
}

function draw() {
  const first = isPrinting ? 0 : Math.max(0, Math.floor(scroll.scrollTop / rowHeight) - SPARE);
  const count = isPrinting ? shown.length : Math.ceil(scroll.clientHeight / rowHeight) + 2 * SPARE;
  const last = Math.min(shown.length, first + count);
  const now = `${first} ${last} ${isPrinting}`;
  if (now === drawn) return;
  drawn = now;
  const focused = focusedRow();
  const inView = shown.slice(first, last).flatMap((cells, index) => [rowOf(cells, first + index), ...storyRows(cells)]);
  body.replaceChildren(
    ...(first > 0 ? [space(first * rowHeight)] : []),
    ...inView,
    ...(last < shown.length ? [space((shown.length - last) * rowHeight)] : []),
  );
  if (focused) refocus(focused);
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
dialog?.querySelector("#story-close")?.addEventListener("click", () => dialog.close());
scroll.addEventListener("scroll", () => requestAnimationFrame(draw), { passive: true });
addEventListener("resize", draw);
addEventListener("beforeprint", () => drawForPrint(true));
addEventListener("afterprint", () => drawForPrint(false));
filters.hidden = false;
choose();

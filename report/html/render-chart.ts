import type { Bar, Chart } from "../sheet/sheet.ts";
import { thousands } from "../sheet/thousands.ts";
import { escapeHtml } from "./escape-html.ts";

const WIDTH = 380;
const LEFT = 125;
const RIGHT = 60;
const LINE = 24;

/**
 * Bars as SVG that needs no script. Label and count stand beside each bar: colour tells nothing
 * alone.
 */
export function renderChart({ title, bars, isText }: Chart): string {
  const most = Math.max(1, ...bars.map(({ count }) => count));
  const told = bars.map(({ label, count }) => `${label} ${thousands(count)}`).join(", ");
  return `<figure><figcaption>${escapeHtml(title)}</figcaption>
<svg viewBox="0 0 ${WIDTH} ${bars.length * LINE}" role="img" aria-label="${escapeHtml(`${title}: ${told}`)}">
${bars.map((bar, index) => renderBar({ ...bar, label: isText ? cut(bar.label) : bar.label }, index, most)).join("\n")}
</svg></figure>`;
}

function renderBar({ label, count, tone }: Bar, index: number, most: number): string {
  const top = index * LINE;
  const width = Math.round(((WIDTH - LEFT - RIGHT) * count) / most);
  return `<text x="0" y="${top + 16}">${escapeHtml(label)}</text><rect class="${tone}" x="${LEFT}" y="${top + 4}" width="${width}" height="16" rx="2"/><text x="${LEFT + width + 6}" y="${top + 16}">${thousands(count)}</text>`;
}

/** What fits beside a bar: the whole stands in the table. */
const MOST = 16;

function cut(label: string): string {
  const characters = Array.from(label.slice(0, MOST * 4));
  return characters.length <= MOST ? label : `${characters.slice(0, MOST - 1).join("")}…`;
}

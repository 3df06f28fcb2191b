import { type Figures, sizesOf, valuesOf } from "./figures.ts";
import type { TimeMeasure } from "./goals.ts";
import type { Operation } from "./operations.ts";
import { grouped } from "./render-table.ts";
import { spreadOf } from "./statistics.ts";

const PANELS: readonly (readonly [Operation, string])[] = [
  ["preview", "preview"],
  ["up", "up"],
  ["idlePreview", "preview, nothing to do"],
];
/** Colours that differ in lightness too. */
const LINES = [
  { contender: "script-batch", colour: "#8a8a8a", label: "script, $batch" },
  { contender: "bare", colour: "#1b1b1b", label: "bare engine" },
  { contender: "escrow-only", colour: "#0b6bcb", label: "escrow-only" },
  { contender: "unlock-and-wipe", colour: "#c2410c", label: "unlock-and-wipe" },
] as const;
const [WIDTH, HEIGHT, PANEL, TOP, BOTTOM, LEFT] = [900, 330, 290, 50, 270, 50];

interface Scale {
  readonly x: (size: number) => number;
  readonly y: (seconds: number) => number;
}

/** Time over the number of requests, both logarithmic: a panel for each operation. */
export function renderChart(figures: Figures, measure: TimeMeasure): string {
  const all = figures.samples.filter(({ operation }) => PANELS.some(([one]) => one === operation));
  const top = 10 ** Math.ceil(Math.log10(Math.max(1, ...all.map((one) => one[measure]))));
  const sizes = sizesOf(figures);
  const panels = PANELS.map(([operation, title], index) => {
    const scale = scaleOf(sizes, top, LEFT + index * PANEL);
    const lines = LINES.map(({ contender, colour }) => renderLine(figures, { contender, operation, measure, colour }, scale));
    return [renderAxes(title, sizes, top, scale), ...lines].join("");
  });
  const legend = LINES.map(
    ({ colour, label }, index) =>
      `<g transform="translate(${LEFT + index * 170} 312)"><path d="M0 -4h22" stroke="${colour}" stroke-width="3"/><text x="28">${label}</text></g>`,
  );
  const title = measure === "seconds" ? "Seconds" : "Seconds of processor time, all processes,";
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${title} by number of requests" font-family="sans-serif" font-size="12">`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/><text x="${LEFT}" y="20" font-weight="bold">${title} by number of requests</text>`,
    ...panels,
    ...legend,
    "</svg>\n",
  ].join("\n");
}

function scaleOf(sizes: readonly number[], top: number, left: number): Scale {
  const [least, most] = [Math.log10(Math.min(...sizes)), Math.log10(Math.max(...sizes))];
  const [low, high] = [-1, Math.log10(top)];
  return {
    x: (size) => left + ((Math.log10(size) - least) / Math.max(most - least, 1)) * (PANEL - 60),
    y: (seconds) => BOTTOM - ((Math.log10(Math.max(seconds, 0.1)) - low) / (high - low)) * (BOTTOM - TOP),
  };
}

function renderAxes(title: string, sizes: readonly number[], top: number, { x, y }: Scale): string {
  const [left, right] = [x(Math.min(...sizes)), x(Math.max(...sizes))];
  const marks = Array.from({ length: Math.round(Math.log10(top)) + 2 }, (_, index) => 10 ** (index - 1));
  return [
    `<text x="${left}" y="42">${title}</text>`,
    ...marks.map(
      (mark) =>
        `<path d="M${point(left)} ${point(y(mark))}H${point(right)}" stroke="#ddd"/><text x="${point(left - 6)}" y="${point(y(mark) + 4)}" text-anchor="end">${mark}</text>`,
    ),
    ...sizes.map((size) => `<text x="${point(x(size))}" y="${BOTTOM + 18}" text-anchor="middle">${grouped(size)}</text>`),
  ].join("");
}

interface Line {
  readonly contender: string;
  readonly operation: Operation;
  readonly measure: TimeMeasure;
  readonly colour: string;
}

/** Medians, joined; nothing where none was measured. */
function renderLine(figures: Figures, { contender, operation, measure, colour }: Line, { x, y }: Scale): string {
  const points = sizesOf(figures).flatMap((size) => {
    const values = valuesOf(figures, { contender, size, operation }, measure);
    return values.length === 0 ? [] : [`${point(x(size))},${point(y(spreadOf(values).median))}`];
  });
  if (points.length === 0) return "";
  const dots = points.map((one) => `<circle cx="${one.split(",")[0]}" cy="${one.split(",")[1]}" r="3" fill="${colour}"/>`);
  return `<polyline points="${points.join(" ")}" fill="none" stroke="${colour}" stroke-width="2"/>${dots.join("")}`;
}

function point(value: number): string {
  return value.toFixed(1);
}

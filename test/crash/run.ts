import { Command, InvalidArgumentError } from "commander";
import { runCommand } from "../../cli/support/run-command.ts";
import type { LookAge } from "./look-ages.ts";
import { POINTS, type Point } from "./points.ts";
import { type PointResult, runPoint } from "./run-point.ts";

interface Options {
  readonly only?: string;
  readonly sample?: number;
  readonly jobs: number;
  readonly list?: true;
  readonly verbose?: true;
}

const command = new Command("npm run test:crash --")
  .description(
    "Kills runs of the real engine at many points, recovers by `npm run up`, and looks whether anything was done twice, lost or told wrong.",
  )
  .option("--only <N|TEXT>", "one point by its number, or those whose name has the text")
  .option("--sample <N>", "every Nth point", positive)
  .option("--jobs <N>", "points at once", positive, 2)
  .option("--list", "print the points and do nothing")
  .option("--verbose", "print what the runs after a crash said where a point does not hold")
  .addHelpText("after", "\nExit code 1 when a point does not hold. On two quiet cores all points take about 15 minutes.")
  .action(async (options: Options) => {
    const chosen = choose(options);
    if (options.list === true) {
      for (const { number, point } of chosen) console.log(`${number}  ${point.name}`);
      return;
    }
    const start = performance.now();
    const { failed, ages } = await runAll(chosen, options);
    const minutes = ((performance.now() - start) / 60_000).toFixed(1);
    console.log(`\n${describeAges(ages)}\n${chosen.length} points, ${failed} do not hold, ${minutes} minutes`);
    if (failed > 0) process.exitCode = 1;
  });

function positive(text: string): number {
  if (!/^[1-9]\d{0,3}$/.test(text)) throw new InvalidArgumentError("a whole number from 1 is meant");
  return Number(text);
}

interface Numbered {
  readonly number: number;
  readonly point: Point;
}

function choose({ only, sample }: Options): readonly Numbered[] {
  const all = POINTS.map((point, index) => ({ number: index + 1, point }));
  const named =
    only === undefined
      ? all
      : all.filter(({ number, point }) => (/^\d+$/.test(only) ? number === Number(only) : point.name.includes(only)));
  if (named.length === 0) throw new InvalidArgumentError(`no point is meant by ${JSON.stringify(only)}; --list shows all`);
  return named.filter((_, index) => index % (sample ?? 1) === 0);
}

interface Summary {
  /** How many do not hold. */
  readonly failed: number;
  readonly ages: readonly LookAge[];
}

async function runAll(points: readonly Numbered[], { jobs, verbose }: Options): Promise<Summary> {
  const left = [...points];
  const ages: LookAge[] = [];
  let failed = 0;
  const work = async () => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) {
      const start = performance.now();
      const result = await runPoint(next.point).catch(brokenOff);
      if (result.violations.length > 0) failed++;
      ages.push(...result.ages);
      report(next, result, (performance.now() - start) / 1000, verbose === true);
    }
  };
  await Promise.all(Array.from({ length: jobs }, work));
  return { failed, ages };
}

/**
 * `262 calls that must not be done twice: the last look was 12 ms old (median), 310 ms at most`.
 */
function describeAges(ages: readonly LookAge[]): string {
  const known = ages.flatMap(({ ageMs }) => ageMs ?? []).sort((a, b) => a - b);
  const [median = 0, oldest = 0] = [known[Math.floor(known.length / 2)], known.at(-1)];
  return `${ages.length} calls that must not be done twice: the last look was ${median} ms old (median), ${oldest} ms at most`;
}

function brokenOff(error: unknown): PointResult {
  return { how: "", texts: [], ages: [], violations: [error instanceof Error ? error.message : String(error)] };
}

function report({ number, point }: Numbered, { violations, how, texts, ages }: PointResult, seconds: number, verbose: boolean): void {
  const word = violations.length === 0 ? "ok  " : "FAIL";
  const looks = ages.map(({ action, ageMs }) => `${action} ${ageMs ?? "?"} ms`).join(", ");
  const last = looks === "" ? "" : `; last look before ${looks}`;
  console.log(`${word} ${String(number).padStart(3)}  ${point.name}: ${how}, ${seconds.toFixed(0)} s${last}`);
  for (const violation of violations) console.log(`          ${violation}`);
  if (violations.length > 0 && verbose) for (const text of texts) console.log(text.replaceAll(/^/gm, "          | "));
}

await runCommand(command);

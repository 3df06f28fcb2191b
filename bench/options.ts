import { Command, InvalidArgumentError } from "commander";
import { wholeNumber } from "../cli/support/whole-number.ts";
import { listed, quoted } from "../providers/support/words.ts";
import { MODES, type Mode } from "./fleet.ts";
import type { TimeMeasure } from "./goals.ts";

const MOST = 10_000;

/** What one run of the benchmark is asked to do. */
export interface BenchOptions {
  readonly sizes: readonly number[];
  readonly rounds: number;
  readonly modes: readonly Mode[];
  /** All where absent. */
  readonly contenders?: readonly string[];
  readonly graphDelay: number;
  readonly limits: boolean;
  readonly json?: string;
  readonly writeDocs: boolean;
  readonly against?: string;
  readonly strict: boolean;
  readonly by: TimeMeasure;
  readonly warmUp: boolean;
}

/** `npm run bench`, with its options as they are said. */
export function benchCommand(work: (options: BenchOptions) => Promise<void>): Command {
  return new Command("npm run bench --")
    .description(
      "What a run costs, next to a plain script and to the bare engine: all of them in turn, round by round, on emulated devices.",
    )
    .option("--sizes <list>", "numbers of requests, with commas", sizesIn, [3, 100, 300, 1_000])
    .option("--rounds <n>", "how often each is measured", wholeNumber(1, 100), 3)
    .option("--modes <list>", `what is asked of the devices: ${listed(Object.keys(MODES), "and")}`, modesIn, Object.keys(MODES) as Mode[])
    .option(
      "--contenders <list>",
      "only these: script-single, script-batch, bare, each mode by its name, dlr, real-path, shelved",
      (text) => text.split(","),
    )
    .option(
      "--graph-delay <ms>",
      "what Graph takes for each call: 20, or 20ms",
      (text) => wholeNumber(0, 60_000)(text.replace(/ms$/, "")),
      20,
    )
    .option("--limits", "besides, runs under Intune's limits: 300 unlock-and-wipe, 600 resets of devices that report after 30 s", false)
    .option("--by <measure>", "goals by `seconds`, or by `cpu` on a machine that does other things too", measureIn, "seconds")
    .option("--json <file>", "writes all figures, the machine's facts and the versions")
    .option("--write-docs", "writes chart and section of docs/performance.md", false)
    .option("--against <ref>", "this program and that of another commit, pair by pair, instead of the rest")
    .option("--no-warm-up", "counts the first start of each program too, which compiles it")
    .option("--strict", "exit code 1 where a goal does not hold", false)
    .addHelpText("after", "\nExit codes: 0 measured, 1 a goal does not hold (--strict), 2 wrong use or no Linux, 70 a run failed.")
    .action(work);
}

function sizesIn(text: string): readonly number[] {
  return text.split(",").map(wholeNumber(1, MOST));
}

function modesIn(text: string): readonly Mode[] {
  const names = Object.keys(MODES) as Mode[];
  return text.split(",").map((word) => {
    const mode = names.find((name) => name === word);
    if (mode === undefined) throw new InvalidArgumentError(`${quoted(word)} is no mode: say ${listed(names)}.`);
    return mode;
  });
}

function measureIn(text: string): TimeMeasure {
  if (text === "seconds") return "seconds";
  if (text === "cpu") return "cpuSeconds";
  throw new InvalidArgumentError(`${quoted(text)} is no measure: say seconds or cpu.`);
}

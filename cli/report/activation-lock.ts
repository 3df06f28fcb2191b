import { printable } from "../../providers/domain/diagnostic.ts";
import { ConfigurationError, EXIT_CODES } from "../../providers/domain/errors.ts";
import { isCi } from "../../providers/support/ci.ts";
import { systemClock } from "../../providers/support/system-clock.ts";
import { count } from "../../providers/support/words.ts";
import { chooseDevices, countFindings, type Finding } from "../../report/activation-lock/choose-devices.ts";
import { makeReport } from "../../report/activation-lock/make-report.ts";
import type { ActivationLockReport } from "../../report/activation-lock/report.ts";
import { tellTotals } from "../../report/activation-lock/totals.ts";
import { LiveLine } from "../shown/live-line.ts";
import type { StoreOptions } from "../support/store-locations.ts";
import { wordsOf } from "../support/words-of.ts";
import { type Format, formatOf, renderReport } from "./format.ts";
import { openSource } from "./open-source.ts";
import type { LOCK_PLATFORMS } from "./words.ts";
import { writeReport } from "./write-report.ts";

interface Flags extends StoreOptions {
  readonly format?: Format;
  readonly out?: string;
  readonly platform?: readonly (typeof LOCK_PLATFORMS)[number][];
  /** False where `--no-code` is said. */
  readonly code: boolean;
  readonly notEscrowed?: true;
  readonly stale?: true;
  readonly notSeen?: number;
  readonly withoutCodes?: true;
  readonly failOn?: readonly Finding[];
}

/** `dlr report activation-lock`. Reads the ledger and Graph; sends and records nothing. */
export async function activationLock(said: readonly string[], told: Flags): Promise<void> {
  refuseContradiction(told);
  const { options } = await wordsOf("report", said, { needed: 0, most: 0 }, told);
  const live = new LiveLine(process.stderr, process.stderr.isTTY === true && !isCi(process.env) && process.env.TERM !== "dumb");
  const source = await openSource(options.stack, (text) => live.show(text, systemClock.now()));
  const whole = await makeReport(source.ports, source.records, {
    where: source.where,
    platforms: options.platform ?? [],
    withCodes: options.withoutCodes !== true,
    now: systemClock.now(),
  });
  live.clear();
  const report = chooseDevices(whole, {
    noCode: !options.code,
    notEscrowed: options.notEscrowed === true,
    stale: options.stale === true,
    notSeenDays: options.notSeen ?? null,
  });
  const format = formatOf(options.format, options.out);
  await writeReport(options.out, format, tellTotals(report), (width) => renderReport(report, format, width));
  process.exitCode = exitCodeOf(report, options.failOn ?? []);
}

/** Nobody can tell devices without a code where no code is asked for. */
function refuseContradiction({ withoutCodes, code, failOn = [] }: Flags): void {
  const asking = [...(code ? [] : ["--no-code"]), ...failOn.filter((word) => word === "no-code").map((word) => `--fail-on ${word}`)];
  if (withoutCodes && asking.length > 0)
    throw new ConfigurationError(`--without-codes reads no code, which ${asking.join(" and ")} asks for`);
}

/** A report that could not read a single code is no report of codes. */
function exitCodeOf(report: ActivationLockReport, words: readonly Finding[]): number {
  const { totals, devices } = report;
  const found = countFindings(report, words);
  for (const [word, number] of found) console.error(`--fail-on ${word}: ${count(number, "device")}`);
  if (totals.unreadable > 0 && totals.present + totals.none + totals.notAsked === 0) {
    const problem = devices.find(({ code }) => code === "unreadable")?.problem ?? "nobody knows why";
    console.error(printable(`error: not one code could be read: ${problem}`));
    return EXIT_CODES.service;
  }
  return found.size > 0 ? EXIT_CODES.outcome : 0;
}

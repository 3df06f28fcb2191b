import { printable } from "../../providers/domain/diagnostic.ts";
import { ConfigurationError, LedgerError } from "../../providers/domain/errors.ts";
import { describeStop, type Stop } from "../../providers/ledger/brake-stops.ts";
import type { OpenedLedger } from "../../providers/ledger/open-ledger.ts";
import { tellBrake } from "../notify/tell-brake.ts";
import { type CommandWriter, commandWriter } from "../support/command-writer.ts";
import { openLedgerOf } from "../support/open-stores.ts";
import { operator } from "../support/operator.ts";
import { PROJECT_FOLDER } from "../support/project-folder.ts";
import { isConfirmed } from "../support/require-consent.ts";
import type { StoreOptions } from "../support/store-locations.ts";
import { requireNamed, wordsOf } from "../support/words-of.ts";
import { chooseStop, listStops } from "./choose-stops.ts";

/** `all` ends every stop, `yes` asks nothing, and `why` is recorded with the brake. */
export interface ResumeOptions extends StoreOptions {
  readonly all?: true;
  readonly yes?: true;
  readonly why?: string;
}

/**
 * `dlr resume`: takes away the stop that is meant, and no other; with `--all` those that are
 * shown before the question.
 */
export async function resume(said: readonly string[], flags: ResumeOptions): Promise<void> {
  const { options, words } = await wordsOf("resume", said, { needed: 0, most: flags.all ? 0 : 1, isText: true }, flags);
  const text = words.join(" ").trim();
  if (options.all && text !== "") throw new ConfigurationError("--all takes away every stop: name one, or say --all");
  requireNamed(options, commandWriter({ stack: "STACK" })("resume", ...words));
  const ledger = await openLedgerOf(options, PROJECT_FOLDER);
  const stops = await ledger.stops();
  if (stops.length === 0) return console.log("the brake was not set");
  const command = commandWriter(options);
  const chosen = options.all ? await confirmAll(stops, options) : [chooseStop(stops, text, command)];
  for (const stop of chosen) await takeAway(stop, ledger, options.why ?? "");
  tellRest(await ledger.stops(), command);
  const reason = `${chosen.map(describeStop).join("; ")}${options.why === undefined ? "" : `: ${options.why}`}`;
  await tellBrake({ state: "released", reason }, options.stack ?? ledger.describe(), process.env);
}

async function confirmAll(stops: readonly Stop[], options: ResumeOptions): Promise<readonly Stop[]> {
  console.error(`what is set:\n${stops.map((stop) => `  ${stop.id}  ${printable(describeStop(stop))}`).join("\n")}`);
  if (await isConfirmed("Take all of these stops away?", options.yes === true)) return stops;
  throw new ConfigurationError("nothing was changed: it was not confirmed");
}

async function takeAway(stop: Stop, ledger: OpenedLedger, why: string): Promise<void> {
  if (stop.kind === "unreadable") {
    throw new LedgerError(stop.reason, { hint: "find out who changed it, put right what keeps it from being read, then type this again" });
  }
  await ledger.setBrake("resume", operator(), why, stop.id);
  console.log(`taken away: ${stop.id}, ${printable(describeStop(stop))}`);
}

function tellRest(left: readonly Stop[], command: CommandWriter): void {
  if (left.length === 0) console.log("the brake is not set any more: the next run sends again");
  else console.log(`THE BRAKE IS STILL SET, and nothing is sent:\n${listStops(left, command)}`);
}

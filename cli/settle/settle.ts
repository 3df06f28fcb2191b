import { ConfigurationError } from "../../providers/domain/errors.ts";
import type { RequestRecord, SettledRecord } from "../../providers/domain/ledger-record.ts";
import type { OpenedLedger } from "../../providers/ledger/open-ledger.ts";
import { isConfirmed } from "../support/ask.ts";
import { missingLedger, openLedgerOf } from "../support/open-stores.ts";
import { operator } from "../support/operator.ts";
import { PROJECT_FOLDER } from "../support/project-folder.ts";
import type { StoreOptions } from "../support/store-locations.ts";
import { systemClock, timestamp } from "../support/system-clock.ts";
import { type Doubt, findDoubt } from "./find-doubt.ts";
import { renderEvidence } from "./render-evidence.ts";

interface Flags extends StoreOptions {
  readonly taken?: true;
  readonly notTaken?: true;
  readonly generation?: string;
  readonly why?: string;
  readonly yes?: true;
}

export async function settle(name: string, flags: Flags): Promise<void> {
  const ledger = await openLedgerOf(flags, PROJECT_FOLDER);
  const key = `${name}#${flags.generation === undefined ? await newestGeneration(ledger, name) : parseGeneration(flags.generation)}`;
  const records = await ledger.recordsOf(key);
  const doubt = doubtOf(key, records);
  console.error(renderEvidence(key, doubt, records));
  const decision = decisionOf(flags);
  if (decision === null) throw new ConfigurationError("nothing was recorded", { hint: "say --taken or --not-taken, and --why TEXT" });
  const why = flags.why?.trim() || "no reason given";
  if (!(await isConfirmed(QUESTIONS[decision], flags.yes === true))) {
    console.error("nothing was recorded");
    process.exitCode = 2;
    return;
  }
  await record(ledger, key, doubt, { decision, why });
  console.log(
    `recorded: ${doubt.intent.action} of ${key} was ${decision === "taken" ? "taken" : "not taken"}; \`npm run up\` goes on from there`,
  );
}

/** The step is looked at again under the ledger's lock: nobody settles what a run has found out meanwhile. */
async function record(ledger: OpenedLedger, key: string, seen: Doubt, said: Pick<SettledRecord, "decision" | "why">): Promise<void> {
  try {
    await ledger.withDevice(seen.intent.device.id, async () => {
      const { intent } = doubtOf(key, await ledger.recordsOf(key));
      if (intent.step !== seen.intent.step || intent.attempt !== seen.intent.attempt) {
        throw new ConfigurationError("another step is in doubt now", { hint: "run the command again" });
      }
      const { step, attempt } = intent;
      await ledger.append({ kind: "settled", key, at: timestamp(systemClock), step, attempt, who: operator(), ...said });
    });
  } finally {
    await ledger.close();
  }
}

function doubtOf(key: string, records: readonly RequestRecord[]): Doubt {
  const answer = findDoubt(records);
  if (answer.kind === "doubt") return answer.doubt;
  throw new ConfigurationError(`there is nothing to settle for ${key}: ${answer.why}`, { hint: answer.hint });
}

const QUESTIONS = {
  taken: "It counts as taken from now on, and is never sent again.",
  "not-taken": "The next run SENDS IT AGAIN. If Graph did take it, the device gets it twice.",
} as const;

function decisionOf(flags: Flags): SettledRecord["decision"] | null {
  if (flags.taken) return "taken";
  return flags.notTaken ? "not-taken" : null;
}

function parseGeneration(text: string): number {
  if (/^[1-9][0-9]{0,8}$/.test(text)) return Number(text);
  throw new ConfigurationError(`--generation ${JSON.stringify(text)} is not a whole number from 1 on`);
}

async function newestGeneration(ledger: OpenedLedger, name: string): Promise<number> {
  const { exists, records } = await ledger.read();
  if (!exists) throw missingLedger(ledger);
  const prefix = `${name}#`;
  const generations = records.flatMap((one) => ("key" in one && one.key.startsWith(prefix) ? [Number(one.key.slice(prefix.length))] : []));
  if (generations.length > 0) return Math.max(...generations);
  throw new ConfigurationError(`the ledger knows no request ${JSON.stringify(name)}`, {
    hint: "`npm run ledger -- show` lists what was done; check the place too (--ledger, --stack)",
  });
}

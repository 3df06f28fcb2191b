import { ConfigurationError } from "../../providers/domain/errors.ts";
import type { RequestRecord, SettledRecord } from "../../providers/domain/ledger-record.ts";
import type { OpenedLedger } from "../../providers/ledger/open-ledger.ts";
import { isConfirmed } from "../support/ask.ts";
import { missingLedger, openLedgerOf } from "../support/open-stores.ts";
import { operator } from "../support/operator.ts";
import { PROJECT_FOLDER } from "../support/project-folder.ts";
import type { StoreOptions } from "../support/store-locations.ts";
import { systemClock, timestamp } from "../support/system-clock.ts";
import { attemptOf, type Doubt, deviceOf, findDoubt } from "./find-doubt.ts";
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
  if (!(await isConfirmed(QUESTIONS[doubt.state.kind][decision], flags.yes === true))) {
    console.error("nothing was recorded");
    process.exitCode = 2;
    return;
  }
  await record(ledger, key, doubt, { decision, why });
  console.log(`recorded: ${doubt.step.action} of ${key} ${SAID[doubt.state.kind][decision]}; \`npm run up\` goes on from there`);
}

/** The step is looked at again under the ledger's lock: nobody settles what a run has found out meanwhile. */
async function record(ledger: OpenedLedger, key: string, seen: Doubt, said: Pick<SettledRecord, "decision" | "why">): Promise<void> {
  try {
    await ledger.withDevice(deviceOf(seen).id, async () => {
      const now = doubtOf(key, await ledger.recordsOf(key));
      const [step, attempt] = [now.step.index, attemptOf(now)];
      if (step !== seen.step.index || attempt !== attemptOf(seen) || now.state.kind !== seen.state.kind) {
        throw new ConfigurationError("another step is in doubt now", { hint: "run the command again" });
      }
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

/** What each decision means, by what there is to decide. */
const QUESTIONS = {
  inDoubt: {
    taken: "It counts as taken from now on, and is never sent again.",
    "not-taken": "The next run SENDS IT AGAIN. If Graph did take it, the device gets it twice.",
  },
  accepted: {
    taken: "Graph took it; from now on it counts as done, and nobody waits for the device's report.",
    "not-taken":
      "Graph took it; from now on it counts as never done, and the request ends as failed. If it comes to something later, nobody is told.",
  },
  adopted: {
    taken: "What somebody else started counts as done from now on; this request never sends it.",
    "not-taken":
      "The next run SENDS IT, although the device reports the same action as under way. If that one comes to something, the device gets it twice.",
  },
} as const;

const SAID = {
  inDoubt: { taken: "was taken", "not-taken": "was not taken" },
  accepted: { taken: "is done", "not-taken": "was never done" },
  adopted: { taken: "is done", "not-taken": "came to nothing" },
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

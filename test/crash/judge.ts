import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import type { Emulator } from "../../emulator/graph/start-emulator.ts";
import type { RequestRecord } from "../../providers/domain/request-record.ts";
import { historyOf } from "../../providers/engine/history.ts";
import type { PulumiProject } from "../support/pulumi-project.ts";
import { readLedger } from "./await-moment.ts";
import { ACTIONS, IPAD, NAME, ONCE } from "./stage.ts";

/**
 * What is wrong at the end of a point, in words: what was done twice or not at all, and where
 * state, ledger and devices differ.
 */
export async function judge(emulator: Emulator, project: PulumiProject, notTaken: readonly string[]): Promise<readonly string[]> {
  return [...(await sentTwice(emulator, project, notTaken)), ...(await notTrue(emulator, project)), ...(await leftBehind(project))];
}

async function sentTwice(emulator: Emulator, project: PulumiProject, notTaken: readonly string[]): Promise<readonly string[]> {
  const records = await readLedger(project);
  return ACTIONS.flatMap((action) => {
    const calls = emulator.actionCalls.filter((call) => call.action === action);
    // What Graph was too busy for goes again, with an intent of its own.
    const mayHaveBeenTaken = calls.filter(({ status }) => status !== 429).length;
    const taken = emulator.device(IPAD).received.filter((received) => received.action === action).length;
    const intents = records.filter((record) => record.kind === "intent" && record.action === action).length;
    const allowed = ONCE.includes(action) ? 1 + notTaken.filter((settled) => settled === action).length : intents;
    const enough = ONCE.includes(action) ? taken === 1 : taken >= 1;
    return [
      ...(mayHaveBeenTaken > allowed ? [`${action} was sent ${mayHaveBeenTaken} times, ${allowed} allowed`] : []),
      ...(calls.length > intents ? [`${action} was sent ${calls.length} times, with ${intents} intents`] : []),
      ...(enough ? [] : [`Graph took ${action} ${taken} times`]),
    ];
  });
}

async function notTrue(emulator: Emulator, project: PulumiProject): Promise<readonly string[]> {
  const records = (await readLedger(project)).filter((record): record is RequestRecord => "key" in record && record.key === `${NAME}#1`);
  const inLedger = historyOf(records).lastOutcome?.outcome;
  const outputs = (await project.resources()).get(NAME)?.outputs;
  const wipes = records.findIndex((record) => record.kind === "intent" && record.destroysData);
  const escrowed = records.findIndex((record) => record.kind === "escrowed");
  const { erased } = emulator.device(IPAD);
  return [
    ...(inLedger === "succeeded" && outputs?.outcome === "succeeded" ? [] : [`state says ${outputs?.outcome}, the ledger ${inLedger}`]),
    ...(outputs?.steps.every(({ status }) => status === "done") === true ? [] : ["state does not hold every step as done"]),
    ...(erased === 1 ? [] : [`the device was erased ${erased} times`]),
    ...(escrowed !== -1 && escrowed < wipes ? [] : ["the wipe was meant before the code was in escrow"]),
    ...(outputs?.bypassCode?.reference.startsWith("file:") === true ? [] : ["state holds no reference to the code"]),
  ];
}

async function leftBehind(project: PulumiProject): Promise<readonly string[]> {
  const locks = (await readdir(path.join(project.folder, "state", ".pulumi", "locks"), { recursive: true })).filter((file) =>
    file.endsWith(".json"),
  );
  const { checkpoint } = JSON.parse(await readFile(project.stateFile, "utf8")) as {
    checkpoint: { latest: { pending_operations?: unknown[] } };
  };
  const pending = checkpoint.latest.pending_operations?.length ?? 0;
  return [
    ...(locks.length === 0 ? [] : [`${locks.length} locks are left`]),
    ...(pending === 0 ? [] : [`${pending} pending operations are left in the state`]),
  ];
}

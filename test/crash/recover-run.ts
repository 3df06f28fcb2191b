import path from "node:path";
import type { Emulator } from "../../emulator/graph/start-emulator.ts";
import type { Outcome } from "../../providers/domain/outcome.ts";
import type { PulumiProject, PulumiRun } from "../support/pulumi-project.ts";
import { readLedger } from "./await-moment.ts";
import { IPAD, NAME, ONCE, UP } from "./stage.ts";

export interface Recovery {
  /** `succeeded`, or `settled` where a person had to look. */
  readonly how: string;
  /** Actions that were settled as not taken, each time that was said. */
  readonly notTaken: readonly string[];
  readonly violations: readonly string[];
  readonly texts: readonly string[];
}

const RUNS = 5;

/**
 * `npm run up` until the request has succeeded, with `dlr settle` by what the device really
 * shows where the outcome says so.
 */
export async function recoverRun(emulator: Emulator, project: PulumiProject, env: Readonly<Record<string, string>>): Promise<Recovery> {
  const texts: string[] = [];
  const notTaken: string[] = [];
  let how = "succeeded";
  for (let run = 1; run <= RUNS; run++) {
    const up = await project.npmRun("up", UP, env);
    texts.push(up.text);
    const outcome = (await project.resources()).get(NAME)?.outputs.outcome;
    const violations = violationsOf(up, outcome, project);
    if (violations.length > 0 || outcome === "succeeded") return { how, notTaken, violations, texts };
    if (outcome !== "ambiguous") continue;
    const action = await actionInDoubt(project);
    const isTaken = emulator.device(IPAD).received.some((received) => received.action === action);
    texts.push(await settle(project, isTaken));
    if (!isTaken) notTaken.push(action);
    how = `${action} settled as ${isTaken ? "taken" : "not taken"}`;
  }
  return { how, notTaken, violations: [`not at its end after ${RUNS} runs`], texts };
}

/** What a run after a crash must not end with. */
function violationsOf(up: PulumiRun, outcome: Outcome | undefined, project: PulumiProject): readonly string[] {
  switch (outcome) {
    case "succeeded":
    case "pending":
      return up.code === 0 ? [] : [`up ended with ${up.code} and the outcome ${outcome}`];
    case "ambiguous":
      return isTold(up, project) ? [] : [`an ambiguous request is not told, or up ended with ${up.code}`];
    default:
      return [`up ended with ${up.code} and the outcome ${outcome}`];
  }
}

/** Red, and with the command that settles it. */
function isTold(up: PulumiRun, project: PulumiProject): boolean {
  return up.code !== 0 && up.text.includes(`./dlr settle ${project.stack} ${NAME} --taken`);
}

async function settle(project: PulumiProject, taken: boolean): Promise<string> {
  const place = ["--ledger", `file:${path.join(project.folder, "ledger")}`];
  const { code, text } = await project.command("settle", [
    NAME,
    taken ? "--taken" : "--not-taken",
    "--why",
    "I looked at the iPad",
    "--yes",
    ...place,
  ]);
  if (code !== 0) throw new Error(`settle ended with ${code}:\n${text}`);
  return text;
}

/** The last intent of an action that may be sent once. */
async function actionInDoubt(project: PulumiProject): Promise<string> {
  const intent = (await readLedger(project)).findLast((record) => record.kind === "intent");
  return ONCE.find((action) => action === intent?.action) ?? "nothing";
}

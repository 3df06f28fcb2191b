import { once } from "node:events";
import type { Emulator } from "../../emulator/graph/start-emulator.ts";
import type { PulumiProject } from "../support/pulumi-project.ts";
import { type Arrival, awaitMoment, readLedger } from "./await-moment.ts";
import type { Moment, Point } from "./points.ts";
import { ended, endNow, processesOf, type RunProcesses, strike } from "./processes.ts";
import { UP } from "./stage.ts";

/** What a run may take to end by itself after one of its processes was killed. */
const END_MS = 25_000;

/**
 * One run of `npm run up` that dies at a moment, until nothing of it is left. Gives what should not
 * have been, in words.
 */
export async function crashRun(
  { victim, isLost, skipCheckpoints }: Point,
  moment: Moment,
  emulator: Emulator,
  project: PulumiProject,
): Promise<readonly string[]> {
  const child = project.start(UP, { PULUMI_SKIP_CHECKPOINTS: String(skipCheckpoints) });
  const exit = once(child, "exit");
  const leader = child.pid ?? 0;
  const early = watchProcesses(leader, emulator);
  const arrival = awaitMoment(moment, emulator, project);
  try {
    await Promise.race([arrival.reached, exit.then(([code]) => refuseEarlyEnd(moment, code))]);
    const run = (moment.at === "request" ? null : early.seen()) ?? processesOf(leader);
    if (child.exitCode === null) await strike(victim, run);
    const [sent, deadAt] = [emulator.actionCalls.length, Date.now()];
    await (isLost && moment.at === "request" ? loseCall(moment.call, emulator, arrival) : arrival.release());
    const left = await ended(withoutHost(run, victim), END_MS);
    await exit;
    endNow(run);
    const underWay = await meantBefore(deadAt, project);
    const more = emulator.actionCalls
      .slice(sent)
      .filter(({ headers }) => !underWay.has(headers["client-request-id"] ?? ""))
      .map(({ action }) => action);
    return [
      ...(left.length > 0 ? [`still there ${END_MS / 1000} s after the crash: ${left.join(", ")}`] : []),
      ...(isBeheaded(victim) && more.length > 0 ? [`without an engine, the provider sent ${more.join(", ")}`] : []),
    ];
  } finally {
    early.stop();
    arrival.release();
  }
}

/**
 * The state is the last thing that a run writes: one that has ended meanwhile died right after
 * that.
 */
function refuseEarlyEnd({ at }: Moment, code: number | null): void {
  if (at !== "state" || code !== 0) throw new Error(`the run ended with ${code} before the moment came`);
}

/**
 * Ids of the calls whose intents were recorded by then: on a busy machine such a call may arrive a
 * little later.
 */
async function meantBefore(instant: number, project: PulumiProject): Promise<ReadonlySet<string>> {
  const intents = (await readLedger(project)).filter((record) => record.kind === "intent");
  return new Set(intents.filter(({ at }) => Date.parse(at) <= instant).map(({ clientRequestId }) => clientRequestId));
}

/** The call that stands still never came to Graph. */
async function loseCall(call: string, emulator: Emulator, arrival: Arrival): Promise<void> {
  const { promise: lost, resolve } = Promise.withResolvers<void>();
  const stop = emulator.on("unanswered", () => resolve());
  const fault = emulator.setFault({ call, effect: { kind: "reset", applied: false } });
  arrival.release();
  await lost;
  fault.remove();
  stop();
}

/**
 * Pulumi's language host looks for its engine every five minutes, and ends by itself when there is
 * none: nobody waits for that here.
 */
function withoutHost(run: RunProcesses, victim: Point["victim"]): RunProcesses {
  return isBeheaded(victim) ? { ...run, members: run.members.filter(({ role }) => role !== "host") } : run;
}

function isBeheaded(victim: Point["victim"]): boolean {
  return victim === "engine" || victim === "group" || victim === "machine";
}

/**
 * The run's processes at the first read of a code, when all are there: once a moment has come, a
 * look at them would come late.
 */
function watchProcesses(leader: number, emulator: Emulator): { readonly seen: () => RunProcesses | null; readonly stop: () => void } {
  let seen: RunProcesses | null = null;
  const stop = emulator.on("request", ({ kind }) => {
    if (kind === "readCode") seen ??= processesOf(leader);
  });
  return { seen: () => seen, stop };
}

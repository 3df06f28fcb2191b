import type { Sample, StateSize } from "./figures.ts";
import { measureProcesses } from "./measure-processes.ts";
import { type Conditions, type Contender, OPERATIONS, type Operation, requireEnd, type Stage } from "./operations.ts";

/** How a round is watched over. */
interface Watch {
  readonly say: (line: string) => void;
  /** Ends it before the next operation. */
  readonly signal: AbortSignal;
}

interface Opened {
  readonly contender: Contender;
  readonly stage: Stage;
}

export interface RoundFigures {
  readonly samples: readonly Sample[];
  readonly states: readonly StateSize[];
}

/**
 * One round: every operation, of each contender in turn, so that what else the machine does meets
 * all of them alike. The round's number says who begins. Throws when an operation fails.
 */
export async function runRound(
  contenders: readonly Contender[],
  conditions: Conditions,
  round: number,
  watch: Watch,
): Promise<RoundFigures> {
  const shift = round % contenders.length;
  const order = [...contenders.slice(shift), ...contenders.slice(0, shift)];
  const opened: Opened[] = [];
  try {
    for (const contender of order) opened.push({ contender, stage: await contender.open(conditions) });
    const samples: Sample[] = [];
    for (const operation of Object.keys(OPERATIONS) as Operation[]) {
      for (const one of opened) samples.push(...(await sampleOf(one, operation, { ...watch, conditions, round })));
    }
    return { samples, states: await statesOf(opened, conditions.size) };
  } finally {
    for (const { stage } of opened) await stage.close();
  }
}

interface RoundParts extends Watch {
  readonly conditions: Conditions;
  readonly round: number;
}

/** None where the contender has no such operation. */
async function sampleOf(
  { contender, stage }: Opened,
  operation: Operation,
  { conditions, round, say, signal }: RoundParts,
): Promise<readonly Sample[]> {
  const step = stage.steps[operation];
  if (step === undefined) return [];
  signal.throwIfAborted();
  const before = { calls: stage.graphCalls(), refused: stage.refused() };
  const { result, usage } = await measureProcesses(step);
  signal.throwIfAborted();
  requireEnd(result, `${operation} of ${contender.name} with ${conditions.size}`);
  say(
    `  ${contender.name.padEnd(22)} ${operation.padEnd(12)} ${usage.seconds.toFixed(2).padStart(8)} s ${usage.cpuSeconds.toFixed(2).padStart(8)} s of processor`,
  );
  const graphCalls = stage.graphCalls() - before.calls;
  const refused = stage.refused() - before.refused;
  return [{ contender: contender.name, size: conditions.size, round, operation, ...usage, graphCalls, refused }];
}

async function statesOf(opened: readonly Opened[], size: number): Promise<readonly StateSize[]> {
  const states: StateSize[] = [];
  for (const { contender, stage } of opened) {
    const bytes = await stage.stateBytes();
    if (bytes !== null) states.push({ contender: contender.name, size, bytes });
  }
  return states;
}

/** One preview of each, which compiles what the next ones read compiled. */
export async function warmUp(contenders: readonly Contender[]): Promise<void> {
  for (const contender of contenders) {
    const stage = await contender.open({ size: 1, graphDelay: 0 });
    try {
      await (stage.steps.preview ?? stage.steps.up)?.();
    } finally {
      await stage.close();
    }
  }
}

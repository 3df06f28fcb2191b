import { expect } from "@jest/globals";
import { type BreakableEscrow, memoryEscrow } from "./breakable-escrow.ts";
import { expectedOf, type FaultCase, type Meanwhile } from "./fault-case.ts";
import { Stage, type Up } from "./stage.ts";
import type { Subject } from "./subject.ts";

/** What was seen of a row, and what the table says, in the same form. */
export interface Played {
  readonly seen: unknown;
  readonly expected: unknown;
}

const COLORS: Readonly<Record<Up["outcome"], Up["color"]>> = {
  succeeded: "green",
  pending: "yellow",
  awaitingApproval: "yellow",
  awaitingSignIn: "yellow",
  failed: "red",
  expired: "red",
  ambiguous: "red",
  broken: "red",
};

const WEEK = 7 * 24 * 60 * 60 * 1000;

const BETWEEN: Readonly<Record<Meanwhile, (stage: Stage) => void>> = {
  checkIn: ({ emulator, subject }) => emulator.checkIn(subject.device.id),
  remove: ({ emulator, subject }) => emulator.remove(subject.device.id),
  reenrol: ({ emulator, subject }) => emulator.reenrol(subject.device.id, { keepId: true }),
  aWeekPasses: ({ clock }) => clock.advance(WEEK),
};

/** Three times `up`: the first under the fault, two without it. */
export async function playRow(who: Subject, row: FaultCase, escrow: BreakableEscrow = memoryEscrow()): Promise<Played> {
  const told = expectedOf(row, who.action);
  if (told === undefined) throw new Error(`${row.name} is no case of ${who.name}`);
  const stage = await Stage.open(who, () => escrow.open());
  try {
    if (row.underWay === true) stage.emulator.act(who.device.id, who.action.name);
    const fired = stage.strike(row.strikes);
    const first = await stage.up({ beside: row.beside === true });
    const seen = {
      up: first.outcome,
      color: first.color,
      posts: stage.posts,
      keeps: await stage.trail(),
      says: first.text,
      renewals: row.renewals === undefined ? null : stage.tokens.texts.length - 1,
      struck: fired().map((times) => times > 0),
      broken: await stage.witness.brokenPromises(first.report),
    };
    stage.emulator.clearFaults();
    await escrow.mend();
    if (row.meanwhile !== undefined) BETWEEN[row.meanwhile](stage);
    const second = await stage.up();
    const [outcome, posts] = [second.outcome, stage.posts];
    const third = await stage.up();
    const [afterwards, postsThen] = told.later ?? [told.up, told.posts];
    return {
      seen: {
        ...seen,
        later: [outcome, posts],
        again: [third.outcome, stage.posts],
        thirdIsFree: isEnded(second) ? third.calls === 0 && third.color !== "red" : true,
        brokenLater: await stage.witness.brokenPromises(third.report),
      },
      expected: {
        up: told.up,
        color: COLORS[told.up],
        posts: told.posts,
        keeps: told.keeps,
        says: expect.stringMatching(told.says),
        renewals: row.renewals ?? null,
        struck: row.strikes.map(() => true),
        broken: [],
        later: [afterwards, postsThen],
        again: [afterwards, postsThen],
        thirdIsFree: true,
        brokenLater: [],
      },
    };
  } finally {
    await stage.close();
  }
}

/** A request that ended costs no call any more, and is red no more. */
function isEnded({ outcome }: Up): boolean {
  return outcome === "succeeded" || outcome === "failed" || outcome === "expired";
}

import path from "node:path";
import type { Provenance } from "../../domain/request-record.ts";
import type { RunSettings } from "../../engine/job.ts";
import { createRunClock } from "../../engine/run-clock.ts";
import { createRunSlots, RUN_SLOTS } from "../../engine/run-slots.ts";
import { once } from "../../support/once.ts";
import { watchProcess } from "../../telemetry/process-watch.ts";
import { changeReference } from "../change-reference.ts";
import { ciFactsOf } from "../ci-facts.ts";
import { doubtAbsence } from "../doubt-absence.ts";
import { KeptSettings } from "../kept-settings.ts";
import { openPorts } from "../open-ports.ts";
import { type GitFacts, provenanceOf, readGit } from "../provenance.ts";
import { readReviewed, readShown } from "../review-gate.ts";
import { goneAfterOf, graceOf, limitsOf } from "../run-limits.ts";
import type { ReadKey, Settings } from "../settings.ts";
import { tellProgress } from "../tell-progress.ts";
import { endWithEngine } from "./end-with-engine.ts";
import { watchEngine } from "./engine-watch.ts";
import { createGuard } from "./guard.ts";
import { onceInterrupted } from "./interrupted.ts";
import { Session } from "./session.ts";
import { ShelfSession } from "./shelf-session.ts";

/** The project's folder: what configuration names is relative to it. */
const ROOT = path.resolve(import.meta.dirname, "../../..");

/**
 * What one process does for the requests of a run: one ledger and one limit of Graph's for those
 * that are resources of their own and for those on shelves.
 */
export interface RunSessions {
  readonly requests: Session;
  readonly shelves: ShelfSession;
}

const kept = new KeptSettings();
let sessions: RunSessions | undefined;

/** Pulumi does not wait for this before it calls anything else: it only keeps. Never throws. */
export function keepSettings(request: { readonly config: { readonly get: ReadKey } }): void {
  kept.keep(request);
  watchProcess(process.env, (text) => tellProgress({ kind: "says", text, at: Date.now() }));
}

/** Opened by the first that needs it. Throws what was wrong with the settings. */
export function open(): RunSessions {
  sessions ??= start(kept.get());
  return sessions;
}

/** Undefined where the ports could not be opened, or nobody needed them. */
export function openedSession(): Session | undefined {
  return sessions?.requests;
}

let gitOfRun: Promise<GitFacts> | undefined;

/** Git is asked once, by whoever needs it first. */
function git(): Promise<GitFacts> {
  gitOfRun ??= readGit(ROOT);
  return gitOfRun;
}

async function provenance(): Promise<Provenance> {
  return provenanceOf(process.env, await git());
}

function start(settings: Settings): RunSessions {
  const real = openPorts(settings, ROOT, process.env);
  const reviews = { review: () => readReviewed(process.env), shown: () => readShown(process.env) };
  const guard = createGuard(real, settings, () => ciFactsOf(process.env, git), reviews);
  const doubting = { ...real, directory: doubtAbsence(real.directory, guard.doubt) };
  const engine = watchEngine(process.argv, () => ending.engineIsGone());
  const ending = endWithEngine(doubting, createRunClock(real.clock, settings.waitMs), engine.lives);
  onceInterrupted(ending.interrupt);
  const { ports, clock } = ending;
  const times = {
    graceMs: graceOf(settings),
    goneAfterMs: goneAfterOf(settings),
    clock,
    slots: createRunSlots(RUN_SLOTS, settings.shard.of),
  };
  const onWait: RunSettings["onWait"] = (name, waitedFor) =>
    tellProgress({ kind: "waits", name, for: waitedFor, until: real.clock.now() + clock.timeLeft() });
  const run = { ...limitsOf(settings), ...times, change: changeReference(process.env), provenance, onWait };
  const sights = { escrowWatch: real.escrow, everyDevice: once(async () => (await doubting.fleet.listAll()).devices) };
  const whole = { ...ports, ...sights };
  return { requests: new Session(whole, run, guard), shelves: new ShelfSession(whole, guard, times.goneAfterMs) };
}

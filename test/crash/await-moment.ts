import { watch } from "node:fs";
import { readFile } from "node:fs/promises";
import path from "node:path";
import type { Emulator } from "../../emulator/graph/start-emulator.ts";
import type { LedgerRecord } from "../../providers/domain/ledger-record.ts";
import type { PulumiProject } from "../support/pulumi-project.ts";
import type { Moment } from "./points.ts";

export interface Arrival {
  readonly reached: Promise<void>;
  /** Lets the call go on that stands still at the emulator, and stops looking. */
  readonly release: () => void;
}

/** Looks out for a moment of the next run. */
export function awaitMoment(moment: Moment, emulator: Emulator, project: PulumiProject): Arrival {
  switch (moment.at) {
    case "record":
      return onFile(path.join(project.folder, "ledger"), () => has(project, moment.kind, moment.step));
    case "state":
      return onFile(path.dirname(project.stateFile), () => has(project, "outcome", null));
    default:
      return onCall(moment, emulator);
  }
}

function onCall({ at, call }: Extract<Moment, { call: string }>, emulator: Emulator): Arrival {
  const { promise: reached, resolve: arrive } = Promise.withResolvers<void>();
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  const listener = async (event: { readonly kind?: string; readonly action: string | null }) => {
    if (event.action !== call && event.kind !== call) return;
    stop();
    arrive();
    await released;
  };
  const stop = emulator.on(at, listener);
  return {
    reached,
    release: () => {
      stop();
      release();
    },
  };
}

function onFile(folder: string, isReached: () => Promise<boolean>): Arrival {
  const { promise: reached, resolve: arrive, reject } = Promise.withResolvers<void>();
  const watcher = watch(folder, () => {
    isReached().then((is) => {
      if (is) arrive();
    }, reject);
  });
  return { reached, release: () => watcher.close() };
}

async function has(project: PulumiProject, kind: string, step: number | null): Promise<boolean> {
  const records = await readLedger(project);
  return records.some((record) => record.kind === kind && (step === null || ("step" in record && record.step === step)));
}

/** What is durable of the ledger: its whole lines. */
export async function readLedger(project: PulumiProject): Promise<readonly LedgerRecord[]> {
  let text: string;
  try {
    text = await readFile(path.join(project.folder, "ledger", "ledger.jsonl"), "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
  const whole = text.slice(0, text.lastIndexOf("\n") + 1);
  return whole
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => (JSON.parse(line) as { readonly record: LedgerRecord }).record);
}

import { printable } from "../../../providers/domain/diagnostic.ts";
import { dlrCommand, fileCommand, pulumiCommand } from "../../../providers/support/dlr-command.ts";
import { listed } from "../../../providers/support/words.ts";
import { shellAtHand } from "../../support/shell-at-hand.ts";
import type { JudgedLock } from "./judged-locks.ts";
import type { StateCopy } from "./state-copies.ts";
import type { TornState } from "./torn-state.ts";
import { describeRun } from "./wording.ts";

/** What cannot be read, and why: `the state of stack prod cannot be read: …/prod.json is empty`. */
export function tornLine(stack: string, { state, note }: TornState): string {
  const files = [state, note].filter((one) => one !== null).map(({ file, how }) => `${file} ${how}`);
  const whole = state === null ? "; that is Pulumi's note beside the state, and the state itself is whole" : "";
  return printable(`the state of stack ${stack} cannot be read: ${listed(files, "and")}, as a crash leaves it${whole}`);
}

/** The command that mends it. `copy`: what would be put back, null where the state is whole. */
export function mendsHint(stack: string, copy: StateCopy | null): string {
  const how = copy === null ? "sets that note aside" : `puts back ${copyLine(copy)}`;
  return printable(`${upCommand(stack)} ${how}, and goes on; the ledger keeps anything from being sent twice`);
}

/** `…/prod.json.bak of 2026-11-28 08:45:12 UTC` */
export function copyLine({ file, at }: StateCopy): string {
  return `${file} ${at === 0 ? "from before the first run" : `of ${new Date(at).toISOString().slice(0, 19).replace("T", " ")} UTC`}`;
}

/** The way out where no whole copy is left; the settings and their passphrase stay as they are. */
export function beginAnewHint(stack: string, file: string): string {
  const init = pulumiCommand(["stack", "init", stack], undefined, shell());
  return commandsHint("these begin a new state, which the ledger fills, and send nothing twice:", [
    fileCommand("move", [file, `${file}.torn`], shell()),
    init,
    upCommand(stack),
  ]);
}

/** The way out of locks whose runs may be alive; for `cancel`, Pulumi would read what is torn. */
export function heldHint(stack: string, held: readonly JudgedLock[]): string {
  const alive = held.filter(({ verdict }) => verdict === "alive");
  if (alive.length > 0) return printable(`a run is under way: ${runsOf(alive)}; wait for its end, then: ${upCommand(stack)}`);
  const locks = held.map(({ lock }) => fileCommand("remove", [lock.file], shell()));
  const when = `the stack is locked by ${runsOf(held)}; once that is over for certain (its job has ended, its machine is gone):`;
  return commandsHint(when, [...locks, upCommand(stack)]);
}

function runsOf(locks: readonly JudgedLock[]): string {
  const runs = locks.map(({ lock: { file, holder } }) => (holder === null ? `a run that ${file} does not name` : describeRun(holder)));
  return listed(runs, "and");
}

function commandsHint(when: string, commands: readonly string[]): string {
  return [when, ...commands].map(printable).join("\n    ");
}

function upCommand(stack: string): string {
  return dlrCommand("up", stack, [], shell());
}

function shell() {
  return shellAtHand(process.env, process.platform);
}

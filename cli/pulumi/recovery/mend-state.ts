import { rm } from "node:fs/promises";
import path from "node:path";
import { printable } from "../../../providers/domain/diagnostic.ts";
import { StateError } from "../../../providers/domain/errors.ts";
import { systemCode } from "../../../providers/support/system-code.ts";
import type { PulumiCommand } from "../ask-pulumi.ts";
import { withFileLock } from "../file-lock.ts";
import { heldLocks, judgedLocks } from "./judged-locks.ts";
import { putBack, setAside } from "./put-back.ts";
import { newestCopy, type StateCopy } from "./state-copies.ts";
import { placeOf, stateFolder } from "./state-folder.ts";
import { type TornState, tornState } from "./torn-state.ts";
import { beginAnewHint, copyLine, heldHint, tornLine } from "./torn-wording.ts";

/**
 * Before `up` reads anything of a stack in a file backend: what a crash tore of its state is set
 * aside, a torn state has its newest whole copy put back, and both are told. What such a copy lacks
 * is in the ledger. Throws `StateError` where a run may be alive, no whole copy is left, or the
 * state may not be written: then nothing is changed.
 */
export async function mendState(stack: string, pulumi: PulumiCommand): Promise<void> {
  const folder = stateFolder(pulumi);
  if (folder === null) return;
  const torn = await tornState(folder, placeOf(stack));
  if (torn === null) return;
  refuseReadOnly(stack, torn);
  try {
    await whileAlone(stack, torn, pulumi, () => mendAlone(stack, folder, pulumi));
  } catch (error) {
    const code = systemCode(error);
    if (code === null) throw error;
    const message = `${tornLine(stack, torn)}; it cannot be mended, for ${path.dirname(torn.file)} cannot be written (${code})`;
    throw new StateError(printable(message), { hint: WRITABLE, cause: error });
  }
}

const WRITABLE = "make it writable for this user, then run this again";

async function whileAlone(stack: string, torn: TornState, { say }: PulumiCommand, work: () => Promise<void>): Promise<void> {
  const lock = path.join(path.dirname(torn.file), `${torn.place.name}.mending`);
  const onWait = (holder: string) => say(printable(`up: ${holder} is mending the state of ${stack}; waiting for it`));
  await withFileLock(lock, { onWait }, async () => {
    try {
      await work();
    } finally {
      await rm(lock, { force: true });
    }
  });
}

/** Looks again: another `up` may have mended it meanwhile, and run. */
async function mendAlone(stack: string, folder: string, { say }: PulumiCommand): Promise<void> {
  const torn = await tornState(folder, placeOf(stack));
  if (torn === null) return;
  const held = heldLocks(await judgedLocks(folder, torn.place));
  if (held.length > 0) throw new StateError(`${tornLine(stack, torn)}; nothing was changed`, { hint: heldHint(stack, held) });
  const copy = torn.state === null ? null : await newestCopy(folder, torn.place);
  if (torn.state !== null && copy === null) {
    const message = `${tornLine(stack, torn)}; no whole copy of it is left, and nothing was changed`;
    throw new StateError(message, { hint: beginAnewHint(stack, torn.file) });
  }
  say(`up: ${tornLine(stack, torn)}`);
  for (const line of await mended(torn, copy)) say(printable(`up: ${line}`));
  say("up: it may lack what was done last: the ledger has that, and keeps anything from being sent twice");
}

async function mended({ state, note }: TornState, copy: StateCopy | null): Promise<readonly string[]> {
  const kept = state === null || copy === null ? null : await putBack(state, copy.bytes);
  const aside = note === null ? null : await setAside(note);
  return [
    ...(kept === null || copy === null ? [] : [`put back the newest whole copy, ${copyLine(copy)}; what was torn is kept as ${kept}`]),
    ...(aside === null ? [] : [`set the torn note aside as ${aside}: Pulumi does without it`]),
  ];
}

/** Somebody meant it so: neither the system, for a superuser, nor Pulumi would ask. */
function refuseReadOnly(stack: string, torn: TornState): void {
  for (const { file, facts } of torn.note === null ? [torn] : [torn, torn.note]) {
    const why = !facts.isFile() ? "is no plain file" : (facts.mode & 0o222) === 0 ? "is read-only" : null;
    if (why !== null)
      throw new StateError(printable(`${tornLine(stack, torn)}; ${file} ${why}, and nothing was changed`), { hint: WRITABLE });
  }
}

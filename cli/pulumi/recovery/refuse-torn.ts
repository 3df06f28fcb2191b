import { StateError } from "../../../providers/domain/errors.ts";
import type { PulumiCommand } from "../ask-pulumi.ts";
import { heldLocks, judgedLocks } from "./judged-locks.ts";
import { newestCopy } from "./state-copies.ts";
import { placeOf, stateFolder } from "./state-folder.ts";
import { type TornState, tornState } from "./torn-state.ts";
import { beginAnewHint, heldHint, mendsHint, tornLine } from "./torn-wording.ts";

/** Before a command reads the state: throws what `tornError` has to say of it. Changes nothing. */
export async function refuseTorn(stack: string, pulumi: Pick<PulumiCommand, "env" | "root">): Promise<void> {
  const error = await tornError(stack, pulumi);
  if (error !== null) throw error;
}

/** Which file a crash tore, and the command that mends it; null where the state can be read. */
export async function tornError(stack: string, pulumi: Pick<PulumiCommand, "env" | "root">): Promise<StateError | null> {
  const folder = stateFolder(pulumi);
  const torn = folder === null ? null : await tornState(folder, placeOf(stack));
  return folder === null || torn === null ? null : new StateError(tornLine(stack, torn), { hint: await wayOut(stack, folder, torn) });
}

async function wayOut(stack: string, folder: string, torn: TornState): Promise<string> {
  const held = heldLocks(await judgedLocks(folder, torn.place));
  if (held.length > 0) return heldHint(stack, held);
  const copy = torn.state === null ? null : await newestCopy(folder, torn.place);
  return torn.state !== null && copy === null ? beginAnewHint(stack, torn.file) : mendsHint(stack, copy);
}

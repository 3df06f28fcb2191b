import { constants } from "node:fs";
import { open, readFile, rename, rm } from "node:fs/promises";
import { isWorldWritable, OPEN_SAFELY, writeNewFile } from "../../support/store-folder.ts";
import { systemCode } from "../../support/system-code.ts";
import { type Checkpoint, formatCheckpoint } from "../checkpoint.ts";
import type { CheckpointPlace, FoundCheckpoint } from "../checkpoint-place.ts";
import { Checkpoints } from "../checkpoints.ts";
import type { LedgerPaths } from "./ledger-folder.ts";

/** The one index of a file ledger, beside it. */
export function fileCheckpoints({ records, index }: Pick<LedgerPaths, "records" | "index">): Checkpoints {
  return new Checkpoints({ path: records, place: new CheckpointFile(index), readAll: () => readFile(records) });
}

class CheckpointFile implements CheckpointPlace {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  async newest(): Promise<FoundCheckpoint> {
    const name = this.#path;
    try {
      const handle = await open(name, constants.O_RDONLY | OPEN_SAFELY);
      try {
        const stats = await handle.stat();
        if (!stats.isFile()) return { name, problem: "it is not a regular file" };
        if (isWorldWritable(stats)) return { name, problem: "everybody may write to it" };
        return { name, bytes: await handle.readFile() };
      } finally {
        await handle.close();
      }
    } catch (error) {
      const code = systemCode(error);
      return code === "ENOENT" ? null : { name, problem: code ?? "unknown error" };
    }
  }

  /** Called under the ledger's lock only. Takes the place of the one before. */
  async put(checkpoint: Checkpoint): Promise<void> {
    const draft = `${this.#path}.tmp`;
    try {
      await rm(draft, { force: true });
      await writeNewFile(draft, formatCheckpoint(checkpoint));
      await rename(draft, this.#path);
    } catch (error) {
      if (systemCode(error) === null) throw error;
      await rm(draft, { force: true }).catch(() => undefined);
    }
  }
}

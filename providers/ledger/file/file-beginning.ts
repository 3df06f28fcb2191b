import { createHash } from "node:crypto";
import { closeSync, constants, fstatSync, openSync, readSync, type Stats } from "node:fs";
import type { FileHandle } from "node:fs/promises";
import { LedgerError } from "../../domain/errors.ts";
import { OPEN_SAFELY } from "../../support/store-folder.ts";
import type { Checkpoint } from "../checkpoint.ts";
import { ledgerFailure } from "../ledger-failure.ts";
import { type BeginningBytes, LedgerPrefix, type Stretch } from "../ledger-prefix.ts";

/**
 * The beginning of the open ledger file that the checkpoint is of; null where the file does not
 * begin so. Every byte is read, and few are kept.
 */
export async function prefixOf(checkpoint: Checkpoint, handle: FileHandle, path: string): Promise<LedgerPrefix | null> {
  const stats = await handle.stat();
  return LedgerPrefix.of(checkpoint, await digestOf(handle, checkpoint.bytes), bytesOf(path, stats), path);
}

const CHUNK_BYTES = 1024 * 1024;

/** SHA-256 of so many bytes, in hexadecimal digits; of fewer where the file is shorter. */
async function digestOf(handle: FileHandle, length: number): Promise<string> {
  const digest = createHash("sha256");
  const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
  for (let read = 0; read < length; ) {
    const { bytesRead } = await handle.read(chunk, 0, Math.min(chunk.length, length - read), read);
    if (bytesRead === 0) break;
    digest.update(chunk.subarray(0, bytesRead));
    read += bytesRead;
  }
  return digest.digest("hex");
}

/** Read again when they are asked for: opened each time, so that nothing has to be closed. */
function bytesOf(path: string, { dev, ino }: Pick<Stats, "dev" | "ino">): BeginningBytes {
  return {
    read: (stretches) => {
      try {
        const file = openSync(path, constants.O_RDONLY | OPEN_SAFELY);
        try {
          const there = fstatSync(file);
          if (there.dev !== dev || there.ino !== ino) throw replaced(path);
          return stretches.map((stretch) => readStretch(file, stretch));
        } finally {
          closeSync(file);
        }
      } catch (error) {
        throw ledgerFailure(error, "read", path);
      }
    },
  };
}

/** Shorter where the file ends before. */
function readStretch(file: number, { start, end }: Stretch): Buffer {
  const bytes = Buffer.allocUnsafe(end - start);
  let filled = 0;
  while (filled < bytes.length) {
    const count = readSync(file, bytes, filled, bytes.length - filled, start + filled);
    if (count === 0) break;
    filled += count;
  }
  return bytes.subarray(0, filled);
}

function replaced(path: string): LedgerError {
  return new LedgerError(`${path} was moved or replaced while this process used it`, {
    hint: "find out who moved it; put it back before the next run",
  });
}

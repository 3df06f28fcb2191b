import { createHash } from "node:crypto";
import { closeSync, constants, fstatSync, openSync, readSync, type Stats } from "node:fs";
import type { FileHandle } from "node:fs/promises";
import { LedgerError } from "../../domain/errors.ts";
import { OPEN_SAFELY } from "../../support/store-folder.ts";
import { ledgerFailure } from "../ledger-failure.ts";
import type { LedgerBytes, Stretch } from "../ledger-prefix.ts";

/**
 * The bytes of an open ledger file, few of which are ever kept. What is hashed comes from the
 * handle; what is read, from the path again, so that nothing has to be closed.
 */
export async function fileBytes(handle: FileHandle, path: string): Promise<LedgerBytes> {
  const stats = await handle.stat();
  return {
    length: stats.size,
    digest: (length) => digestOf(handle, length),
    read: (stretches) => readAgain(path, stats, stretches),
  };
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

function readAgain(path: string, { dev, ino }: Pick<Stats, "dev" | "ino">, stretches: readonly Stretch[]): readonly Buffer[] {
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

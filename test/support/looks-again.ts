import { readFile } from "node:fs/promises";
import path from "node:path";

/**
 * What went over the wire, but for last looks that were made again: on a busy machine one is too
 * old when its call would go, and the next read of the code comes at once after it.
 */
export function withoutLooksAgain<T extends { readonly kind: string; readonly serialNumber: string | null }>(
  calls: readonly T[],
): readonly T[] {
  return calls.filter((call, index) => {
    const before = calls.slice(0, index).findLast(({ serialNumber }) => serialNumber === call.serialNumber);
    return call.kind !== "readCode" || before?.kind !== "readCode";
  });
}

/** Last looks that a project's ledger calls too old. */
export async function looksTooOld(folder: string): Promise<number> {
  const lines = (await readFile(path.join(folder, "ledger", "ledger.jsonl"), "utf8")).split("\n");
  return lines.filter((line) => line.includes("what was seen of the device is")).length;
}

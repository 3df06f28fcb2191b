import { InvalidArgumentError } from "commander";
import type { Platform } from "../../providers/domain/managed-device.ts";
import { listed } from "../../providers/support/words.ts";

/** Platforms that Activation Lock exists on. */
export const LOCK_PLATFORMS = ["iOS", "iPadOS", "macOS"] as const satisfies readonly Platform[];

/**
 * Parses an option's value, words with commas between them in any case, and adds them to those
 * that were said before. The parser throws `InvalidArgumentError`.
 */
export function oneOf<T extends string>(known: readonly T[]): (text: string, before?: readonly T[]) => readonly T[] {
  return (text, before = []) => {
    const words = text.split(",").map((word) => {
      const found = known.find((one) => one.toLowerCase() === word.trim().toLowerCase());
      if (found === undefined) throw new InvalidArgumentError(`It must be ${listed(known)}.`);
      return found;
    });
    return [...new Set([...before, ...words])];
  };
}

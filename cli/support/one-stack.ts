import { ConfigurationError } from "../../providers/domain/errors.ts";

/**
 * The stack, as a word or by `--stack`; undefined where neither names one. Throws
 * `ConfigurationError` for two.
 */
export function oneStack(word: string | undefined, option: string | undefined): string | undefined {
  if (word !== undefined && option !== undefined && word !== option)
    throw new ConfigurationError(`two stacks are named: ${word} and ${option}`);
  return word ?? option;
}

import { ConfigurationError } from "../../providers/domain/errors.ts";
import { readWords, withoutWords } from "./pulumi-words.ts";

/** The program's own survey, without Pulumi's engine. */
export const FAST = "--fast";

/** What says which stack and which settings; every other option is the engine's, or a review's. */
const KNOWN = ["--stack", "-s", "--config-file", "--non-interactive", "--color", FAST];

/** Throws `ConfigurationError` for a word that only a whole preview understands. */
export function refuseOfEngine(args: readonly string[]): void {
  const other = readWords(withoutWords(args, [FAST])).words.find(({ name }) => !KNOWN.includes(name));
  if (other === undefined) return;
  throw new ConfigurationError(`${other.name} is about Pulumi's engine or a review, and ${FAST} asks neither`, {
    hint: `leave out ${FAST}, or ${other.name}`,
  });
}

import path from "node:path";
import { ConfigurationError } from "../providers/domain/errors.ts";
import { listed } from "../providers/support/words.ts";
import { bareEngine } from "./bare-engine.ts";
import type { Mode } from "./fleet.ts";
import { floorScript } from "./floor.ts";
import type { Contender } from "./operations.ts";
import { ourCommands, ourProgram } from "./our-program.ts";
import { realPath } from "./real-path.ts";
import { shelvedPast } from "./shelved-past.ts";

const ROOT = path.resolve(import.meta.dirname, "..");

/**
 * Everything that can be measured in a round, by name; `modes` chooses what ours is asked to do.
 */
export function contendersOf(modes: readonly Mode[]): readonly Contender[] {
  const scripts = (["single", "batch"] as const).map(floorScript);
  return [...scripts, bareEngine(), ...modes.map((mode) => ourProgram(mode, ROOT)), ourCommands(), realPath(), shelvedPast()];
}

/**
 * Those of a list of names, all of them without one. Throws `ConfigurationError` for a name that is
 * none.
 */
export function chosen(contenders: readonly Contender[], names: readonly string[] | undefined): readonly Contender[] {
  if (names === undefined) return contenders;
  const known = contenders.map(({ name }) => name);
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0) throw new ConfigurationError(`there is no contender ${listed(unknown)}: say ${listed(known)}`);
  return contenders.filter(({ name }) => names.includes(name));
}

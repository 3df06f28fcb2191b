import path from "node:path";
import { bareEngine } from "./bare-engine.ts";
import type { Mode } from "./fleet.ts";
import { floorScript } from "./floor.ts";
import type { Contender } from "./operations.ts";
import { ourCommands, ourProgram } from "./our-program.ts";
import { realPath } from "./real-path.ts";

const ROOT = path.resolve(import.meta.dirname, "..");

/** Everything that is measured in a round, in turn; `modes` chooses what ours is asked to do. */
export function contendersOf(modes: readonly Mode[]): readonly Contender[] {
  const scripts = (["single", "batch"] as const).map(floorScript);
  return [...scripts, bareEngine(), ...modes.map((mode) => ourProgram(mode, ROOT)), ourCommands(), realPath()];
}

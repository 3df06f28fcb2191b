import { bareEngine } from "./bare-engine.ts";
import { MODES, type Mode } from "./fleet.ts";
import { floorScript } from "./floor.ts";
import type { Contender } from "./operations.ts";
import { ourCommands, ourProgram } from "./our-program.ts";
import { realPath } from "./real-path.ts";

const ROOT = new URL("..", import.meta.url).pathname;

/** Everything that is measured in a round, in turn; `modes` chooses among what ours is asked to do. */
export function contendersOf(modes: readonly Mode[]): readonly Contender[] {
  return [floorScript("single"), floorScript("batch"), bareEngine(), ...modes.map((mode) => ourProgram(mode, ROOT)), ourCommands(), realPath()];
}

/** Throws `RangeError` for a name that is no mode. */
export function modeNamed(name: string): Mode {
  const mode = (Object.keys(MODES) as Mode[]).find((one) => one === name);
  if (mode === undefined) throw new RangeError(name);
  return mode;
}

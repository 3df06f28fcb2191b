import { spawn } from "node:child_process";
import path from "node:path";
import { text } from "node:stream/consumers";
import { graphOf } from "./engine-stage.ts";
import type { Conditions, Contender, Stage, StepEnd } from "./operations.ts";

const SCRIPT = path.join(import.meta.dirname, "floor-script.ts");

/** The same Graph calls by a plain script, one by one or in batches. */
export function floorScript(way: "single" | "batch"): Contender {
  const open = async (conditions: Conditions): Promise<Stage> => {
    const emulator = await graphOf(conditions);
    return {
      steps: { up: () => node([SCRIPT, emulator.url, String(conditions.size), way]) },
      graphCalls: () => emulator.requests.filter(({ batched }) => !batched).length,
      refused: () => emulator.requests.filter(({ status }) => status === 429).length,
      stateBytes: async () => null,
      close: () => emulator.close(),
    };
  };
  const calls = way === "single" ? "single calls" : "`$batch`";
  return { name: `script-${way}`, about: `a script with the Graph calls of escrow-only, ${calls}, 64 at once`, open };
}

async function node(args: readonly string[]): Promise<StepEnd> {
  const child = spawn(process.execPath, [...args], { stdio: ["ignore", "pipe", "pipe"] });
  const ended = new Promise<number>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve(code ?? 1));
  });
  const [code, out, errors] = await Promise.all([ended, text(child.stdout), text(child.stderr)]);
  return { code, text: `${out}${errors}` };
}

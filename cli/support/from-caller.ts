import { resolve } from "node:path";

/**
 * npm runs scripts in the project's folder; a file is meant from where the caller stands. `script`:
 * the command's name as an npm script.
 */
export function fromCaller(script: string, file: string): string {
  const { npm_lifecycle_event: running, INIT_CWD: caller } = process.env;
  return running === script && caller !== undefined ? resolve(caller, file) : resolve(file);
}

import path from "node:path";

/**
 * A file as the caller of a command means it: npm runs scripts in the project's folder, and says
 * where it was called.
 */
export function fromCaller(command: string, name: string, env: NodeJS.ProcessEnv = process.env): string {
  const { npm_lifecycle_event: script, INIT_CWD: caller } = env;
  return path.resolve(script === command && caller !== undefined ? caller : process.cwd(), name);
}

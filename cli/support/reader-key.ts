import { existsSync } from "node:fs";
import path from "node:path";
import envPaths from "env-paths";

type Environment = Readonly<Record<string, string | undefined>>;

/** Where `recipients keygen` puts a reader's key, and `reveal` looks for it. */
export function readerKeyFile(): string {
  return path.join(envPaths("device-lifecycle", { suffix: "" }).config, "reader-key.txt");
}

/**
 * The file with the reader's key: what the command line says, else `DEVICE_LIFECYCLE_IDENTITY`,
 * else where `keygen` puts it; null where there is none.
 */
export function identityFile(said: string | undefined, env: Environment): string | null {
  const file = said ?? env.DEVICE_LIFECYCLE_IDENTITY;
  if (file !== undefined && file !== "") return file;
  return existsSync(readerKeyFile()) ? readerKeyFile() : null;
}

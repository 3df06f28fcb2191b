import { rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { ConfigurationError } from "../../providers/domain/errors.ts";
import { systemCode } from "../../providers/support/system-code.ts";
import type { NewFile } from "./request-text.ts";

/**
 * Writes all of them or none, each only where nothing stands, a link that leads nowhere included.
 * Throws `ConfigurationError`.
 */
export async function writeFiles(folder: string, files: readonly NewFile[]): Promise<void> {
  const written: string[] = [];
  try {
    for (const { name, text } of files) {
      const file = path.join(folder, name);
      await writeFile(file, text, { flag: "wx", mode: 0o644 });
      written.push(file);
    }
  } catch (cause) {
    for (const file of written) await rm(file, { force: true });
    const code = systemCode(cause);
    if (code === null) throw cause;
    throw new ConfigurationError(`a file could not be written in ${folder} (${code}): nothing was kept`, { cause });
  }
}

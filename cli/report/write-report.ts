import { writeFile } from "node:fs/promises";
import { printable } from "../../providers/domain/diagnostic.ts";
import { ConfigurationError } from "../../providers/domain/errors.ts";
import { systemCode } from "../../providers/support/system-code.ts";
import { fromCaller } from "../support/from-caller.ts";
import { terminalWidth } from "../support/table.ts";
import type { Format } from "./format.ts";

/**
 * To the file, or to stdout; the totals to the terminal besides, where the report is no table that
 * has them itself. `render` is told how many columns a table may have. Throws `ConfigurationError`
 * for a place that cannot be written.
 */
export async function writeReport(
  out: string | undefined,
  format: Format,
  totals: readonly string[],
  render: (width: number) => string,
): Promise<void> {
  const text = render(out === undefined ? terminalWidth() : Number.POSITIVE_INFINITY);
  if (out === undefined) process.stdout.write(text);
  else await writeTo(fromCaller("report", out), text);
  if (out !== undefined || format !== "table") for (const line of totals) console.error(printable(line));
  if (out !== undefined) console.error(`written to ${out}`);
}

async function writeTo(file: string, text: string): Promise<void> {
  await writeFile(file, text).catch((cause: unknown) => {
    throw new ConfigurationError(`cannot write ${file}: ${systemCode(cause) ?? "an unexpected error"}`, { cause });
  });
}

import { randomUUID } from "node:crypto";
import { openLedger } from "../../providers/ledger/open-ledger.ts";
import { intent } from "../contract/sample-records.ts";

/**
 * A process of its own: appends until the system refuses, and prints what it was told. Argument:
 * the project's folder.
 */
const ledger = openLedger({
  location: "file:ledger",
  root: String(process.argv[2]),
  isLoopbackGraph: false,
  clock: { now: () => Date.now(), sleep: async () => undefined },
  uuid: randomUUID,
});

for (let recorded = 0; ; recorded++) {
  const error = await failureOf(ledger.append(intent(`request-${recorded}#1`)));
  if (error === null) continue;
  const later = await failureOf(ledger.append(intent("later#1")));
  process.stdout.write(JSON.stringify({ recorded, code: error.code, message: error.message, later: later?.message }));
  break;
}

async function failureOf(work: Promise<void>): Promise<(Error & { code?: string }) | null> {
  try {
    await work;
    return null;
  } catch (error) {
    return error as Error;
  }
}

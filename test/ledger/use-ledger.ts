import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { openLedger } from "../../providers/ledger/open-ledger.ts";
import { intent } from "../contract/sample-records.ts";

/**
 * A process of its own that uses a ledger. Arguments: the project's folder, a name, and `hold` (one
 * record, then it keeps the lock until it is killed), `flood` (record after record until it is
 * killed, each printed when it is recorded) or a number of records, each appended under a lock
 * taken anew.
 */
const [root, name, work] = process.argv.slice(2);
const ledger = openLedger({
  location: "file:ledger",
  root: String(root),
  isLoopbackGraph: false,
  clock: { now: () => Date.now(), sleep: (milliseconds) => sleep(milliseconds / 10) },
  uuid: randomUUID,
  waitMs: 600_000,
});

if (work === "hold") {
  await ledger.append(intent(`${name}#1`));
  process.stdout.write("held\n");
  process.stdin.resume();
} else if (work === "flood") {
  for (let count = 0; ; count++) {
    await ledger.append(intent(`${name}-${count}#1`));
    process.stdout.write(`${name}-${count}#1\n`);
  }
} else {
  for (let count = 0; count < Number(work); count++) {
    await ledger.withDevice("A", () => ledger.append(intent(`${name}-${count}#1`)));
    await ledger.close();
  }
}

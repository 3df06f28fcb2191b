import { randomUUID } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { openLedger } from "../../providers/ledger/open-ledger.ts";
import { actionLedgerContract } from "../contract/action-ledger.contract.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { testClock } from "../support/test-clock.ts";

actionLedgerContract("the file ledger", async () => {
  const root = await temporaryFolder();
  return {
    open: (making) =>
      openLedger({ location: "file:ledger", root, isLoopbackGraph: false, clock: testClock(), uuid: randomUUID, waitMs: 300, ...making }),
    put: async (bytes) => {
      await mkdir(join(root, "ledger"), { mode: 0o700 });
      await writeFile(join(root, "ledger", "ledger.jsonl"), bytes, { mode: 0o600 });
    },
    remove: async () => undefined,
  };
});

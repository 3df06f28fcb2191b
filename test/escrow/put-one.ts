import { randomUUID } from "node:crypto";
import { Redacted } from "../../providers/domain/redacted.ts";
import { ENTRY, SECRET } from "../support/escrow-sample.ts";
import { openEscrow } from "../support/open-escrow.ts";

/**
 * A process of its own: puts one secret into the folder `escrow` and prints the reference, or the
 * error's code and text. Arguments: the project's folder, and `loopback` or nothing.
 */
const [root, graph] = process.argv.slice(2);
const store = openEscrow({
  location: "file:escrow",
  root: String(root),
  isLoopbackGraph: graph === "loopback",
  vaultSuffixes: [],
  credential: async () => {
    throw new Error("a folder needs no credential");
  },
  clock: { now: () => Date.now(), sleep: async () => undefined },
  uuid: randomUUID,
});

try {
  process.stdout.write((await store.put(ENTRY, new Redacted(SECRET))).reference);
} catch (error) {
  const { code, message } = error as { code: string; message: string };
  process.stdout.write(`${code} ${message}`);
}

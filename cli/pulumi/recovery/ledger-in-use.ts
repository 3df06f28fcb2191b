<<<<<<< fa59222362f8840a6cd8d62593b6e0fb6d4b50a5
import { access } from "node:fs/promises";
import path from "node:path";
import { LedgerBusyError } from "../../../providers/domain/errors.ts";
import { ledgerPaths } from "../../../providers/ledger/file/ledger-folder.ts";
import { acquireLock } from "../../../providers/ledger/file/ledger-lock.ts";
=======
import { ConfigurationError, LedgerBusyError } from "../../../providers/domain/errors.ts";
import { ledgerPlaceOf } from "../../support/open-stores.ts";
import { readStackConfig } from "../../support/stack-config.ts";
import { configuredPlace } from "../../support/store-locations.ts";
>>>>>>> 50968ca114d2c2c7a3b6b853b33dc6a73a307e6b
import { systemClock } from "../../support/system-clock.ts";

/**
 * A provider whose engine died ends when the call under way is answered: after an action's time
 * limit at the latest.
 */
const PROVIDER_ENDS_MS = 120_000;

/**
 * Waits until no process holds the stack's ledger. Throws `LedgerBusyError` when one goes on
 * holding it.
 */
<<<<<<< fa59222362f8840a6cd8d62593b6e0fb6d4b50a5
export async function awaitLedger(place: string, root: string, say: (line: string) => void): Promise<void> {
  if (!place.startsWith("file:")) return;
  const { lock } = ledgerPaths(path.resolve(root, place.slice("file:".length)));
  if (!(await exists(lock))) return;
=======
export async function awaitLedger(args: readonly string[], stack: string, root: string, say: (line: string) => void): Promise<void> {
  const place = ledgerPlaceOf(await ledgerPlace(args, stack, root), root);
>>>>>>> 50968ca114d2c2c7a3b6b853b33dc6a73a307e6b
  try {
    await place.awaitFree(0, systemClock);
  } catch (error) {
    if (!(error instanceof LedgerBusyError)) throw error;
    say(`up: ${error.message}: what the dead run started is still being finished; waiting for it`);
    await place.awaitFree(PROVIDER_ENDS_MS, systemClock);
  }
}

<<<<<<< fa59222362f8840a6cd8d62593b6e0fb6d4b50a5
async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
=======
/** As the run will read it: the command line, then the stack's file, then the project's. */
async function ledgerPlace(args: readonly string[], stack: string, root: string): Promise<string> {
  const said = optionValues(args, "--config", "-c").flatMap((pair) => {
    const [, key, value] = /^(?:device-lifecycle:)?(ledger|graphEndpoint)=(.*)$/.exec(pair) ?? [];
    return key === undefined || value === undefined ? [] : [[key, value] as const];
  });
  const file = optionValues(args, "--config-file").at(-1);
  return configuredPlace("ledger", new Map([...(await configOf(root, stack, file)), ...said]));
}

async function configOf(root: string, stack: string, file: string | undefined) {
  try {
    return await readStackConfig(root, stack, file);
  } catch (error) {
    if (error instanceof ConfigurationError) return readStackConfig(root, undefined);
    throw error;
  }
>>>>>>> 50968ca114d2c2c7a3b6b853b33dc6a73a307e6b
}

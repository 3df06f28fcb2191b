import { ConfigurationError, LedgerBusyError } from "../../../providers/domain/errors.ts";
import { ledgerPlaceOf } from "../../support/open-stores.ts";
import { readStackConfig } from "../../support/stack-config.ts";
import { configuredPlace } from "../../support/store-locations.ts";
import { systemClock } from "../../support/system-clock.ts";
import { optionValues } from "../stack-named.ts";

/**
 * A provider whose engine died ends when the call under way is answered: after an action's time
 * limit at the latest.
 */
const PROVIDER_ENDS_MS = 120_000;

/**
 * Waits until no process holds the stack's ledger. Throws `LedgerBusyError` when one goes on
 * holding it.
 */
export async function awaitLedger(args: readonly string[], stack: string, root: string, say: (line: string) => void): Promise<void> {
  const place = ledgerPlaceOf(await ledgerPlace(args, stack, root), root);
  try {
    await place.awaitFree(0, systemClock);
  } catch (error) {
    if (!(error instanceof LedgerBusyError)) throw error;
    say(`up: ${error.message}: what the dead run started is still being finished; waiting for it`);
    await place.awaitFree(PROVIDER_ENDS_MS, systemClock);
  }
}

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
}

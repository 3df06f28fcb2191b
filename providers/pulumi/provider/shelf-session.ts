import { LedgerError } from "../../domain/errors.ts";
import type { LedgerFacts, Ports } from "../../domain/ports.ts";
import { requestKey } from "../../domain/request.ts";
import { historyOf } from "../../engine/history.ts";
import { mapInPool } from "../../support/map-in-pool.ts";
import { findingsOf } from "../drift-findings.ts";
import { carriedFindings, publicOutputsIn, type ShelfInputs, type ShelfOutputs, shelvedKeys } from "../shelf-state.ts";
import type { PublicOutputs } from "../state.ts";
import { type DriftPorts, observeDrift, withFindings } from "./drift/observe-drift.ts";
import type { Guard } from "./guard.ts";
import { outputsByLedger } from "./outputs-by-ledger.ts";
import { watchWork } from "./watch-work.ts";

/** Fills three of Graph's batches; more would wait for its limit all the same. */
const LOOKS_AT_ONCE = 64;

/** Nothing that could send: a shelf is filled from the ledger, and a refresh looks. */
interface ShelfPorts extends DriftPorts {
  readonly ledger: Pick<Ports["ledger"], "recordsOf" | "facts">;
}

/** What one provider process does for the shelves of a run. */
export class ShelfSession {
  readonly #ports: ShelfPorts;
  readonly #guard: Pick<Guard, "checkWorld" | "checkKnown">;
  readonly #goneAfterMs: number;

  constructor(ports: ShelfPorts, guard: Pick<Guard, "checkWorld" | "checkKnown">, goneAfterMs: number) {
    this.#ports = ports;
    this.#guard = guard;
    this.#goneAfterMs = goneAfterMs;
  }

  /**
   * What the ledger has of each request that the shelf is to hold, with what refreshes found of it.
   * Sends and records nothing. Throws `LedgerError` where the ledger does not have one as
   * succeeded, or lacks what state knows.
   */
  async fill(inputs: ShelfInputs, state: ShelfOutputs | null): Promise<ShelfOutputs> {
    await this.#guard.checkWorld();
    if (state !== null) await this.#guard.checkKnown(state);
    const facts = await this.#ports.ledger.facts();
    const here = new Map((state === null ? [] : publicOutputsIn(state)).map((one) => [requestKey(one.request), findingsOf(one)]));
    const carried = carriedFindings(inputs);
    const requests = shelvedKeys(inputs.keys).map(([key]) => {
      const outputs = outputsByLedger(key, facts.recordsOf(key));
      if (outputs !== null) return withFindings(outputs, carried.get(key) ?? here.get(key) ?? []);
      throw new LedgerError(`the ledger does not have ${key} as succeeded, and it was to go onto a shelf; nothing was sent`, {
        hint: "run the command again",
      });
    });
    return shelfOf(inputs.keys, requests);
  }

  /** `pulumi refresh`: looks at each device again, as for a request with a resource of its own. */
  async look(state: ShelfOutputs): Promise<ShelfOutputs> {
    await this.#guard.checkWorld();
    await this.#guard.checkKnown(state);
    const facts = await this.#ports.ledger.facts();
    return shelfOf(state.keys, await mapInPool(publicOutputsIn(state), LOOKS_AT_ONCE, (one) => this.#lookAt(one, facts)));
  }

  /** The ledger is read once for all of them. */
  async #lookAt(outputs: PublicOutputs, facts: LedgerFacts): Promise<PublicOutputs> {
    const { begun } = historyOf(facts.recordsOf(requestKey(outputs.request)));
    if (begun === null) return outputs;
    const state = { ...outputs, plan: begun.plan, edition: "", onDrift: "report" } as const;
    const about = { name: "refresh", request: outputs.request.name, deviceId: begun.plan.device.id } as const;
    const { conditions, drift = [] } = await watchWork(
      about,
      () => observeDrift(state, { ...this.#ports, ledger: { recordsOf: async (key) => facts.recordsOf(key) } }, this.#goneAfterMs),
      ({ outcome }) => outcome,
    );
    return { ...outputs, conditions, drift };
  }
}

function shelfOf(keys: string, requests: readonly PublicOutputs[]): ShelfOutputs {
  return { keys, count: requests.length, requests: JSON.stringify(Object.fromEntries(requests.map((one) => [one.request.name, one]))) };
}

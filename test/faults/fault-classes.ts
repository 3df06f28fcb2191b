import type { EmulatedDevice } from "../../emulator/graph/start-emulator.ts";
import { destroysData, findRemoteAction, REMOTE_ACTIONS } from "../../providers/domain/actions/action-table.ts";
import { isSupervisedApple } from "../../providers/domain/managed-device.ts";
import { deviceFor, neededParameters } from "../support/action-samples.ts";
import { taken } from "./expectations.ts";
import { type Expected, expectedOf, type FaultCase, type Strike } from "./fault-case.ts";
import { RESULT_CASES } from "./result-cases.ts";
import { SEND_CASES } from "./send-cases.ts";

export const CLASSES = ["throttled", "refused", "lost", "escrow"] as const;

export type ClassName = (typeof CLASSES)[number];

/** One request of a class: its fault, and what the matrix says of it. */
export interface FaultyRequest {
  readonly name: string;
  readonly action: string;
  readonly serialNumber: string;
  readonly strikes: readonly Strike[];
  /** The device reports what it never did before the next run. */
  readonly checksIn: boolean;
  readonly expected: Expected;
}

/** Rows of the matrix, each for some of the actions. */
const ROWS: Readonly<Record<Exclude<ClassName, "escrow">, readonly string[]>> = {
  throttled: ["429 with seconds", "429 with a date", "429 without Retry-After"],
  refused: [
    "failed",
    "401 always",
    "only in a later run",
    "403",
    "404",
    "canceled",
    "409",
    "400 with an empty body",
    "notSupported",
    "the device leaves right before",
    "HTML of the status 200, which is not Graph's",
  ],
  lost: ["500 after applying", "a reset before applying", "a reset after applying", "the response is lost", "503"],
};

const ACTIONS = REMOTE_ACTIONS.filter(({ destroysData, repeatable }) => destroysData || repeatable);

/**
 * Nothing is sent that destroys a code; an action on another device may be done in the same run or
 * in the next.
 */
const STOPPED: Expected = { up: "broken", posts: 0, keeps: "", says: /escrow/, later: ["succeeded", 1] };

export function requestsOf(className: ClassName): readonly FaultyRequest[] {
  return actionsOf(className).map((action, index) => {
    const common = {
      name: `${className}-${action.name.toLowerCase()}`,
      action: action.name,
      serialNumber: `${className}${index + 1}`.toUpperCase(),
    };
    if (className === "escrow") return { ...common, strikes: [], checksIn: false, expected: guardsCode(action) ? STOPPED : taken(1) };
    const row = rowsOf(className).at(index % ROWS[className].length);
    const expected = row === undefined ? undefined : expectedOf(row, action);
    if (row === undefined || expected === undefined) throw new Error(`${className} has no row for ${action.name}`);
    const strikes = row.strikes.map((strike) => ({ ...strike, call: strike.call === "act" ? action.name : strike.call }));
    return { ...common, strikes, checksIn: row.meanwhile === "checkIn", expected };
  });
}

/** An escrow concerns what destroys a code, and what is done beside it. */
function actionsOf(className: ClassName) {
  return className === "escrow" ? ACTIONS.filter((action) => action.destroysData) : ACTIONS;
}

function rowsOf(className: Exclude<ClassName, "escrow">): readonly FaultCase[] {
  return ROWS[className].flatMap((name) => [...SEND_CASES, ...RESULT_CASES].find((row) => row.name === name) ?? []);
}

function guardsCode(action: (typeof ACTIONS)[number]): boolean {
  return action.destroysData && isSupervisedApple(deviceFor(action));
}

/**
 * What an answer did not tell is still to be seen when the run looks, however slow the machine:
 * afterwards a wiped device is gone.
 */
const CHECK_IN_MS: Readonly<Record<ClassName, number>> = { throttled: 200, refused: 200, lost: 5_000, escrow: 200 };

export function devicesOf(className: ClassName): readonly EmulatedDevice[] {
  return requestsOf(className).map(({ serialNumber, action }) => {
    const { deviceActionResults: _, id: __, ...properties } = deviceFor(findRemoteAction(action) ?? { platforms: [] });
    return { ...properties, serialNumber, deviceName: serialNumber, "x-emulator": { checkInDelayMs: CHECK_IN_MS[className] } };
  });
}

/** The request as people write it. */
export function yamlOf({ name, action, serialNumber }: FaultyRequest): object {
  const found = findRemoteAction(action);
  const parameters = found === undefined ? {} : neededParameters(found);
  const step = Object.keys(parameters).length === 0 ? action : { [action]: parameters };
  return {
    name,
    device: { serialNumber },
    steps: found !== undefined && guardsCode(found) ? ["escrowBypassCode", step] : [step],
    reason: "Fault matrix",
    ...(destroysData(action) ? { expires: "2099-12-31" } : {}),
    ...(found === undefined || found.demands.length === 0 ? {} : { acknowledge: [...found.demands] }),
  };
}

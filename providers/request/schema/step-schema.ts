import {
  ESCROW_STEP,
  findRemoteAction,
  REMOTE_ACTIONS,
  type RemoteAction,
  requiredParameters,
  STEP_NAMES,
  WAIT_STEP,
} from "../../domain/actions/action-table.ts";
import type { JsonObject } from "../../domain/json.ts";

const MAX_STEPS = 20;

/**
 * Steps that may stand as a plain word: those that Graph takes without parameters, or whose
 * parameters a list has for each device.
 */
const PLAIN_STEPS: readonly string[] = STEP_NAMES.filter((name) => name !== WAIT_STEP && needsNothing(findRemoteAction(name)));

const OWN_STEPS: JsonObject = {
  [ESCROW_STEP]: {
    type: "object",
    additionalProperties: false,
    properties: {},
    description: "Copy the Activation Lock bypass code into escrow. Comes before every step that destroys data.",
  },
  [WAIT_STEP]: { enum: ["done"], description: "Wait until the device has reported the result of the step before.", examples: ["done"] },
};

/**
 * The words that may stand in `steps`, from the action table: an action that is added there is
 * known here.
 */
export const STEP_SCHEMA: JsonObject = {
  description: "A step: its name, or a mapping of its name to its parameters.",
  anyOf: [
    { type: "string", enum: PLAIN_STEPS, enumDescriptions: PLAIN_STEPS.map(descriptionOf), examples: ["wipe"] },
    {
      type: "object",
      minProperties: 1,
      maxProperties: 1,
      additionalProperties: false,
      properties: { ...OWN_STEPS, ...Object.fromEntries(REMOTE_ACTIONS.map((action) => [action.name, parametersOf(action)])) },
    },
  ],
};

/** The key `steps` of requests and playbooks; editors show its descriptions. */
export const STEPS_SCHEMA: JsonObject = {
  type: "array",
  minItems: 1,
  maxItems: MAX_STEPS,
  description: "What is done to the device, in this order.",
  items: { $ref: "#/definitions/step" },
  examples: [[ESCROW_STEP, "bypassActivationLock", { wipe: { persistEsimDataPlan: true } }]],
};

function needsNothing(action: RemoteAction | undefined): boolean {
  return action === undefined || requiredParameters(action).every((name) => action.ofOneDevice?.includes(name));
}

function parametersOf(action: RemoteAction): JsonObject {
  return { ...action.parameters, description: describe(action) };
}

function descriptionOf(name: string): string {
  const action = findRemoteAction(name);
  return action === undefined ? "Copy the Activation Lock bypass code into escrow." : describe(action);
}

function describe(action: RemoteAction): string {
  const notes = [action.platforms.join(", "), action.destroysData ? "destroys data" : "", supervisionOf(action)];
  return `${action.title} (${notes.filter((note) => note !== "").join("; ")}).`;
}

function supervisionOf({ platforms, supervisedOn }: RemoteAction): string {
  if (supervisedOn.length === 0) return "";
  return supervisedOn.length === platforms.length ? "supervised devices only" : `supervised on ${supervisedOn.join(", ")}`;
}

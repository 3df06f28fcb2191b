import { Ajv, type ErrorObject, type ValidateFunction } from "ajv";
import type { RemoteAction } from "../../../providers/domain/actions/action-table.ts";
import type { JsonObject } from "../../../providers/domain/json.ts";
import { isObject } from "../../../providers/domain/json.ts";
import { gatewayError } from "../faults/error-answer.ts";
import type { GraphAnswer, GraphCall, GraphVersion } from "../graph-call.ts";

/** Parameters of Graph's that requests cannot set, because the product generates them. */
const GENERATED_PARAMETERS: Readonly<Record<string, JsonObject>> = {
  wipe: { macOsUnlockCode: { type: "string", pattern: "^\\d{6}$" } },
};

const ajv = new Ajv({ strict: false, logger: false });
const validators = new Map<string, ValidateFunction>();

/** The parameters, or the 400 that Graph would answer. */
export type ActionBody =
  | { readonly kind: "parameters"; readonly parameters: JsonObject }
  | { readonly kind: "refused"; readonly answer: GraphAnswer };

/**
 * The parameters that the body of an action holds; whatever Graph does not know or cannot convert
 * is a 400.
 */
export function readActionBody(call: GraphCall, action: RemoteAction): ActionBody {
  if (call.body.kind === "unreadable")
    return refuse(
      call,
      "Unable to read JSON request payload. Please ensure Content-Type header is set and payload is of valid JSON format.",
    );
  const value = call.body.kind === "none" ? {} : call.body.value;
  if (!isObject(value))
    return refuse(call, "An unexpected node was found when reading from the JSON reader. A 'StartObject' node was expected.");
  const validate = validatorOf(action, call.version);
  const [error] = validate(value) ? [] : (validate.errors ?? []);
  return error === undefined ? { kind: "parameters", parameters: value } : refuse(call, describe(error, action));
}

function validatorOf(action: RemoteAction, version: GraphVersion): ValidateFunction {
  const key = `${version}/${action.name}`;
  const known = validators.get(key);
  if (known !== undefined) return known;
  const properties = { ...action.parameters.properties, ...GENERATED_PARAMETERS[action.name] };
  const isThere = (name: string) => version === "beta" || !action.betaParameters?.includes(name);
  const served = Object.fromEntries(Object.entries(properties).filter(([name]) => isThere(name)));
  const validate = ajv.compile({ ...action.parameters, properties: served });
  validators.set(key, validate);
  return validate;
}

function describe(error: ErrorObject, action: RemoteAction): string {
  if (error.keyword === "additionalProperties")
    return `The parameter '${error.params.additionalProperty}' in the request payload is not a valid parameter for the operation '${action.name}'.`;
  return `Cannot convert the value of '${error.instancePath.slice(1)}' in the request payload: it ${error.message ?? "does not fit"}.`;
}

function refuse(call: GraphCall, message: string): ActionBody {
  return { kind: "refused", answer: gatewayError(call, 400, message) };
}

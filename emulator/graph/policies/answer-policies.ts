import { isObject, type JsonObject, type JsonValue } from "../../../providers/domain/json.ts";
import { gatewayError, intuneError } from "../faults/error-answer.ts";
import { type GraphAnswer, type GraphCall, jsonAnswer, noContent } from "../graph-call.ts";
import type { RouteParameters } from "../routes.ts";
import { type EmulatedPolicy, POLICY_LISTS, type PolicyBook, type PolicyList } from "./policy-book.ts";

/** Keys that Graph writes itself. */
const OWN_KEYS: readonly string[] = ["id", "createdDateTime", "lastModifiedDateTime", "settingCount", "version"];

const PAGE = 50;

/** A call of a list of policies, of one, or of what is below one. */
export function answerPolicies(call: GraphCall, parameters: RouteParameters, book: PolicyBook, baseUrl: string): GraphAnswer {
  const list = POLICY_LISTS.find((one) => call.segments.includes(one));
  if (list === undefined) return gatewayError(call, 400, "Resource not found.");
  if (parameters.policy === undefined) return answerList(call, list, book, baseUrl);
  const policy = book.find(list, parameters.policy);
  if (policy === undefined) return intuneError(call, 404, `The requested policy ${parameters.policy} was not found.`);
  const below = call.segments.at(-1);
  if (below === "assign") return assign(call, policy, book);
  if (below === "settings" || below === "assignments")
    return call.method === "GET" ? jsonAnswer(200, { value: policy[below] }) : notAllowed(call);
  return answerOne(call, policy, book);
}

function answerList(call: GraphCall, list: PolicyList, book: PolicyBook, baseUrl: string): GraphAnswer {
  if (call.method === "GET") {
    const skip = Number(call.query.get("$skip") ?? 0);
    const all = book.all(list);
    const page = all.slice(skip, skip + PAGE).map(shown);
    const next =
      skip + PAGE < all.length ? { "@odata.nextLink": `${baseUrl}/${call.version}/deviceManagement/${list}?$skip=${skip + PAGE}` } : {};
    return jsonAnswer(200, { value: page, ...next });
  }
  if (call.method !== "POST") return notAllowed(call);
  const body = bodyOf(call);
  const mistake = body === null ? "Cannot read the body." : mistakeIn(list, body);
  if (body === null || mistake !== null) return intuneError(call, 400, mistake ?? "");
  return jsonAnswer(201, shown(book.put({ list, ...partsOf(body), assignments: [] })));
}

function answerOne(call: GraphCall, policy: EmulatedPolicy, book: PolicyBook): GraphAnswer {
  switch (call.method) {
    case "GET":
      return jsonAnswer(200, shown(policy));
    case "DELETE":
      book.remove(policy.id);
      return noContent();
    case "PUT":
    case "PATCH":
      return change(call, policy, book);
    default:
      return notAllowed(call);
  }
}

/** PUT is of the settings catalog, and takes settings with it; PATCH changes what it names. */
function change(call: GraphCall, policy: EmulatedPolicy, book: PolicyBook): GraphAnswer {
  const body = bodyOf(call);
  const isPut = call.method === "PUT";
  if (isPut && policy.list !== "configurationPolicies") return notAllowed(call);
  if (body === null) return intuneError(call, 400, "Cannot read the body.");
  const mistake = isPut ? mistakeIn(policy.list, body) : typeMistake(policy, body);
  if (mistake !== null) return intuneError(call, 400, mistake);
  const parts = isPut ? partsOf(body) : { body: { ...policy.body, ...partsOf(body).body }, settings: policy.settings };
  const changed = book.put({ ...policy, ...parts });
  return isPut ? noContent() : jsonAnswer(200, shown(changed));
}

function assign(call: GraphCall, policy: EmulatedPolicy, book: PolicyBook): GraphAnswer {
  const assignments = bodyOf(call)?.assignments;
  if (call.method !== "POST") return notAllowed(call);
  const isRight = Array.isArray(assignments) && assignments.every((one) => isObject(one) && isObject(one.target));
  if (!isRight) return intuneError(call, 400, "assignments must be a list of targets.");
  const kept = (assignments as readonly JsonObject[]).map((one, index) => ({ id: `${policy.id}_${index}`, ...one }));
  book.put({ ...policy, assignments: kept });
  return policy.list === "configurationPolicies" ? jsonAnswer(200, { value: kept }) : noContent();
}

/** A profile's kind cannot be left out, nor become another. */
function typeMistake({ list, body: { "@odata.type": type } }: EmulatedPolicy, body: JsonObject): string | null {
  return list === "deviceConfigurations" && body["@odata.type"] !== type ? "The @odata.type of the profile is missing or another." : null;
}

function mistakeIn(list: PolicyList, body: JsonObject): string | null {
  if (list === "deviceConfigurations") return typeof body["@odata.type"] === "string" ? null : "@odata.type is missing.";
  const { name, platforms, technologies, settings } = body;
  if (typeof name !== "string" || name === "") return "name is missing.";
  if (typeof platforms !== "string" || typeof technologies !== "string") return "platforms and technologies are needed.";
  if (!Array.isArray(settings) || settings.length === 0) return "settings are needed.";
  return settings.every((one: JsonValue) => isObject(one) && isInstance(one.settingInstance)) ? null : "a setting has no instance.";
}

/** Every instance says its kind and its definition, down to the last. */
function isInstance(value: unknown): boolean {
  if (!isObject(value) || typeof value["@odata.type"] !== "string" || typeof value.settingDefinitionId !== "string") return false;
  const { groupSettingCollectionValue: groups } = value;
  return !Array.isArray(groups) || groups.every((one) => isObject(one) && Array.isArray(one.children) && one.children.every(isInstance));
}

function partsOf(body: JsonObject): Pick<EmulatedPolicy, "body" | "settings"> {
  const { settings, assignments: _, ...rest } = body;
  const own = Object.fromEntries(Object.entries(rest).filter(([key]) => !OWN_KEYS.includes(key)));
  const list = Array.isArray(settings) ? (settings as readonly JsonObject[]) : [];
  return { body: own, settings: list.map((one, index) => ({ id: String(index), ...one })) };
}

function shown({ id, body, settings, list }: EmulatedPolicy): JsonObject {
  return { id, ...body, ...(list === "configurationPolicies" ? { settingCount: settings.length } : { version: 1 }) };
}

function bodyOf({ body }: GraphCall): JsonObject | null {
  return body.kind === "json" && isObject(body.value) ? (body.value as JsonObject) : null;
}

function notAllowed(call: GraphCall): GraphAnswer {
  return gatewayError(call, 405, "The requested resource does not support the HTTP method.");
}

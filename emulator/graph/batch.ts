import { randomUUID } from "node:crypto";
import type { JsonObject, JsonValue } from "../../providers/domain/json.ts";
import { isObject } from "../../providers/domain/json.ts";
import { gatewayError } from "./faults/error-answer.ts";
import type { CallBody, Delivery, GraphAnswer, GraphCall, Handled } from "./graph-call.ts";
import { jsonAnswer } from "./graph-call.ts";
import { parseTarget } from "./parse-target.ts";

const MAXIMUM_ITEMS = 20;

interface Item {
  readonly id: string;
  readonly call: GraphCall;
}

/** Worst first: what strikes one item strikes the answer that it stands in. */
const DELIVERIES: readonly Delivery[] = ["never", "reset", "cut", "whole"];

/**
 * `POST $batch`: every item is a call of its own; answers come in another order than they were
 * asked in.
 */
export async function answerBatch(call: GraphCall, handleItem: (item: GraphCall) => Promise<Handled>, omitItems: number): Promise<Handled> {
  const items = readItems(call);
  if (typeof items === "string") return { answer: gatewayError(call, 400, items), delivery: "whole" };
  const handled = await Promise.all(items.map(async (item) => ({ id: item.id, ...(await handleItem(item.call)) })));
  const responses = handled.toReversed().map(({ id, answer }) => renderItem(id, answer));
  const delivery = DELIVERIES.find((worst) => handled.some((item) => item.delivery === worst)) ?? "whole";
  return { answer: jsonAnswer(200, { responses: responses.slice(0, responses.length - omitItems) }), delivery };
}

/** The items, or why the whole batch is refused. */
function readItems(call: GraphCall): readonly Item[] | string {
  const value = call.body.kind === "json" ? call.body.value : null;
  const requests = isObject(value) ? value.requests : undefined;
  if (!Array.isArray(requests) || requests.length === 0) return "Invalid batch payload format.";
  if (requests.length > MAXIMUM_ITEMS) return `Number of batch request steps exceeds the maximum value of ${MAXIMUM_ITEMS}.`;
  const items: Item[] = [];
  for (const request of requests) {
    const item = readItem(call, request);
    if (typeof item === "string") return item;
    if (items.some((other) => other.id === item.id)) return `Request Id ${item.id} has to be unique in a batch.`;
    items.push(item);
  }
  return items;
}

function readItem(batch: GraphCall, request: unknown): Item | string {
  if (!isObject(request)) return "Invalid batch payload format.";
  const { id, method, url, headers = {}, body, dependsOn } = request;
  if (typeof id !== "string" || id === "") return "Request Id has to be provided for each batch request.";
  if (typeof method !== "string" || typeof url !== "string") return `Batch request ${id} needs method and url.`;
  if (dependsOn !== undefined) return `Batch request ${id}: dependsOn is not served here.`;
  if (/^[a-z]+:/i.test(url)) return `Batch request ${id}: the url must be relative.`;
  const own = readHeaders(headers);
  if (own === null) return `Batch request ${id}: headers must be texts.`;
  if (body !== undefined && own["content-type"] === undefined)
    return `Write request id : ${id} does not contain Content-Type header or body.`;
  const target = parseTarget(`/${batch.version}/${url.replace(/^\//, "")}`);
  if (target.kind !== "graph" || target.segments[0] === "$batch") return `Batch request ${id}: the url is not valid.`;
  return { id, call: itemCall(batch, target, { method: method.toUpperCase(), headers: own, body: readBody(body) }) };
}

function itemCall(
  batch: GraphCall,
  target: { readonly segments: readonly string[]; readonly query: URLSearchParams; readonly target: string },
  own: Pick<GraphCall, "method" | "headers" | "body">,
): GraphCall {
  const { authorization } = batch.headers;
  return {
    version: batch.version,
    receivedAt: batch.receivedAt,
    segments: target.segments,
    query: target.query,
    target: target.target,
    ...own,
    headers: { ...own.headers, ...(authorization === undefined ? {} : { authorization }) },
    batched: true,
    requestId: randomUUID(),
  };
}

function readHeaders(headers: unknown): Record<string, string> | null {
  if (!isObject(headers)) return null;
  const entries = Object.entries(headers);
  if (!entries.every((entry): entry is [string, string] => typeof entry[1] === "string")) return null;
  return Object.fromEntries(entries.map(([name, value]) => [name.toLowerCase(), value]));
}

function readBody(body: unknown): CallBody {
  return body === undefined ? { kind: "none" } : { kind: "json", value: body as JsonValue };
}

/** Text that is not JSON goes into the batch answer as base64, as Graph does it. */
function renderItem(id: string, answer: GraphAnswer): JsonObject {
  const { status, headers, body } = answer;
  const base = { id, status };
  if (body.kind === "none") return { ...base, headers: { "Cache-Control": "no-cache", ...headers } };
  const contentType = body.kind === "json" ? "application/json" : body.contentType;
  const shown = body.kind === "json" ? body.value : Buffer.from(body.text).toString("base64");
  return { ...base, headers: { "Cache-Control": "no-cache", "Content-Type": contentType, ...headers }, body: shown };
}

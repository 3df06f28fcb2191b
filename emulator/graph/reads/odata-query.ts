import { isProperty } from "../devices/device-properties.ts";
import type { GraphCall, GraphVersion } from "../graph-call.ts";
import { type Filter, parseFilter } from "./odata-filter.ts";

/** What a query asks for, or why Graph refuses it. */
export type DeviceQuery = { readonly kind: "query" } & QueryOptions;

/** Becomes a 400; the message is worded as Graph's. */
export type QueryRefusal = { readonly kind: "refused"; readonly message: string };

interface QueryOptions {
  /** Null: the default set of properties. */
  readonly select: readonly string[] | null;
  readonly filter: Filter | null;
  readonly orderBy: { readonly property: string; readonly descending: boolean } | null;
  readonly top: number | null;
  readonly skip: number;
  readonly count: boolean;
}

const LIST_OPTIONS = ["$select", "$filter", "$top", "$skip", "$skiptoken", "$count", "$orderby"];
const SINGLE_OPTIONS = ["$select"];
const MAXIMUM_TOP = 1000;

/** `target` says which options are allowed: one device takes `$select` alone. */
export function parseDeviceQuery(
  call: Pick<GraphCall, "query" | "version">,
  target: "single" | "list",
  letterCase: "sensitive" | "insensitive",
): DeviceQuery | QueryRefusal {
  const { query, version } = call;
  const allowed = target === "list" ? LIST_OPTIONS : SINGLE_OPTIONS;
  const unknown = [...query.keys()].find((name) => name.startsWith("$") && !allowed.includes(name));
  if (unknown !== undefined) return refuse(`The query parameter '${unknown}' is not supported.`);
  const twice = [...query.keys()].find((name) => query.getAll(name).length > 1);
  if (twice !== undefined) return refuse(`Query option '${twice}' was specified more than once, but it must be specified at most once.`);
  const select = parseSelect(query.get("$select"), version);
  if ("message" in select) return select;
  const filterText = query.get("$filter");
  const filter = filterText === null ? null : parseFilter(filterText, letterCase);
  if (filter?.kind === "invalid") return refuse(filter.message);
  const numbers = parseNumbers(query);
  if ("message" in numbers) return numbers;
  const orderBy = parseOrderBy(query.get("$orderby"), version);
  if (orderBy !== null && "message" in orderBy) return orderBy;
  return { kind: "query", select: select.names, filter, orderBy, ...numbers, count: query.get("$count") === "true" };
}

function parseSelect(text: string | null, version: GraphVersion): { readonly names: readonly string[] | null } | QueryRefusal {
  if (text === null) return { names: null };
  const names = text.split(",").map((name) => name.trim());
  const unknown = names.find((name) => !isProperty(name, version));
  if (unknown === undefined) return { names };
  return refuse(
    `Parsing OData Select and Expand failed: Could not find a property named '${unknown}' on type 'microsoft.graph.managedDevice'.`,
  );
}

function parseNumbers(query: URLSearchParams): { readonly top: number | null; readonly skip: number } | QueryRefusal {
  const top = query.get("$top");
  const skip = query.get("$skip");
  if (top !== null && !(isCount(top) && Number(top) >= 1 && Number(top) <= MAXIMUM_TOP))
    return refuse(`Invalid value '${top}' for $top query option found. The limit is 1 to ${MAXIMUM_TOP}.`);
  if (skip !== null && !isCount(skip)) return refuse(`Invalid value '${skip}' for $skip query option found.`);
  const token = query.get("$skiptoken");
  const offset = token === null ? Number(skip ?? 0) : readSkipToken(token);
  if (offset === null) return refuse("Skip token is null or invalid.");
  return { top: top === null ? null : Number(top), skip: offset };
}

function parseOrderBy(text: string | null, version: GraphVersion): QueryOptions["orderBy"] | QueryRefusal {
  if (text === null) return null;
  const [property = "", direction = "asc", ...rest] = text.trim().split(/\s+/);
  if (rest.length > 0 || !["asc", "desc"].includes(direction) || !isProperty(property, version))
    return refuse(`Syntax error in the $orderby expression '${text}'.`);
  return { property, descending: direction === "desc" };
}

const TOKEN_PREFIX = "offset:";

/** Opaque to clients: what `@odata.nextLink` carries. */
export function skipToken(offset: number): string {
  return Buffer.from(`${TOKEN_PREFIX}${offset}`).toString("base64url");
}

/** The offset in a token of ours; null for any other text. */
export function readSkipToken(token: string): number | null {
  const text = Buffer.from(token, "base64url").toString("utf8");
  const number = text.slice(TOKEN_PREFIX.length);
  return text.startsWith(TOKEN_PREFIX) && isCount(number) ? Number(number) : null;
}

function isCount(text: string): boolean {
  return /^\d{1,9}$/.test(text);
}

function refuse(message: string): QueryRefusal {
  return { kind: "refused", message };
}

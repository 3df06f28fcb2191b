import type { JsonObject } from "../../../providers/domain/json.ts";
import { gatewayError, intuneError } from "../faults/error-answer.ts";
import { type GraphAnswer, type GraphCall, jsonAnswer } from "../graph-call.ts";
import { readSkipToken, skipToken } from "../reads/odata-query.ts";
import type { World } from "../world.ts";
import type { AuditEntry } from "./audit-book.ts";
import { actionAuditView, auditEventView, timeOf } from "./audit-views.ts";

/** GET of the audit log, newest first, a page at a time. */
export function listAuditEvents(call: GraphCall, world: World): GraphAnswer {
  if (world.audit.options.refused !== "none") return refused(call);
  return page(call, world, { name: "auditEvents", time: "activityDateTime", view: auditEventView });
}

/** GET of beta's list of remote actions, which has nothing but those. */
export function listActionAudits(call: GraphCall, world: World): GraphAnswer {
  if (world.audit.options.refused === "both") return refused(call);
  const view = (entry: AuditEntry) => actionAuditView(entry, call.receivedAt);
  return page(call, world, { name: "remoteActionAudits", time: "requestDateTime", view });
}

function refused(call: GraphCall): GraphAnswer {
  return intuneError(call, 403, "User is not authorized to perform this operation.");
}

interface List {
  readonly name: "auditEvents" | "remoteActionAudits";
  /** The property that a filter may be about. */
  readonly time: string;
  readonly view: (entry: AuditEntry) => JsonObject;
}

const OPTIONS: readonly string[] = ["$filter", "$top", "$skiptoken", "$count"];
const COMPARED: Readonly<Record<string, (difference: number) => boolean>> = {
  ge: (difference) => difference >= 0,
  gt: (difference) => difference > 0,
  le: (difference) => difference <= 0,
  lt: (difference) => difference < 0,
};

function page(call: GraphCall, { audit, reads }: World, { name, time, view }: List): GraphAnswer {
  const { query, version } = call;
  const unknown = [...query.keys()].find((option) => option.startsWith("$") && !OPTIONS.includes(option));
  if (unknown !== undefined) return gatewayError(call, 400, `The query parameter '${unknown}' is not supported.`);
  const fits = filterOf(query.get("$filter"), time);
  const offset = query.has("$skiptoken") ? readSkipToken(query.get("$skiptoken") ?? "") : 0;
  const top = Number(query.get("$top") ?? reads.pageSize);
  if (fits === null || offset === null || !Number.isInteger(top) || top < 1) return gatewayError(call, 400, "Invalid filter clause");
  const all = audit.visible(call.receivedAt).filter(({ about }) => name === "auditEvents" || about !== null);
  const found = reads.filterTrap ? all : all.filter(fits);
  const end = offset + Math.min(top, reads.pageSize);
  const path = `deviceManagement/${name}`;
  return jsonAnswer(200, {
    "@odata.context": `${reads.baseUrl}/${version}/$metadata#${path}`,
    // Intune counts something else than the list:
    // https://github.com/microsoftgraph/microsoft-graph-docs/issues/18143
    ...(query.has("$count") ? { "@odata.count": reads.pageSize } : {}),
    ...(end < found.length ? { "@odata.nextLink": `${reads.baseUrl}/${version}/${path}?${following(query, end)}` } : {}),
    value: found.slice(offset, end).map(view),
  });
}

function following(query: URLSearchParams, end: number): string {
  const next = new URLSearchParams(query);
  next.set("$skiptoken", skipToken(end));
  return next.toString().replaceAll("%24", "$");
}

/** Null for a filter that is not understood. */
function filterOf(text: string | null, time: string): ((entry: AuditEntry) => boolean) | null {
  if (text === null) return () => true;
  const [, property, operator = "", value = ""] = /^\s*(\w+) (\w+) (\d{4}-\d{2}-\d{2}T[\d:.]+Z)\s*$/.exec(text) ?? [];
  const compare = COMPARED[operator];
  const instant = Date.parse(value);
  return property !== time || compare === undefined ? null : (entry) => compare(timeOf(entry) - instant);
}

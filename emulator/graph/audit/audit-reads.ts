import type { JsonObject } from "../../../providers/domain/json.ts";
import { gatewayError, intuneError } from "../faults/error-answer.ts";
import { type GraphAnswer, type GraphCall, jsonAnswer } from "../graph-call.ts";
import { readSkipToken, skipToken } from "../reads/odata-query.ts";
import type { World } from "../world.ts";
import { actionAuditView, auditEventView } from "./audit-views.ts";

/** GET of the audit log, newest first, a page at a time. */
export function listAuditEvents(call: GraphCall, world: World): GraphAnswer {
  if (world.audit.options.refused !== "none") return refused(call);
  const views = world.audit.visible(call.receivedAt).map(auditEventView);
  return page(call, world, { views, path: "deviceManagement/auditEvents", time: "activityDateTime" });
}

/** GET of beta's list of remote actions. */
export function listActionAudits(call: GraphCall, world: World): GraphAnswer {
  if (world.audit.options.refused === "both") return refused(call);
  const views = world.audit.visible(call.receivedAt).map((entry) => actionAuditView(entry, call.receivedAt));
  return page(call, world, {
    views: views.filter((view) => view !== null),
    path: "deviceManagement/remoteActionAudits",
    time: "requestDateTime",
  });
}

function refused(call: GraphCall): GraphAnswer {
  return intuneError(call, 403, "User is not authorized to perform this operation.");
}

interface Listed {
  readonly views: readonly JsonObject[];
  readonly path: string;
  readonly time: string;
}

const OPTIONS: readonly string[] = ["$filter", "$top", "$skiptoken", "$count"];
const COMPARED = {
  ge: (sign: number) => sign >= 0,
  gt: (sign: number) => sign > 0,
  le: (sign: number) => sign <= 0,
  lt: (sign: number) => sign < 0,
};

function page(call: GraphCall, { reads }: World, { views, path, time }: Listed): GraphAnswer {
  const { query, version } = call;
  const unknown = [...query.keys()].find((name) => name.startsWith("$") && !OPTIONS.includes(name));
  if (unknown !== undefined) return gatewayError(call, 400, `The query parameter '${unknown}' is not supported.`);
  const since = filterOf(query.get("$filter"), time);
  const offset = query.has("$skiptoken") ? readSkipToken(query.get("$skiptoken") ?? "") : 0;
  const top = Number(query.get("$top") ?? reads.pageSize);
  if (since === undefined || offset === null || !Number.isInteger(top) || top < 1) return gatewayError(call, 400, "Invalid filter clause");
  const found = reads.filterTrap || since === null ? views : views.filter(since);
  const end = offset + Math.min(top, reads.pageSize);
  const value = found.slice(offset, end);
  return jsonAnswer(200, {
    "@odata.context": `${reads.baseUrl}/${version}/$metadata#${path}`,
    // Intune counts something else than the list: https://github.com/microsoftgraph/microsoft-graph-docs/issues/18143
    ...(query.has("$count") ? { "@odata.count": reads.pageSize } : {}),
    ...(end < found.length ? { "@odata.nextLink": `${reads.baseUrl}/${version}/${path}?${following(query, end)}` } : {}),
    value,
  });
}

function following(query: URLSearchParams, end: number): string {
  const next = new URLSearchParams(query);
  next.set("$skiptoken", skipToken(end));
  return next.toString().replaceAll("%24", "$");
}

/** Null without a filter, undefined for one that is not understood. */
function filterOf(text: string | null, time: string): ((view: JsonObject) => boolean) | null | undefined {
  if (text === null) return null;
  const [, property, operator, value] = /^\s*(\w+) (ge|gt|le|lt) (\d{4}-\d{2}-\d{2}T[\d:.]+Z)\s*$/.exec(text) ?? [];
  if (property !== time || operator === undefined || value === undefined) return undefined;
  const compare = COMPARED[operator as keyof typeof COMPARED];
  return (view) => compare(Date.parse(String(view[time])) - Date.parse(value));
}

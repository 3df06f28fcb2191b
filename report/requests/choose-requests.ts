import { STANDING_WORDS, type Standing } from "../../providers/engine/standing.ts";
import type { ReportedRequest, RequestsReport } from "./report.ts";

/** Which requests are shown; each condition that is said has to hold. */
export interface RequestsWanted {
  readonly outcomes: readonly Standing[];
  readonly playbook?: string | undefined;
  readonly ticket?: string | undefined;
  readonly person?: string | undefined;
}

/** The report with the requests that are wanted; its totals stay those of all. */
export function chooseRequests(report: RequestsReport, { outcomes, playbook, ticket, person }: RequestsWanted): RequestsReport {
  const isWanted = (request: ReportedRequest) =>
    (outcomes.length === 0 || outcomes.includes(request.outcome)) &&
    isSame(request.playbook, playbook) &&
    isSame(request.ticket, ticket) &&
    isSame(request.startedBy, person);
  const chosen = [
    ...(outcomes.length === 0 ? [] : [outcomes.map((word) => STANDING_WORDS[word]).join(" or ")]),
    ...(playbook === undefined ? [] : [`playbook ${playbook}`]),
    ...(ticket === undefined ? [] : [`ticket ${ticket}`]),
    ...(person === undefined ? [] : [`started by ${person}`]),
  ];
  return { ...report, chosen, requests: report.requests.filter(isWanted) };
}

/** People type tickets and names in any case. */
function isSame(value: string | null, asked: string | undefined): boolean {
  return asked === undefined || value?.toLowerCase() === asked.trim().toLowerCase();
}

import { STANDING_WORDS } from "../../providers/engine/standing.ts";
import type { Column, Lines, Sheet } from "../sheet/sheet.ts";
import { timeText } from "../sheet/time-text.ts";
import type { ReportedRequest, RequestsReport } from "./report.ts";
import { requestsCharts } from "./requests-charts.ts";
import { tellRequests } from "./requests-totals.ts";
import { REVEALED } from "./timeline.ts";

type Cell = Column & { readonly of: (request: ReportedRequest) => string };

const CELLS: readonly Cell[] = [
  { key: "name", title: "Request", kind: "text", of: titleOf },
  { key: "outcome", title: "Stands", kind: "words", of: ({ outcome }) => STANDING_WORDS[outcome] },
  {
    key: "playbook",
    title: "Playbook",
    kind: "text",
    isChoice: true,
    of: ({ playbook, steps }) => playbook ?? (steps.length === 0 ? "" : "own steps"),
  },
  { key: "serialNumber", title: "Serial number", kind: "text", of: ({ serialNumber, deviceId }) => serialNumber ?? deviceId ?? "" },
  { key: "ticket", title: "Ticket", kind: "text", of: ({ ticket }) => ticket ?? "" },
  { key: "startedBy", title: "Started by", kind: "text", isChoice: true, of: ({ startedBy }) => startedBy ?? "" },
  { key: "begunAt", title: "Begun", kind: "time", of: ({ begunAt }) => timeText(begunAt) },
  { key: "endedAt", title: "Ended", kind: "time", of: ({ endedAt }) => timeText(endedAt) },
  { key: "hoursToDone", title: "Hours to done", kind: "number", of: ({ secondsToDone }) => hours(secondsToDone) },
  { key: "destroysData", title: "Destroys data", kind: "words", of: ({ destroysData }) => (destroysData ? "yes" : "no") },
  { key: "revealed", title: "Shown", kind: "number", of: ({ revealed }) => (revealed === null ? "" : String(revealed)) },
  { key: "settled", title: "Settled", kind: "number", of: ({ settled }) => String(settled) },
  { key: "reason", title: "Reason", kind: "text", of: ({ reason }) => reason ?? "" },
  { key: "message", title: "Why it stands so", kind: "text", of: ({ message }) => message },
];

const COLUMNS: readonly Column[] = CELLS.map(({ key, title, kind, isChoice }) => ({ key, title, kind, ...(isChoice ? { isChoice } : {}) }));

const NOTES = [
  "A request is here when anything was done to it, or a secret of it was shown, within the time that the report is of. It stands as it stood at the end of that time.",
  "Done means that the device, or its absence, said so: what Graph only accepted is pending.",
  "Started by: who started the run that began the request. Who asked for it and who agreed stand in its pull request.",
  "Secrets shown are those that left a line in audit.jsonl. Whoever may read a Key Vault can do so past this product: the vault's own log has those.",
  "Times are those of the machines that wrote them down. This report holds no secret.",
] as const;

/** The report for people. */
export function requestsSheet(report: RequestsReport): Sheet {
  return {
    title: "Requests",
    noun: "request",
    where: report.where,
    at: report.at,
    totals: tellRequests(report),
    notes: NOTES,
    columns: COLUMNS,
    rows: report.requests.map((request) => CELLS.map(({ of }) => of(request))),
    charts: requestsCharts(report),
    lists: listsOf(report).filter(({ lines }) => lines.length > 0),
    details: report.requests.map(({ timeline }) => timeline.map(({ at, text }) => ({ time: at, text }))),
  };
}

/** `NAME`, with its generation where it is not the first. */
function titleOf({ name, generation }: ReportedRequest): string {
  return generation === 1 ? name : `${name}#${generation}`;
}

function hours(seconds: number | null): string {
  return seconds === null ? "" : (seconds / 3_600).toFixed(1);
}

function listsOf({ reveals, settlements, brake }: RequestsReport): readonly Lines[] {
  return [
    {
      title: "Secrets shown",
      lines: (reveals ?? []).map(({ at, who, action, secret, request }) => ({
        time: at,
        text: `${secret} of ${request} ${REVEALED[action]} ${who}`,
      })),
    },
    {
      title: "Settled by a person",
      lines: settlements.map(({ at, who, why, decision, request, step, action }) => ({
        time: at,
        text: `${request}, step ${step}${action === null ? "" : ` ${action}`}: ${decision}, by ${who}: ${why}`,
      })),
    },
    {
      title: "Brake",
      lines: brake.map(({ at, state, who, reason }) => ({
        time: at,
        text: `${state === "stop" ? "set" : "taken off"} by ${who}: ${reason}`,
      })),
    },
  ];
}

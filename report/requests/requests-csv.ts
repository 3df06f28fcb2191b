import { renderCsv } from "../sheet/render-csv.ts";
import type { ReportedRequest, RequestsReport } from "./report.ts";

type Cell = string | number | boolean | null;

const COLUMNS: Readonly<Record<string, (request: ReportedRequest) => Cell>> = {
  name: ({ name }) => name,
  generation: ({ generation }) => generation,
  outcome: ({ outcome }) => outcome,
  message: ({ message }) => message,
  playbook: ({ playbook }) => playbook,
  reason: ({ reason }) => reason,
  ticket: ({ ticket }) => ticket,
  startedBy: ({ startedBy }) => startedBy,
  pullRequest: ({ pullRequest }) => pullRequest,
  commit: ({ commit }) => commit,
  source: ({ source }) => source,
  serialNumber: ({ serialNumber }) => serialNumber,
  managedDeviceId: ({ deviceId }) => deviceId,
  deviceName: ({ deviceName }) => deviceName,
  destroysData: ({ destroysData }) => destroysData,
  begunAt: ({ begunAt }) => begunAt,
  endedAt: ({ endedAt }) => endedAt,
  secondsToDone: ({ secondsToDone }) => secondsToDone,
  secretsEscrowed: ({ secretsEscrowed }) => secretsEscrowed.join(" "),
  revealed: ({ revealed }) => revealed,
  settled: ({ settled }) => settled,
  steps: ({ steps }) => steps.map(({ action, status }) => `${action} ${status}`).join(", "),
};

/**
 * One row a request, with the fields of the JSON; what is null there is empty. With its timeline,
 * one row for each thing that happened to it.
 */
export function requestsCsv({ requests }: Pick<RequestsReport, "requests">, withTimelines: boolean): string {
  return withTimelines ? timelinesCsv(requests) : renderCsv(Object.keys(COLUMNS), requests.map(cellsOf));
}

function cellsOf(request: ReportedRequest): readonly string[] {
  return Object.values(COLUMNS).map((of) => String(of(request) ?? ""));
}

const OF_ENTRY = ["at", "event", "step", "action", "text"] as const;

function timelinesCsv(requests: readonly ReportedRequest[]): string {
  return renderCsv(
    ["name", "generation", "serialNumber", ...OF_ENTRY],
    requests.flatMap(({ name, generation, serialNumber, timeline }) =>
      timeline.map((entry) => [name, String(generation), serialNumber ?? "", ...OF_ENTRY.map((key) => String(entry[key] ?? ""))]),
    ),
  );
}

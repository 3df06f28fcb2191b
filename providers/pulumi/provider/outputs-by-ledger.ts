import { requestNameOf } from "../../domain/request.ts";
import type { RequestRecord } from "../../domain/request-record.ts";
import { verdictOf } from "../../engine/decide/verdict.ts";
import { historyOf } from "../../engine/history.ts";
import { reportOf } from "../../engine/report.ts";
import { type PublicOutputs, publicOutputsOf } from "../state.ts";

/**
 * The public outputs of a request that has succeeded, from its records alone: what its resource
 * would have after a run of today that had nothing to do. Null for one that has not succeeded.
 */
export function outputsByLedger(key: string, records: readonly RequestRecord[]): PublicOutputs | null {
  const history = historyOf(records);
  const { begun, standing, why } = history;
  if (begun === null || why === null || standing?.outcome !== "succeeded") return null;
  const name = requestNameOf(key);
  const { reason, ticket, source } = why;
  const request = { name, generation: Number(key.slice(name.length + 1)), reason, ticket, source };
  return publicOutputsOf(request, reportOf(begun.plan, history, verdictOf(standing), standing.device));
}

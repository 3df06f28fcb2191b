import type { Diagnostic } from "../../providers/domain/diagnostic.ts";
import { planDestroysData } from "../../providers/domain/plan.ts";
import type { LifecycleRequest } from "../../providers/domain/request.ts";
import type { LoadedRequests } from "../../providers/request/load-requests.ts";
import { count, listed } from "../../providers/support/words.ts";

/** What `validate --json` prints. Fields are only ever added. */
export function validationReport({
  requests,
  policies,
  diagnostics,
}: Pick<LoadedRequests, "requests" | "policies" | "diagnostics">): object {
  return { requests: requests.map(reportRequest), policies, diagnostics: diagnostics.map(reportDiagnostic) };
}

function reportRequest(request: LifecycleRequest): object {
  const { places: _, ...fields } = request;
  const steps = request.steps.map((step, index) => ({ index, ...step }));
  return { ...fields, destroysData: planDestroysData({ steps }) };
}

function reportDiagnostic({ code, severity, location, message, hint }: Diagnostic): object {
  return { code, severity, ...location, message, help: hint ?? null };
}

/** One line: what was checked and how it went. */
export function summarize({ requests, playbooks, policies, diagnostics, files }: Omit<LoadedRequests, "sourceLine">): string {
  const errors = diagnostics.filter((diagnostic) => diagnostic.severity === "error").length;
  const warnings = diagnostics.length - errors;
  const mistakes = errors === 0 ? "no mistakes" : count(errors, "mistake");
  const verdict = warnings === 0 ? mistakes : `${mistakes}, ${count(warnings, "warning")}`;
  const others = [
    ...(playbooks.length === 0 ? [] : [count(playbooks.length, "playbook")]),
    ...(policies.length === 0 ? [] : [policies.length === 1 ? "1 policy" : `${policies.length} policies`]),
  ];
  const checked = listed([count(requests.length, "request"), ...others], "and");
  return errors === 0 ? `${checked} in ${count(files.length, "file")}, ${verdict}` : `${verdict} in ${count(files.length, "file")}`;
}

import type { Diagnostic } from "../../providers/domain/diagnostic.ts";
import { planDestroysData } from "../../providers/domain/plan.ts";
import type { LifecycleRequest } from "../../providers/domain/request.ts";
import type { LoadedRequests } from "../../providers/request/load-requests.ts";

/** What `validate --json` prints. Fields are only ever added. */
export function validationReport({ requests, diagnostics }: Pick<LoadedRequests, "requests" | "diagnostics">): object {
  return { requests: requests.map(reportRequest), diagnostics: diagnostics.map(reportDiagnostic) };
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
export function summarize({ requests, playbooks, diagnostics, files }: Omit<LoadedRequests, "sourceLine">): string {
  const errors = diagnostics.filter((diagnostic) => diagnostic.severity === "error").length;
  const warnings = diagnostics.length - errors;
  const mistakes = errors === 0 ? "no mistakes" : count(errors, "mistake");
  const verdict = warnings === 0 ? mistakes : `${mistakes}, ${count(warnings, "warning")}`;
  const checked =
    playbooks.length === 0
      ? count(requests.length, "request")
      : `${count(requests.length, "request")} and ${count(playbooks.length, "playbook")}`;
  return errors === 0 ? `${checked} in ${count(files.length, "file")}, ${verdict}` : `${verdict} in ${count(files.length, "file")}`;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}

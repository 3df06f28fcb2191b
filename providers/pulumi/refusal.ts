import type { Diagnostic, SourceLocation } from "../domain/diagnostic.ts";
import type { DiagnosticCode } from "../domain/diagnostic-codes.ts";
import type { LifecycleRequest, RequestKey } from "../domain/request.ts";

/** A reason for which nothing may be done, at the key of the request that is to be changed. */
export function refusal(request: LifecycleRequest, key: RequestKey, code: DiagnosticCode, message: string, hint: string): Diagnostic {
  const location: SourceLocation = request.places[key] ?? request.source;
  return { code, severity: "error", message, hint, location };
}

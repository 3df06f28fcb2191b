import { type Diagnostic, sortDiagnostics } from "../../providers/domain/diagnostic.ts";
import { expiryInstant, type LifecycleRequest } from "../../providers/domain/request.ts";

/**
 * Warns of requests that would not run any more, once for each place: a list of many devices has
 * one. The files alone do not tell whether a request was done before, so this is no mistake. `now`
 * in milliseconds since the epoch.
 */
export function pastExpiries(requests: readonly LifecycleRequest[], now: number): readonly Diagnostic[] {
  const found = new Map<string, Diagnostic>();
  for (const request of requests) {
    const expiry = expiryInstant(request.expires);
    if (expiry === null || now < expiry) continue;
    const warning = warningOf(request);
    found.set(`${warning.location.file}:${warning.location.line}`, warning);
  }
  return sortDiagnostics([...found.values()]);
}

function warningOf({ expires, places, source }: LifecycleRequest): Diagnostic {
  return {
    code: "DLR211",
    severity: "warning",
    message: `expires is past: a request that is not finished is not run after the end of ${expires} (UTC)`,
    location: places.expires ?? source,
    hint: "write a later date where it is not done yet; dlr ledger show STACK NAME says what was done",
  };
}

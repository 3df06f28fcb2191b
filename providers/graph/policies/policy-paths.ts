import type { PolicyForm } from "../../domain/lock-policy.ts";
import type { GraphCallFacts } from "../client/middleware/graph-call.ts";
import { policyPath } from "../client/urls.ts";

/** The settings catalog is in beta alone; profiles are in both. */
const VERSIONS = { settingsCatalog: "beta", deviceRestrictions: "v1.0" } as const satisfies Readonly<Record<PolicyForm, string>>;

const COMMON = { weight: 1, identity: "any", clientRequestId: null, headers: {} } as const;

/** A read of one policy, or of what is below it. */
export function readOf(form: PolicyForm, id: string, below: "" | "/settings" | "/assignments"): GraphCallFacts {
  return readAt(form, `${policyPath(form, id)}${below}`);
}

/** A read of a list of them; `path` has its query. */
export function readAt(form: PolicyForm, path: string): GraphCallFacts {
  const headers = { "cache-control": "no-cache" };
  return { ...COMMON, method: "GET", version: VERSIONS[form], path, mode: "read", rateClass: "read", headers, body: null };
}

/** A write. Only what makes a policy does harm twice, and is one request. */
export function writeTo(form: PolicyForm, method: "POST" | "PATCH" | "PUT" | "DELETE", path: string, body: object | null): GraphCallFacts {
  const isMaking = method === "POST" && !path.endsWith("/assign");
  return {
    ...COMMON,
    method,
    version: VERSIONS[form],
    path,
    mode: isMaking ? "once" : "repeatable",
    rateClass: "write",
    headers: body === null ? {} : { "content-type": "application/json" },
    body: body === null ? null : JSON.stringify(body),
  };
}

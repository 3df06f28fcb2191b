/**
 * A refusal as the login service words it. Source:
 * https://learn.microsoft.com/entra/identity-platform/reference-error-codes
 */
export class EntraError extends Error {
  readonly status: number;
  readonly error: string;
  readonly aadsts: number;
  readonly suberror: string | undefined;

  constructor(kind: keyof typeof REFUSALS, detail: string) {
    const { status, error, aadsts, suberror } = { suberror: undefined, ...REFUSALS[kind] };
    super(`AADSTS${aadsts}: ${detail}`);
    this.name = "EntraError";
    this.status = status;
    this.error = error;
    this.aadsts = aadsts;
    this.suberror = suberror;
  }

  body(now: number): object {
    const ids = { trace_id: "00000000-0000-0000-0000-00000000aaaa", correlation_id: "00000000-0000-0000-0000-00000000bbbb" };
    const timestamp = `${new Date(now).toISOString().slice(0, 19).replace("T", " ")}Z`;
    const support = `Trace ID: ${ids.trace_id} Correlation ID: ${ids.correlation_id} Timestamp: ${timestamp}`;
    const suberror = this.suberror === undefined ? {} : { suberror: this.suberror };
    return {
      error: this.error,
      error_description: `${this.message} ${support}`,
      error_codes: [this.aadsts],
      timestamp,
      ...ids,
      ...suberror,
    };
  }
}

const client = { status: 401, error: "invalid_client" } as const;
const grant = { status: 400, error: "invalid_grant" } as const;

const REFUSALS = {
  wrongSecret: { ...client, aadsts: 7000215 },
  expiredSecret: { ...client, aadsts: 7000222 },
  noSecret: { ...client, aadsts: 7000218 },
  unknownCertificate: { ...client, aadsts: 700027 },
  wrongSignature: { ...client, aadsts: 50013 },
  outsideItsTime: { ...client, aadsts: 700024 },
  wrongIssuer: { ...client, aadsts: 700211 },
  wrongAudience: { ...client, aadsts: 700212 },
  wrongSubject: { ...client, aadsts: 700213 },
  unknownApplication: { status: 400, error: "unauthorized_client", aadsts: 700016 },
  unknownTenant: { status: 400, error: "invalid_request", aadsts: 90002 },
  unknownResource: { status: 400, error: "invalid_resource", aadsts: 500011 },
  wrongScope: { status: 400, error: "invalid_scope", aadsts: 1002012 },
  unknownGrant: { status: 400, error: "unsupported_grant_type", aadsts: 70003 },
  noConsent: { ...grant, aadsts: 65001, suberror: "consent_required" },
  codeUnknown: { ...grant, aadsts: 70000 },
  codeExpired: { status: 400, error: "expired_token", aadsts: 70020 },
  codePending: { status: 400, error: "authorization_pending", aadsts: 70016 },
  codeDeclined: { status: 400, error: "authorization_declined", aadsts: 70018 },
  lapsed: { ...grant, aadsts: 700082, suberror: "token_expired" },
  revoked: { ...grant, aadsts: 50173, suberror: "bad_token" },
} as const satisfies Readonly<Record<string, { status: number; error: string; aadsts: number; suberror?: string }>>;

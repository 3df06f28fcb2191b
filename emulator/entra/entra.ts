import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { OAuth2Service } from "oauth2-mock-server";
import { generate } from "selfsigned";
import { EntraError } from "./entra-error.ts";
import { EntraGrants } from "./entra-grants.ts";
import { createIssuer } from "./entra-jwt.ts";
import { DEFAULT_TENANT, DEFAULT_USERNAME, type EntraOptions, type SeenEntraRequest } from "./entra-options.ts";
import { Pipelines, type PipelineToken } from "./entra-pipelines.ts";
import { AZURE_DEVOPS_PATH, answerEntra, type EntraCall, type EntraParts, GITHUB_PATH, MANAGED_IDENTITY_PATH } from "./entra-routes.ts";

export type { EntraOptions } from "./entra-options.ts";
export { AZURE_DEVOPS, GITHUB } from "./entra-pipelines.ts";

/** A running login service on this machine; `close` ends it. */
export interface Entra {
  /** `https://127.0.0.1:PORT`, for AZURE_AUTHORITY_HOST. */
  readonly url: string;
  readonly tenantId: string;
  /** PEM; to be trusted by the client (`NODE_EXTRA_CA_CERTS`). */
  readonly caCertificate: string;
  readonly requests: readonly SeenEntraRequest[];
  /** What a build system, or a host with a managed identity, sets for a job. */
  readonly job: {
    readonly githubUrl: string;
    readonly azureDevOpsUrl: string;
    readonly managedIdentityUrl: string;
    readonly token: string;
    readonly serviceConnectionId: string;
  };
  /** Every token, code and proof that went out. */
  issued(): readonly string[];
  /** A token of a build system's, made out as given. */
  issuePipelineToken(token: PipelineToken): Promise<string>;
  /** Codes that wait for a person, oldest first. */
  pendingCodes(): readonly string[];
  /** What the person does in the browser. */
  answerCode(userCode: string, state: "entered" | "declined"): void;
  /** No refresh token is taken any more; null: they are again. */
  endSessions(why: "lapsed" | "revoked" | null): void;
  /** The next so many requests are answered with this status and nothing to read. */
  failNext(count: number, status: number): void;
  close(): Promise<void>;
}

/**
 * The login service of one tenant on this machine, over https with a certificate of its own;
 * `oauth2-mock-server` keeps its keys and signs.
 */
export async function startEntra(options: EntraOptions): Promise<Entra> {
  const { clock: now = Date.now, tenantId = DEFAULT_TENANT, lifetime = 3_600, username = DEFAULT_USERNAME, applications } = options;
  const [{ issuer }, { issuer: pipelineIssuer, publicKey: pipelineKey }] = await Promise.all([createIssuer(), createIssuer()]);
  const certificate = options.certificate ?? (await createCertificate());
  const server = createServer(certificate, (request, response) => {
    handle(request, response).catch((error: unknown) => response.destroy(error instanceof Error ? error : undefined));
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen(options.port ?? 0, "127.0.0.1", resolve);
  });
  const origin = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  issuer.url = `${origin}/${tenantId}/v2.0`;
  pipelineIssuer.url = origin;
  const tokenEndpoint = `${origin}/${tenantId}/oauth2/v2.0/token`;
  const pipelines = new Pipelines(pipelineIssuer, now);
  const rules = { issuer, tenantId, origin, lifetime, username, applications, tokenEndpoint, now, pipelineKey };
  const parts: EntraParts = { origin, tenantId, applications, pipelines, grants: new EntraGrants(rules) };
  const keys = new OAuth2Service(issuer, { jwks: `/${tenantId}/discovery/v2.0/keys` });
  const requests: SeenEntraRequest[] = [];
  let failures = { left: 0, status: 503 };

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.url?.endsWith("/keys")) return keys.requestHandler(request, response);
    const call = await readCall(request, origin);
    const outcome = failures.left > 0 ? fail() : await outcomeOf(call, parts, now);
    const { method, url, form } = call;
    const seen = { method, path: url.pathname, grantType: form.grant_type ?? null, clientId: form.client_id ?? null };
    requests.push({ ...seen, refused: outcome.refused });
    response.writeHead(outcome.status, { "content-type": "application/json; charset=utf-8" }).end(JSON.stringify(outcome.body));
  }

  function fail(): Outcome {
    failures = { ...failures, left: failures.left - 1 };
    return { status: failures.status, body: "unavailable", refused: `${failures.status}` };
  }

  return {
    url: origin,
    tenantId,
    caCertificate: certificate.cert,
    requests,
    job: {
      githubUrl: `${origin}${GITHUB_PATH}?api-version=2.0`,
      azureDevOpsUrl: `${origin}${AZURE_DEVOPS_PATH}`,
      managedIdentityUrl: `${origin}${MANAGED_IDENTITY_PATH}`,
      token: pipelines.jobToken,
      serviceConnectionId: pipelines.serviceConnectionId,
    },
    issued: () => [...parts.grants.issued, ...pipelines.issued],
    issuePipelineToken: (token) => pipelines.issue(token),
    pendingCodes: () => parts.grants.pendingCodes(),
    answerCode: (userCode, state) => parts.grants.answerCode(userCode, state),
    endSessions: (why) => {
      parts.grants.refusesRefresh = why;
    },
    failNext: (left, status) => {
      failures = { left, status };
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** For any number of doubles: a client can trust only one certificate of a name. */
export async function createCertificate(): Promise<{ readonly key: string; readonly cert: string }> {
  const { private: key, cert } = await generate([{ name: "commonName", value: "localhost" }], { algorithm: "sha256", keyType: "ec" });
  return { key, cert };
}

async function readCall(request: IncomingMessage, origin: string): Promise<EntraCall> {
  return {
    method: request.method ?? "GET",
    url: new URL(request.url ?? "/", origin),
    form: Object.fromEntries(new URLSearchParams(await text(request))),
    authorization: request.headers.authorization ?? "",
    identityHeader: [request.headers["x-identity-header"] ?? ""].flat().join(),
  };
}

interface Outcome {
  readonly status: number;
  readonly body: unknown;
  readonly refused: string | null;
}

async function outcomeOf(call: EntraCall, parts: EntraParts, now: () => number): Promise<Outcome> {
  try {
    const body = await answerEntra(call, parts);
    return { status: body === null ? 404 : 200, body: body ?? {}, refused: null };
  } catch (error) {
    if (!(error instanceof EntraError)) throw error;
    return { status: error.status, body: error.body(now()), refused: `AADSTS${error.aadsts}` };
  }
}

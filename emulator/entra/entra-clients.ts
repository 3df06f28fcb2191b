import { type KeyObject, X509Certificate } from "node:crypto";
import { EntraError } from "./entra-error.ts";
import { isSignedBy, readClaims } from "./entra-jwt.ts";
import type { EntraApplication } from "./entra-options.ts";

/** The body of a token request, decoded; a field that is absent is not there. */
export type Form = Readonly<Record<string, string>>;

/** Who is registered, and what their proofs are checked against. */
export interface ClientRules {
  readonly applications: readonly EntraApplication[];
  /** Address of the token endpoint: what an application's own assertion must be made out to. */
  readonly tokenEndpoint: string;
  /** Signs what the pipelines' doubles issue. */
  readonly pipelineKey: KeyObject;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** The application that a request names. Throws `EntraError`. */
export function findApplication({ client_id: clientId = "" }: Form, { applications }: ClientRules): EntraApplication {
  const found = applications.find((application) => application.clientId === clientId);
  if (found !== undefined) return found;
  throw new EntraError("unknownApplication", `Application with identifier '${clientId}' was not found in the directory 'Contoso'.`);
}

/** Throws `EntraError` for an application that does not prove itself. */
export async function authenticateClient(form: Form, rules: ClientRules): Promise<EntraApplication> {
  const application = findApplication(form, rules);
  const { client_assertion: assertion, client_secret: secret } = form;
  if (assertion !== undefined) await checkAssertion(assertion, application, rules);
  else if (secret !== undefined) checkSecret(secret, application);
  else throw new EntraError("noSecret", "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.");
  return application;
}

/** For what a person does through an application that has no secret. */
export function checkPublic(application: EntraApplication): void {
  if (application.isPublic === true) return;
  throw new EntraError("noSecret", "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.");
}

function checkSecret(secret: string, application: EntraApplication): void {
  if (secret !== application.secret) {
    const text = `Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '${application.clientId}'.`;
    throw new EntraError("wrongSecret", text);
  }
  if (application.isSecretExpired)
    throw new EntraError("expiredSecret", `The provided client secret keys for app '${application.clientId}' are expired.`);
}

async function checkAssertion(assertion: string, application: EntraApplication, rules: ClientRules): Promise<void> {
  const claims = readClaims(assertion);
  if (claims === null) throw new EntraError("wrongSignature", "Client assertion failed signature validation.");
  const { iss, nbf, exp } = claims;
  const now = rules.now() / 1000;
  const isInTime = typeof exp === "number" && now < exp + LEEWAY && (typeof nbf !== "number" || now >= nbf - LEEWAY);
  if (!isInTime) throw new EntraError("outsideItsTime", "Client assertion is not within its valid time range.");
  if (iss === application.clientId) await checkOwn(assertion, claims, application, rules);
  else await checkFederated(assertion, claims, application, rules);
}

/** Seconds. */
const LEEWAY = 300;

type Claims = Readonly<Record<string, unknown>>;

async function checkOwn(assertion: string, claims: Claims, { certificate }: EntraApplication, rules: ClientRules): Promise<void> {
  const key = certificate === undefined ? null : new X509Certificate(certificate).publicKey;
  if (key === null || !(await isSignedBy(assertion, key)))
    throw new EntraError(
      "unknownCertificate",
      "The certificate with identifier used to sign the client assertion is not registered on application.",
    );
  if (claims.aud !== rules.tokenEndpoint || claims.sub !== claims.iss)
    throw new EntraError("wrongSignature", "Client assertion audience claim does not match Realm issuer.");
}

async function checkFederated(
  assertion: string,
  claims: Claims,
  application: EntraApplication,
  { pipelineKey }: ClientRules,
): Promise<void> {
  const ofIssuer = application.federated?.filter(({ issuer }) => issuer === claims.iss) ?? [];
  const named = (what: string, value: unknown) =>
    `No matching federated identity record found for presented assertion ${what} '${String(value)}'.`;
  if (ofIssuer.length === 0) throw new EntraError("wrongIssuer", named("issuer", claims.iss));
  if (!(await isSignedBy(assertion, pipelineKey))) throw new EntraError("wrongSignature", "Client assertion failed signature validation.");
  const ofAudience = ofIssuer.filter(({ audience }) => audience === claims.aud);
  if (ofAudience.length === 0) throw new EntraError("wrongAudience", named("audience", claims.aud));
  if (!ofAudience.some(({ subject }) => subject === claims.sub)) throw new EntraError("wrongSubject", named("subject", claims.sub));
}

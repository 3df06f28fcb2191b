import { randomBytes, randomUUID } from "node:crypto";
import type { OAuth2Issuer } from "oauth2-mock-server";
import { CLOUDS } from "../../providers/support/cloud.ts";
import { authenticateClient, type ClientRules, checkPublic, type Form, findApplication } from "./entra-clients.ts";
import { EntraError } from "./entra-error.ts";
import type { EntraApplication } from "./entra-options.ts";

/** With what is needed to issue tokens: the key, the tenant and the user. */
export interface GrantRules extends ClientRules {
  readonly issuer: OAuth2Issuer;
  readonly tenantId: string;
  readonly origin: string;
  /** Of access tokens, in seconds. */
  readonly lifetime: number;
  readonly username: string;
}

interface Code {
  readonly clientId: string;
  readonly scope: string;
  readonly expiresAt: number;
  state: "pending" | "entered" | "declined";
}

interface Session {
  readonly clientId: string;
  readonly username: string;
}

const CODE_SECONDS = 900;

/**
 * What the token endpoint and the device code endpoint do, with the codes and refresh tokens that
 * they remember.
 */
export class EntraGrants {
  readonly #rules: GrantRules;
  readonly #codes = new Map<string, Code & { readonly userCode: string }>();
  readonly #sessions = new Map<string, Session>();
  /** Every token and code that went out: none of it may be found anywhere. */
  readonly issued: string[] = [];
  /** From now on no refresh token is taken. */
  refusesRefresh: "lapsed" | "revoked" | null = null;

  constructor(rules: GrantRules) {
    this.#rules = rules;
  }

  deviceCode(form: Form): object {
    findApplication(form, this.#rules);
    const code = this.#remember(randomBytes(24).toString("base64url"));
    const userCode = randomBytes(5).toString("hex").slice(0, 9).toUpperCase();
    const expiresAt = this.#rules.now() + CODE_SECONDS * 1000;
    this.#codes.set(code, { clientId: form.client_id ?? "", scope: form.scope ?? "", expiresAt, state: "pending", userCode });
    const uri = `${this.#rules.origin}/device`;
    const message = `To sign in, use a web browser to open the page ${uri} and enter the code ${userCode} to authenticate.`;
    return { user_code: userCode, device_code: code, verification_uri: uri, expires_in: CODE_SECONDS, interval: 1, message };
  }

  /** Codes that wait for a person, oldest first. */
  pendingCodes(): readonly string[] {
    return [...this.#codes.values()].filter((code) => code.state === "pending").map((code) => code.userCode);
  }

  /** What the person does in the browser. */
  answerCode(userCode: string, state: "entered" | "declined"): void {
    const code = [...this.#codes.values()].find((candidate) => candidate.userCode === userCode);
    if (code === undefined) throw new TypeError(`no code ${userCode} was given out`);
    code.state = state;
  }

  async token(form: Form): Promise<object> {
    switch (form.grant_type) {
      case "client_credentials":
        return this.#forApplication(form);
      case "urn:ietf:params:oauth:grant-type:device_code":
      case "device_code":
        return this.#forCode(form);
      case "refresh_token":
        return this.#renew(form);
      default:
        throw new EntraError("unknownGrant", `The app requested an unsupported grant type '${form.grant_type}'.`);
    }
  }

  async #forApplication(form: Form): Promise<object> {
    const application = await authenticateClient(form, this.#rules);
    const scope = form.scope?.split(" ").find((word) => word.startsWith("https://")) ?? "";
    if (!scope.endsWith("/.default"))
      throw new EntraError(
        "wrongScope",
        `The provided value for scope ${scope} is not valid. Client credential flows must have a scope value with /.default suffixed to the resource identifier.`,
      );
    return this.applicationToken(application, resourceOf(scope));
  }

  async #forCode({ device_code: text = "", ...form }: Form): Promise<object> {
    const application = findApplication(form, this.#rules);
    const code = this.#codes.get(text);
    if (code === undefined || code.clientId !== application.clientId)
      throw new EntraError("codeUnknown", "The provided value for the input parameter 'device_code' is not valid.");
    if (this.#rules.now() >= code.expiresAt) throw new EntraError("codeExpired", "The 'device_code' has expired.");
    if (code.state === "pending")
      throw new EntraError("codePending", "OAuth 2.0 device flow error. Authorization is pending. Continue polling.");
    if (code.state === "declined") throw new EntraError("codeDeclined", "End-user declined the authorization request.");
    this.#codes.delete(text);
    checkPublic(application);
    return this.#forPerson(application, { clientId: application.clientId, username: this.#rules.username }, code.scope);
  }

  async #renew({ refresh_token: text = "", scope = "", ...form }: Form): Promise<object> {
    const application = findApplication(form, this.#rules);
    const session = this.#sessions.get(text);
    if (session === undefined || session.clientId !== application.clientId)
      throw new EntraError("codeUnknown", "The provided value for the input parameter 'refresh_token' is not valid.");
    if (this.refusesRefresh === "lapsed") throw new EntraError("lapsed", "The refresh token has expired due to inactivity.");
    if (this.refusesRefresh === "revoked")
      throw new EntraError("revoked", "The provided grant has expired due to it being revoked, a fresh auth token is needed.");
    return this.#forPerson(application, session, scope);
  }

  async #forPerson(application: EntraApplication, session: Session, scope: string): Promise<object> {
    const resource = resourceOf(scope.split(" ").find((word) => word.startsWith("https://")) ?? "");
    const scopes = application.scopes ?? [];
    if (scopes.length === 0)
      throw new EntraError(
        "noConsent",
        `The user or administrator has not consented to use the application with ID '${application.clientId}' named 'device-lifecycle'.`,
      );
    const oid = "11111111-2222-4333-8444-555555555555";
    const user = { oid, tid: this.#rules.tenantId, name: "Anna", sub: "subject" };
    const access = await this.#sign({
      ...user,
      aud: resource,
      appid: application.clientId,
      upn: session.username,
      scp: scopes.join(" "),
      idtyp: "user",
    });
    const issuer = { iss: `${this.#rules.origin}/${this.#rules.tenantId}/v2.0`, aud: application.clientId };
    const id = await this.#sign({ ...user, ...issuer, preferred_username: session.username, ver: "2.0" });
    const refresh = this.#remember(randomBytes(32).toString("base64url"));
    this.#sessions.set(refresh, session);
    const clientInfo = Buffer.from(JSON.stringify({ uid: oid, utid: this.#rules.tenantId })).toString("base64url");
    return {
      ...this.#answer(access),
      scope: `${scopes.map((name) => `${resource}/${name}`).join(" ")} openid profile`,
      refresh_token: refresh,
      id_token: id,
      client_info: clientInfo,
    };
  }

  /** The answer to an application that has proven itself. */
  async applicationToken(
    { clientId, roles = [] }: EntraApplication,
    resource: string,
  ): Promise<{ readonly access_token: string; readonly expires_in: number }> {
    const tid = this.#rules.tenantId;
    return this.#answer(await this.#sign({ aud: resource, appid: clientId, tid, oid: randomUUID(), roles, idtyp: "app" }));
  }

  #answer(accessToken: string) {
    const { lifetime } = this.#rules;
    return { token_type: "Bearer", expires_in: lifetime, ext_expires_in: lifetime, access_token: accessToken };
  }

  /** Times are the double's own: a client with another clock must get along with them. */
  async #sign(claims: Readonly<Record<string, unknown>>): Promise<string> {
    const now = Math.floor(this.#rules.now() / 1000);
    const times = { iat: now, nbf: now - 300, exp: now + this.#rules.lifetime };
    const iss = `https://sts.windows.net/${this.#rules.tenantId}/`;
    const add = (_header: object, payload: object) => Object.assign(payload, { iss, uti: randomUUID(), ...times, ...claims });
    return this.#remember(await this.#rules.issuer.buildToken({ scopesOrTransform: add }));
  }

  #remember(secret: string): string {
    this.issued.push(secret);
    return secret;
  }
}

/** Storage is one resource in all clouds. */
const RESOURCES: readonly string[] = [
  "https://storage.azure.com",
  ...Object.values(CLOUDS).flatMap((cloud) => [cloud.graphHost, cloud.vaultSuffix, cloud.managementHost].map((host) => `https://${host}`)),
];

function resourceOf(scope: string): string {
  const resource = scope.replace(/\/\.default$/, "");
  if (RESOURCES.includes(resource)) return resource;
  throw new EntraError("unknownResource", `The resource principal named ${resource} was not found in the tenant named Contoso.`);
}

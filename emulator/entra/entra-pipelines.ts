import { randomUUID } from "node:crypto";
import type { OAuth2Issuer } from "oauth2-mock-server";

/** Whom a pipeline's token names, and whom it is for. */
export interface PipelineToken {
  readonly issuer: string;
  readonly subject: string;
  readonly audience: string;
  /** Seconds from now; negative for one that has ended. */
  readonly expiresIn?: number;
}

/** As GitHub and Azure DevOps name themselves and a job of ours. */
export const GITHUB = {
  issuer: "https://token.actions.githubusercontent.com",
  subject: "repo:contoso/devices:environment:production",
} as const;

/** `0000` stands for the organization's id; the audience is the one that Entra asks for. */
export const AZURE_DEVOPS = {
  issuer: "https://vstoken.dev.azure.com/0000",
  subject: "sc://contoso/devices/intune",
  audience: "api://AzureADTokenExchange",
} as const;

/** The services of build systems and hosts that give a job its proof, in one. */
export class Pipelines {
  readonly #issuer: OAuth2Issuer;
  readonly #now: () => number;
  /** What a job shows to be given its token. */
  readonly jobToken = `job-${randomUUID()}`;
  readonly serviceConnectionId = randomUUID();
  readonly issued: string[] = [this.jobToken];

  constructor(issuer: OAuth2Issuer, now: () => number) {
    this.#issuer = issuer;
    this.#now = now;
  }

  async issue({ issuer, subject, audience, expiresIn = 300 }: PipelineToken): Promise<string> {
    const now = Math.floor(this.#now() / 1000);
    const claims = { iss: issuer, sub: subject, aud: audience, iat: now, nbf: now - 300, exp: now + expiresIn };
    const token = await this.#issuer.buildToken({ scopesOrTransform: (_header, payload) => void Object.assign(payload, claims) });
    this.issued.push(token);
    return token;
  }

  /** Null: not for whoever asked. */
  async github(url: URL, authorization: string): Promise<object | null> {
    if (authorization !== `Bearer ${this.jobToken}`) return null;
    return { count: 1, value: await this.issue({ ...GITHUB, audience: url.searchParams.get("audience") ?? "https://github.com/contoso" }) };
  }

  async azureDevOps(url: URL, authorization: string): Promise<object | null> {
    const isOurs = url.searchParams.get("serviceConnectionId") === this.serviceConnectionId && url.searchParams.has("api-version");
    if (authorization !== `Bearer ${this.jobToken}` || !isOurs) return null;
    return { oidcToken: await this.issue(AZURE_DEVOPS) };
  }
}

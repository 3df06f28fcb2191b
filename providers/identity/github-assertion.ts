import { SignInError } from "../domain/errors.ts";
import type { Redacted } from "../domain/redacted.ts";
import type { Cloud } from "../support/cloud.ts";
import { isTokenText } from "./access-token.ts";
import type { SignInHttp } from "./sign-in-http.ts";

/**
 * Whom the job's token must be made out to, so that Entra takes it. Source:
 * https://learn.microsoft.com/graph/api/resources/federatedidentitycredentials-overview
 */
const AUDIENCES: Readonly<Record<Cloud, string>> = {
  global: "api://AzureADTokenExchange",
  usGovernment: "api://AzureADTokenExchangeUSGov",
  usGovernmentDod: "api://AzureADTokenExchangeUSGov",
  china: "api://AzureADTokenExchangeChina",
};

/**
 * GitHub's token for this job, which Entra takes in place of a secret. Each lives for minutes: one
 * is asked for each time.
 */
export async function askGitHub(requestUrl: string, requestToken: Redacted<string>, cloud: Cloud, http: SignInHttp): Promise<string> {
  const url = new URL(requestUrl);
  url.searchParams.set("audience", AUDIENCES[cloud]);
  const headers = { accept: "application/json; api-version=2.0", authorization: `Bearer ${requestToken.reveal()}` };
  const { status, body } = await http({ method: "GET", url: url.href, headers });
  if (status === 200 && typeof body.value === "string" && isTokenText(body.value)) return body.value;
  throw new SignInError(`GitHub gave no token for this job (status ${status})`, {
    hint: "give the job permissions: id-token: write; a token can be asked for only while the job runs",
  });
}

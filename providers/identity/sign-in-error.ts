import { printable } from "../domain/diagnostic.ts";
import { SignInError } from "../domain/errors.ts";
import { isObject, parseJson } from "../domain/json.ts";

const LONGEST_REASON = 400;

/**
 * What the login service last said in words: the libraries' errors leave it out, or keep a number
 * of it. "" where it said nothing of an error.
 */
export interface Said {
  description: string;
}

/** Empty for an answer that is no refusal; else the service's own description, else the status. */
export function describeRefusal(status: number, body: string): string {
  if (status < 400) return "";
  const value = parseJson(body);
  if (isObject(value) && typeof value.error_description === "string") return value.error_description;
  // A page of a gateway in between: its status is all there is to say.
  return `the login service answered ${status}`;
}

/**
 * What a sign-in library threw, for people. Only the name and the first line of it are kept: a
 * library's error may hold what a command printed or a server sent. `described` is what the login
 * service itself said, where that is known.
 */
export function signInError(what: string, error: unknown, otherwise: string, described = ""): SignInError {
  const name = error instanceof Error ? error.name : "Error";
  const reason = cleanLine(described === "" ? messageOf(error) : described);
  const cause = new Error(reason);
  cause.name = name;
  const hint =
    hintOf(error) ??
    hintFor(entraCode(`${described} ${messageOf(error)}`)) ??
    (isAzureCliLogin(error) ? `${otherwise}; ${SEE_IN_AZURE_CLI}` : otherwise);
  return new SignInError(`${what}: ${reason}`, { hint, cause });
}

/**
 * The first line, or what the login service says in any; safe on a terminal, without tokens and
 * without the ids that only support can use.
 */
function cleanLine(text: string): string {
  const lines = text.split(/[\r\n]+/);
  const first = lines[0]?.trim() ?? "";
  const line = lines.map((one) => /\bAADSTS\d{4,7}: .*/.exec(one)?.[0]).find((said) => said !== undefined) ?? first;
  return printable(withoutTokens(line.split(/ (?:- )?(?:Trace ID|Correlation ID|Timestamp): /, 1)[0] ?? "")).slice(0, LONGEST_REASON);
}

/** The login service's own number, `7000215` of `AADSTS7000215`, or null. */
function entraCode(text: string): string | null {
  return /\bAADSTS(\d{4,7})\b/.exec(text)?.[1] ?? null;
}

/**
 * What to do about a refusal of the login service. Source:
 * https://learn.microsoft.com/entra/identity-platform/reference-error-codes
 */
const HINTS: readonly (readonly [codes: readonly string[], hint: string])[] = [
  [["7000215"], "AZURE_CLIENT_SECRET must hold the value of the secret, not its id; make a new one if in doubt"],
  [["7000222"], "the client secret has expired: make a new one, or better, use workload identity, which has no secret"],
  [
    ["700016"],
    "see that AZURE_CLIENT_ID (--client-id) is an application of the tenant in AZURE_TENANT_ID (--tenant), and that the cloud is right",
  ],
  [["90002", "900023"], "see that AZURE_TENANT_ID (--tenant) is the id or a domain of the tenant, and that the cloud is right"],
  [
    ["70021", "700211", "700212", "700213"],
    "compare issuer, subject and audience of the application's federated credential with those of the pipeline's token: branch, environment and repository count",
  ],
  [
    ["700024"],
    "the proof of who runs this has expired: a pipeline's lives for minutes, so sign in again in the step before (azure/login), or let the run get its own proofs (id-token: write); for a certificate, see that the clock of this machine is right",
  ],
  [
    ["700027"],
    "upload the certificate of AZURE_CLIENT_CERTIFICATE_PATH to the application, or see that it is the right one and still valid",
  ],
  [["65001", "65004", "650052", "650057", "90094"], "an administrator has to consent to the application's permissions for Microsoft Graph"],
  [["7000218"], 'turn on "Allow public client flows" for the application: a person signs in through it without a secret'],
  [
    ["50076", "50079", "50158", "53000", "53001", "53003", "530003", "530084"],
    "a conditional access policy keeps the sign-in from this place; ask its administrator",
  ],
  [["500011"], "see that cloud is the tenant's own: there is no such service in this one"],
  [
    ["900382", "900432"],
    "the tenant or the application is of another cloud: see that cloud, and AZURE_AUTHORITY_HOST if it is set, are the tenant's own",
  ],
  [["7000112"], "somebody disabled the application: an administrator enables it in the Entra admin center, under Enterprise applications"],
  [["90033"], "the login service is not available for the moment: run the command again in some minutes"],
];

function hintFor(code: string | null): string | undefined {
  return HINTS.find(([codes]) => code !== null && codes.includes(code))?.[1];
}

/**
 * The library's own words in place of whatever the Azure CLI said, its number included, as soon
 * as that names `az login`.
 */
function isAzureCliLogin(error: unknown): boolean {
  return messageOf(error).startsWith("Please run 'az login' from a command prompt");
}

const SEE_IN_AZURE_CLI = "`az account get-access-token --resource-type ms-graph` shows what the login service said (AADSTS…)";

/** Where our own code, called by the library, knew what to do. */
function hintOf(error: unknown): string | null {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause instanceof SignInError && cause.hint !== "" ? cause.hint : null;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Runs of base64url with dots between them: a token, whole or cut off. */
function withoutTokens(text: string): string {
  return text.replaceAll(/eyJ[\w-]{8,}(?:\.[\w-]*){0,4}/g, "<redacted>");
}

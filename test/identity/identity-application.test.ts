import { writeFile } from "node:fs/promises";
import path from "node:path";
import { inspect } from "node:util";
import { afterEach, describe, expect, test } from "@jest/globals";
import { generate } from "selfsigned";
import { AZURE_DEVOPS, type Entra, GITHUB } from "../../emulator/entra/entra.ts";
import { SignInError } from "../../providers/domain/errors.ts";
import type { Environment } from "../../providers/identity/authority.ts";
import { createCredentialTokens } from "../../providers/identity/credential.ts";
import type { Cloud } from "../../providers/support/cloud.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { testClock } from "../support/test-clock.ts";
import { APPLICATION, envOf, openEntra, PRIVILEGED, SECRET } from "./entra-fixture.ts";

function ask(env: Environment, cloud: Cloud = "global") {
  return createCredentialTokens(env, cloud, testClock())();
}

/** What people would read, with everything that hangs on it. */
async function refusal(env: Environment, cloud: Cloud = "global"): Promise<{ readonly error: SignInError; readonly text: string }> {
  const error: unknown = await ask(env, cloud).catch((thrown: unknown) => thrown);
  if (!(error instanceof SignInError)) throw new Error(`no SignInError: ${inspect(error)}`);
  return { error, text: inspect(error, { depth: null, showHidden: true }) };
}

async function fileOf(content: string): Promise<string> {
  const file = path.join(await temporaryFolder(), "file");
  await writeFile(file, content);
  return file;
}

function leaks(text: string, entra: Entra): readonly string[] {
  return [SECRET, ...entra.issued()].filter((secret) => text.includes(secret));
}

const set: string[] = [];

/** Variables that the library reads itself. */
function setVariables(variables: Readonly<Record<string, string>>): void {
  Object.assign(process.env, variables);
  set.push(...Object.keys(variables));
}

afterEach(() => {
  for (const name of set.splice(0)) delete process.env[name];
});

describe("the application signs in", () => {
  test("with a secret", async () => {
    const entra = await openEntra();

    const token = await ask(envOf(entra, { AZURE_CLIENT_SECRET: SECRET }));

    expect(token.claims).toMatchObject({ roles: APPLICATION.roles, scp: [], aud: "https://graph.microsoft.com", tid: entra.tenantId });
    expect(Math.abs((token.expiresOn ?? 0) - Date.now() - 3_600_000)).toBeLessThan(60_000);
    expect(entra.requests.at(-1)).toMatchObject({ grantType: "client_credentials", clientId: APPLICATION.clientId, refused: null });
  });

  test("with a certificate", async () => {
    const { cert, private: key } = await generate([{ name: "commonName", value: "device-lifecycle" }], { algorithm: "sha256" });
    const entra = await openEntra({ applications: [{ clientId: APPLICATION.clientId, certificate: cert, roles: [PRIVILEGED] }] });
    const other = await generate([{ name: "commonName", value: "another" }], { algorithm: "sha256" });

    const token = await ask(envOf(entra, { AZURE_CLIENT_CERTIFICATE_PATH: await fileOf(`${key}${cert}`) }));
    const wrong = await refusal(envOf(entra, { AZURE_CLIENT_CERTIFICATE_PATH: await fileOf(`${other.private}${other.cert}`) }));

    expect(token.claims?.roles).toEqual([PRIVILEGED]);
    expect(wrong.error).toMatchObject({
      message: expect.stringContaining("AADSTS700027"),
      hint: expect.stringContaining("upload the certificate"),
    });
  });

  test("with a token file of its platform", async () => {
    const entra = await openEntra();
    const file = await fileOf(await entra.issuePipelineToken({ ...GITHUB, audience: "api://AzureADTokenExchange" }));

    const token = await ask(envOf(entra, { AZURE_FEDERATED_TOKEN_FILE: file }));

    expect(token.claims?.roles).toEqual(APPLICATION.roles);
  });

  test("with GitHub's token for the job, asked for anew with each token of Entra's", async () => {
    const entra = await openEntra();
    const job = { ACTIONS_ID_TOKEN_REQUEST_URL: entra.job.githubUrl, ACTIONS_ID_TOKEN_REQUEST_TOKEN: entra.job.token };
    const tokens = createCredentialTokens(envOf(entra, job), "global", testClock());

    const first = await tokens();
    const renewed = await tokens({ renew: true });

    expect([first, renewed].map(({ claims }) => claims?.roles)).toEqual([APPLICATION.roles, APPLICATION.roles]);
    expect(first.token.reveal()).not.toBe(renewed.token.reveal());
    expect(entra.requests.filter((request) => request.path.startsWith("/github")).length).toBeGreaterThanOrEqual(2);
  });

  test("with the token of Azure Pipelines for a service connection", async () => {
    const entra = await openEntra({ applications: [{ ...APPLICATION, federated: [AZURE_DEVOPS] }] });
    const job = { AZURESUBSCRIPTION_SERVICE_CONNECTION_ID: entra.job.serviceConnectionId, SYSTEM_ACCESSTOKEN: entra.job.token };
    setVariables({ SYSTEM_OIDCREQUESTURI: entra.job.azureDevOpsUrl });

    const token = await ask(envOf(entra, { ...job, SYSTEM_OIDCREQUESTURI: entra.job.azureDevOpsUrl }));

    expect(token.claims?.roles).toEqual(APPLICATION.roles);
    expect(entra.requests.some((request) => request.method === "POST" && request.path.startsWith("/azure-devops"))).toBe(true);
  });

  test("with the managed identity of its host", async () => {
    const entra = await openEntra();
    setVariables({ IDENTITY_ENDPOINT: entra.job.managedIdentityUrl, IDENTITY_HEADER: entra.job.token });

    const token = await ask({ IDENTITY_ENDPOINT: entra.job.managedIdentityUrl, AZURE_CLIENT_ID: APPLICATION.clientId });

    expect(token.claims?.roles).toEqual(APPLICATION.roles);
  });

  test("through a login service that is in trouble for a moment", async () => {
    const entra = await openEntra();
    const job = { ACTIONS_ID_TOKEN_REQUEST_URL: entra.job.githubUrl, ACTIONS_ID_TOKEN_REQUEST_TOKEN: entra.job.token };
    entra.failNext(2, 503);

    const token = await ask(envOf(entra, job));

    expect(token.claims?.roles).toEqual(APPLICATION.roles);
    expect(entra.requests.filter(({ refused }) => refused === "503")).toHaveLength(2);
  });
});

describe("a refusal names what to do, and shows no secret", () => {
  const GITHUB_JOB = (entra: Entra) => ({
    ACTIONS_ID_TOKEN_REQUEST_URL: entra.job.githubUrl,
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: entra.job.token,
  });
  const cases: readonly (readonly [string, (entra: Entra) => Environment | Promise<Environment>, RegExp, RegExp])[] = [
    [
      "a wrong secret",
      () => ({ AZURE_CLIENT_SECRET: "wrong-secret-77" }),
      /AADSTS7000215: Invalid client secret/,
      /the value of the secret, not its id/,
    ],
    ["a secret of another application", () => ({ AZURE_CLIENT_ID: "cccc", AZURE_CLIENT_SECRET: SECRET }), /AADSTS700016/, /--client-id/],
    [
      "a tenant that does not exist",
      () => ({ AZURE_TENANT_ID: "dddd", AZURE_CLIENT_SECRET: SECRET }),
      /AADSTS90002: Tenant 'dddd' not found/,
      /the id or a domain of the tenant/,
    ],
    [
      "a token of another branch",
      async (entra) => ({
        AZURE_FEDERATED_TOKEN_FILE: await fileOf(
          await entra.issuePipelineToken({
            ...GITHUB,
            subject: "repo:contoso/devices:ref:refs/heads/x",
            audience: "api://AzureADTokenExchange",
          }),
        ),
      }),
      /AADSTS700213/,
      /compare issuer, subject and audience/,
    ],
    [
      "a token that has ended",
      async (entra) => ({
        AZURE_FEDERATED_TOKEN_FILE: await fileOf(
          await entra.issuePipelineToken({ ...GITHUB, audience: "api://AzureADTokenExchange", expiresIn: -600 }),
        ),
      }),
      /AADSTS700024/,
      /clock of this machine/,
    ],
    [
      "a token file that is not there",
      () => ({ AZURE_FEDERATED_TOKEN_FILE: "/nowhere/token" }),
      /workload identity of AZURE_FEDERATED_TOKEN_FILE/,
      /az login/,
    ],
    [
      "a job that GitHub does not know",
      (entra) => ({ ...GITHUB_JOB(entra), ACTIONS_ID_TOKEN_REQUEST_TOKEN: "stolen" }),
      /GitHub gave no token for this job \(status 404\)/,
      /id-token: write/,
    ],
  ];

  test.each(cases)("%s", async (_name, variables, message, hint) => {
    const entra = await openEntra();

    const { error, text } = await refusal(envOf(entra, await variables(entra)));

    expect(error.message).toMatch(message);
    expect(error.hint).toMatch(hint);
    expect(error.message.split("\n")).toHaveLength(1);
    expect(leaks(text, entra)).toEqual([]);
    expect(text).not.toMatch(/wrong-secret-77|stolen|Trace ID/);
  });

  test("a secret that has expired", async () => {
    const entra = await openEntra({ applications: [{ ...APPLICATION, isSecretExpired: true }] });

    const { error } = await refusal(envOf(entra, { AZURE_CLIENT_SECRET: SECRET }));

    expect(error).toMatchObject({ message: expect.stringContaining("AADSTS7000222"), hint: expect.stringContaining("workload identity") });
  });

  test("a token made out to the login service of another cloud", async () => {
    const entra = await openEntra();

    const { error } = await refusal(envOf(entra, GITHUB_JOB(entra)), "china");

    expect(error.message).toMatch(/AADSTS700212: .*'api:\/\/AzureADTokenExchangeChina'/);
  });

  test("a clock that is an hour off, where the proof is made here", async () => {
    const { cert, private: key } = await generate([{ name: "commonName", value: "device-lifecycle" }], { algorithm: "sha256" });
    const applications = [{ clientId: APPLICATION.clientId, certificate: cert }];
    const entra = await openEntra({ applications, clock: () => Date.now() + 3_600_000 });

    const { error } = await refusal(envOf(entra, { AZURE_CLIENT_CERTIFICATE_PATH: await fileOf(`${key}${cert}`) }));

    expect(error).toMatchObject({ message: expect.stringContaining("AADSTS700024"), hint: expect.stringContaining("clock") });
  });
});

test.each([600_000, -600_000])("a clock that is %p ms off does not shorten a token", async (skew) => {
  const entra = await openEntra({ clock: () => Date.now() + skew });

  const token = await ask(envOf(entra, { AZURE_CLIENT_SECRET: SECRET }));

  expect(Math.abs((token.expiresOn ?? 0) - Date.now() - 3_600_000)).toBeLessThan(60_000);
});

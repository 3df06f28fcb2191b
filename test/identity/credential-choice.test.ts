import { inspect } from "node:util";
import { describe, expect, test } from "@jest/globals";
import { ConfigurationError, SignInError } from "../../providers/domain/errors.ts";
import { authorityOf, type Environment, isLoginAddress } from "../../providers/identity/authority.ts";
import { chooseCredential, isCredentialNamed } from "../../providers/identity/credential-choice.ts";
import type { Cloud } from "../../providers/support/cloud.ts";

const SECRET = "never-to-be-shown-0d7e";
const IDS = { AZURE_TENANT_ID: "tenant", AZURE_CLIENT_ID: "client" };
const GITHUB = {
  ACTIONS_ID_TOKEN_REQUEST_URL: "https://run-actions-1.actions.githubusercontent.com/abc/idtoken?api-version=2.0",
  ACTIONS_ID_TOKEN_REQUEST_TOKEN: SECRET,
};
const DEVOPS = {
  AZURESUBSCRIPTION_SERVICE_CONNECTION_ID: "connection",
  SYSTEM_OIDCREQUESTURI: "https://dev.azure.com/contoso/1/_apis/distributedtask/hubs/build/plans/2/jobs/3/oidctoken",
  SYSTEM_ACCESSTOKEN: SECRET,
};

const CHOICES: readonly (readonly [string, Environment, object])[] = [
  [
    "workload identity",
    { ...IDS, AZURE_FEDERATED_TOKEN_FILE: "/token", AZURE_CLIENT_SECRET: SECRET },
    { kind: "workloadIdentity", tokenFile: "/token" },
  ],
  ["a client secret", { ...IDS, AZURE_CLIENT_SECRET: SECRET }, { kind: "clientSecret", tenantId: "tenant", clientId: "client" }],
  ["a client secret in a job that may also ask GitHub", { ...IDS, ...GITHUB, AZURE_CLIENT_SECRET: SECRET }, { kind: "clientSecret" }],
  [
    "a certificate",
    { ...IDS, AZURE_CLIENT_CERTIFICATE_PATH: "/cert.pem" },
    { kind: "clientCertificate", path: "/cert.pem", password: null },
  ],
  ["GitHub's token", { ...IDS, ...GITHUB }, { kind: "gitHubActions", tenantId: "tenant", clientId: "client" }],
  [
    "GitHub's token, of an enterprise with its own host",
    { ...IDS, ...GITHUB, ACTIONS_ID_TOKEN_REQUEST_URL: "https://actions.contoso.ghe.com/x?y=1" },
    { kind: "gitHubActions" },
  ],
  ["the Azure CLI in a job that may ask GitHub for something else", GITHUB, { kind: "azureCli" }],
  [
    "the token of Azure Pipelines",
    { ...IDS, ...DEVOPS },
    { kind: "azurePipelines", serviceConnectionId: "connection", clientId: "client" },
  ],
  [
    "the token of Azure Pipelines, for the application of the service connection",
    { ...DEVOPS, AZURESUBSCRIPTION_TENANT_ID: "t2", AZURESUBSCRIPTION_CLIENT_ID: "c2" },
    { kind: "azurePipelines", tenantId: "t2", clientId: "c2" },
  ],
  ["the managed identity of a host that says so", { IDENTITY_ENDPOINT: "http://169.254.1.1" }, { kind: "managedIdentity", clientId: null }],
  [
    "the managed identity by name",
    { ...IDS, AZURE_TOKEN_CREDENTIALS: "ManagedIdentityCredential" },
    { kind: "managedIdentity", clientId: "client" },
  ],
  ["the managed identity of a machine, in production", { AZURE_TOKEN_CREDENTIALS: "prod" }, { kind: "managedIdentity", clientId: null }],
  [
    "the Azure CLI by name",
    { ...IDS, ...GITHUB, AZURE_CLIENT_SECRET: SECRET, AZURE_TOKEN_CREDENTIALS: "AzureCliCredential" },
    { kind: "azureCli" },
  ],
  ["the Azure CLI when nothing else is there", { AZURE_CLIENT_SECRET: " " }, { kind: "azureCli", tenantId: null }],
  ["the Azure CLI beside the ids of an application", IDS, { kind: "azureCli", tenantId: "tenant" }],
];

describe("the credential is chosen by the variables", () => {
  test.each(CHOICES)("%s", (_name, env, expected) => {
    const choice = chooseCredential(env);

    expect(choice).toMatchObject(expected);
    expect(inspect(choice, { depth: null }) + JSON.stringify(choice)).not.toContain(SECRET);
  });

  test("and is somebody's purpose unless it is the Azure CLI", () => {
    const named = CHOICES.filter(([, env]) => isCredentialNamed(env)).map(([name]) => name);

    expect(named.filter((name) => name.includes("CLI"))).toEqual(["the Azure CLI by name"]);
    expect(named).toHaveLength(CHOICES.length - 3);
    expect(isCredentialNamed({ AZURE_CLIENT_SECRET: SECRET })).toBe(true);
  });
});

const { ACTIONS_ID_TOKEN_REQUEST_TOKEN: _token, ...WITHOUT_TOKEN } = GITHUB;
const { SYSTEM_ACCESSTOKEN: _access, ...WITHOUT_ACCESS } = DEVOPS;

describe("variables that are half set are told", () => {
  test.each<readonly [string, Environment, RegExp]>([
    [
      "a secret without a tenant",
      { AZURE_CLIENT_SECRET: SECRET, AZURE_CLIENT_ID: "client" },
      /^AZURE_CLIENT_SECRET is set, but AZURE_TENANT_ID is not$/,
    ],
    ["a token file without an application", { AZURE_FEDERATED_TOKEN_FILE: "/t" }, /but AZURE_TENANT_ID and AZURE_CLIENT_ID are not$/],
    [
      "GitHub's address without the token",
      { ...IDS, ...WITHOUT_TOKEN },
      /^ACTIONS_ID_TOKEN_REQUEST_URL is set, but ACTIONS_ID_TOKEN_REQUEST_TOKEN is not$/,
    ],
    ["an application without a tenant on GitHub", { ...GITHUB, AZURE_CLIENT_ID: "client" }, /but AZURE_TENANT_ID is not$/],
    [
      "an application on GitHub whose job may not ask",
      { ...IDS, GITHUB_ACTIONS: "true" },
      /this job on GitHub has nothing to sign it in with$/,
    ],
    [
      "a service connection without the access token",
      { ...IDS, ...WITHOUT_ACCESS },
      /^AZURESUBSCRIPTION_SERVICE_CONNECTION_ID is set, but SYSTEM_ACCESSTOKEN is not$/,
    ],
    [
      "a credential by name without its variables",
      { AZURE_TOKEN_CREDENTIALS: "EnvironmentCredential" },
      /names a credential whose variables are not set$/,
    ],
    [
      "a credential by a name that nobody knows",
      { AZURE_TOKEN_CREDENTIALS: "AzureCliCredentials" },
      /names no credential that this product can use$/,
    ],
  ])("%s", (_name, env, expected) => {
    const attempt = () => chooseCredential(env);

    expect(attempt).toThrow(SignInError);
    expect(attempt).toThrow(expected);
    expect(attempt).not.toThrow(SECRET);
  });

  test("with what to write", () => {
    const hintOf = (env: Environment) => {
      try {
        return chooseCredential(env).kind;
      } catch (error) {
        return error instanceof SignInError ? error.hint : error;
      }
    };

    expect(hintOf({ ...IDS, GITHUB_ACTIONS: "true" })).toContain("permissions: id-token: write");
    expect(hintOf({ ...IDS, ...WITHOUT_ACCESS })).toContain("SYSTEM_ACCESSTOKEN: $(System.AccessToken)");
    expect(hintOf({ AZURE_CLIENT_SECRET: SECRET })).toMatch(/GRAPH_ACCESS_TOKEN.*AZURE_FEDERATED_TOKEN_FILE.*az login/);
  });
});

describe("the job's own token is shown to nobody but the service that gave it", () => {
  const strangers = [
    "https://evil.example/idtoken?x=1",
    "http://run.actions.githubusercontent.com/idtoken",
    "https://actions.githubusercontent.com.evil.example/",
    "https://run.actions.githubusercontent.com:8443/",
    "https://user:password@run.actions.githubusercontent.com/",
    "http://127.0.0.1/idtoken",
    "no address",
  ];

  test.each(strangers)("%s", (url) => {
    for (const env of [
      { ...IDS, ...GITHUB, ACTIONS_ID_TOKEN_REQUEST_URL: url },
      { ...IDS, ...DEVOPS, SYSTEM_OIDCREQUESTURI: url },
    ]) {
      expect(() => chooseCredential(env)).toThrow(/is not an address of the service that issues the job's token; nothing was asked there$/);
    }
  });

  test.each(["https://dev.azure.com/x", "https://contoso.visualstudio.com/x", "https://127.0.0.1:8443/x"])(
    "%s is Azure DevOps, or a double",
    (url) => {
      expect(chooseCredential({ ...IDS, ...DEVOPS, SYSTEM_OIDCREQUESTURI: url })).toMatchObject({
        kind: "azurePipelines",
        requestUrl: url,
      });
    },
  );
});

describe("the login host", () => {
  test.each([
    ["global", undefined, "https://login.microsoftonline.com", false],
    ["usGovernmentDod", undefined, "https://login.microsoftonline.us", false],
    ["china", "https://login.chinacloudapi.cn/", "https://login.chinacloudapi.cn", false],
    ["global", "https://localhost:8443", "https://localhost:8443", true],
  ] as const)("of %s is its own, or a double (%p)", (cloud, given, url, isLoopback) => {
    expect(authorityOf({ AZURE_AUTHORITY_HOST: given }, cloud)).toEqual({ url, isLoopback, cloud });
  });

  test.each(["https://evil.example", "http://login.microsoftonline.com", "https://login.microsoftonline.us", "http://127.0.0.1", "x"])(
    "is never %p",
    (host) => {
      expect(() => authorityOf({ AZURE_AUTHORITY_HOST: host }, "global")).toThrow(ConfigurationError);
    },
  );

  test.each<readonly [Cloud, string, boolean]>([
    ["global", "https://login.microsoftonline.com/tenant/oauth2/v2.0/token", true],
    ["global", "https://westeurope.login.microsoft.com/tenant", true],
    ["global", "https://login.microsoftonline.us/tenant", false],
    ["global", "https://login.microsoftonline.com.evil.example/", false],
    ["global", "http://login.microsoftonline.com/", false],
    ["global", "https://login.windows.net:444/", false],
    ["usGovernment", "https://westeurope.login.microsoft.com/tenant", false],
    ["china", "https://login.partner.microsoftonline.cn/tenant", true],
  ])("of %s: a secret may be shown to %s: %p", (cloud, address, expected) => {
    expect(isLoginAddress(new URL(address), authorityOf({}, cloud))).toBe(expected);
  });

  test("that is a double leads nowhere else", () => {
    const double = authorityOf({ AZURE_AUTHORITY_HOST: "https://127.0.0.1:8443" }, "global");

    expect(isLoginAddress(new URL("https://127.0.0.1:8443/t"), double)).toBe(true);
    expect(isLoginAddress(new URL("https://127.0.0.1:8444/t"), double)).toBe(false);
    expect(isLoginAddress(new URL("https://login.windows.net/t"), double)).toBe(false);
  });
});

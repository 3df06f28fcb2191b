import { inspect } from "node:util";
import { describe, expect, test } from "@jest/globals";
import { ConfigurationError, SignInError } from "../../providers/domain/errors.ts";
import { Redacted } from "../../providers/domain/redacted.ts";
import { type AccessToken, parseAccessToken, type TokenOptions } from "../../providers/graph/access-token.ts";
import { parseGraphEndpoint } from "../../providers/graph/cloud.ts";
import { authorityHost, chooseCredential } from "../../providers/graph/credential.ts";
import { cacheTokens } from "../../providers/graph/token-cache.ts";
import { createTokenSource } from "../../providers/graph/tokens.ts";
import { testClock } from "../support/test-clock.ts";
import { jwt } from "./graph-fixture.ts";

const LOOPBACK = parseGraphEndpoint("global", "http://127.0.0.1:8787");
const GRAPH = parseGraphEndpoint("global", undefined);
const SECRET = "client-secret-0d7e";
const IDS = { AZURE_TENANT_ID: "tenant", AZURE_CLIENT_ID: "client" };

describe("tokens of the environment", () => {
  test("are the application's and the person's", async () => {
    const tokens = createTokenSource({ GRAPH_ACCESS_TOKEN: " app-token\n", GRAPH_DELEGATED_ACCESS_TOKEN: "person" }, "global", GRAPH);

    const [application, delegated] = [await tokens.application(), await tokens.delegated()];

    expect([application?.token.reveal(), delegated?.token.reveal()]).toEqual(["app-token", "person"]);
  });

  test("of a person alone make no application's", async () => {
    for (const endpoint of [GRAPH, LOOPBACK]) {
      const tokens = createTokenSource({ GRAPH_DELEGATED_ACCESS_TOKEN: "person" }, "global", endpoint);

      expect(await tokens.application()).toBeNull();
    }
  });

  test("of a person do not keep a credential that was set from being used", async () => {
    const env = { GRAPH_DELEGATED_ACCESS_TOKEN: "person", AZURE_CLIENT_SECRET: SECRET };
    const tokens = createTokenSource(env, "global", GRAPH);

    await expect(tokens.application()).rejects.toThrow(/AZURE_CLIENT_SECRET is set, but AZURE_TENANT_ID and AZURE_CLIENT_ID are not/);
    expect((await tokens.delegated())?.token.reveal()).toBe("person");
  });

  test.each(["Bearer abc", "two words", "line\nbreak", "töken", '"quoted"'])("%p is none, and is not repeated", (text) => {
    const attempt = () => createTokenSource({ GRAPH_ACCESS_TOKEN: text }, "global", GRAPH);

    expect(attempt).toThrow(SignInError);
    expect(attempt).toThrow(/GRAPH_ACCESS_TOKEN does not hold a token/);
    expect(attempt).not.toThrow(text);
  });

  test("on this machine nobody needs to sign in, and no credential is used", async () => {
    const tokens = createTokenSource({ ...IDS, AZURE_CLIENT_SECRET: SECRET }, "global", LOOPBACK);

    const token = await tokens.application();

    expect(token).toMatchObject({ claims: null, expiresOn: null });
    expect(token?.token.reveal()).toBe("loopback-needs-no-sign-in");
    expect(await tokens.delegated()).toBeNull();
  });
});

describe("what a token says of itself", () => {
  test("roles, scopes, tenant, application and end", () => {
    const text = jwt({ roles: ["A", 7, "B"], scp: "C  D", tid: "t", azp: "app", exp: 1_800_000_000 });

    const token = parseAccessToken(new Redacted(text));

    expect(token.claims).toEqual({ roles: ["A", "B"], scp: ["C", "D"], tid: "t", appid: "app" });
    expect(token.expiresOn).toBe(1_800_000_000_000);
    expect(inspect(token, { depth: null }) + JSON.stringify(token)).not.toContain(text);
  });

  test.each(["opaque", "a.b.c", "a.b", `x.${Buffer.from("[]").toString("base64url")}.y`, ""])("nothing, in %p", (text) => {
    expect(parseAccessToken(new Redacted(text))).toMatchObject({ claims: null, expiresOn: null });
  });
});

describe("the credential", () => {
  test.each([
    [
      "workload identity",
      { ...IDS, AZURE_FEDERATED_TOKEN_FILE: "/token", AZURE_CLIENT_SECRET: SECRET },
      { kind: "workloadIdentity", tokenFile: "/token" },
    ],
    ["client secret", { ...IDS, AZURE_CLIENT_SECRET: SECRET }, { kind: "clientSecret", tenantId: "tenant", clientId: "client" }],
    [
      "certificate",
      { ...IDS, AZURE_CLIENT_CERTIFICATE_PATH: "/cert.pem" },
      { kind: "clientCertificate", path: "/cert.pem", password: null },
    ],
    ["managed identity of a host that says so", { IDENTITY_ENDPOINT: "http://169.254.1.1" }, { kind: "managedIdentity", clientId: null }],
    [
      "managed identity by name",
      { ...IDS, AZURE_TOKEN_CREDENTIALS: "ManagedIdentityCredential" },
      { kind: "managedIdentity", clientId: "client" },
    ],
    ["Azure CLI by name", { ...IDS, AZURE_CLIENT_SECRET: SECRET, AZURE_TOKEN_CREDENTIALS: "AzureCliCredential" }, { kind: "azureCli" }],
    ["Azure CLI when nothing else is there", { AZURE_CLIENT_SECRET: " " }, { kind: "azureCli", tenantId: null }],
  ])("is chosen by the variables: %s", (_name, env, expected) => {
    const choice = chooseCredential(env);

    expect(choice).toMatchObject(expected);
    expect(inspect(choice, { depth: null })).not.toContain(SECRET);
  });

  test("that is half there is an error that names the other half", () => {
    const attempt = () => chooseCredential({ AZURE_CLIENT_SECRET: SECRET, AZURE_CLIENT_ID: "client" });

    expect(attempt).toThrow(/AZURE_CLIENT_SECRET is set, but AZURE_TENANT_ID is not/);
    expect(attempt).not.toThrow(SECRET);
  });

  test("that gives no token is an error that names the variables and the command", async () => {
    const env = { ...IDS, AZURE_FEDERATED_TOKEN_FILE: "/nowhere/token" };
    const source = createTokenSource(env, "global", GRAPH);

    const error = await source.application().catch((thrown: unknown) => thrown);

    expect(error).toBeInstanceOf(SignInError);
    expect(error).toMatchObject({
      message: expect.stringMatching(/^no token for Graph could be had with the workload identity/),
      hint: expect.stringMatching(/GRAPH_ACCESS_TOKEN.*AZURE_CLIENT_SECRET.*az login/),
    });
  });

  test.each([
    ["global", undefined, "https://login.microsoftonline.com", false],
    ["usGovernmentDod", undefined, "https://login.microsoftonline.us", false],
    ["china", "https://login.chinacloudapi.cn/", "https://login.chinacloudapi.cn", false],
    ["global", "https://localhost:8443", "https://localhost:8443", true],
  ] as const)("of %s is shown to its login host alone", (cloud, given, url, isLoopback) => {
    expect(authorityHost({ AZURE_AUTHORITY_HOST: given }, cloud)).toEqual({ url, isLoopback });
  });

  test.each(["https://evil.example", "http://login.microsoftonline.com", "https://login.microsoftonline.us", "http://127.0.0.1", "x"])(
    "is never shown to %p",
    (host) => {
      expect(() => authorityHost({ AZURE_AUTHORITY_HOST: host }, "global")).toThrow(ConfigurationError);
    },
  );
});

describe("keeping tokens", () => {
  function source(lifetimes: readonly (number | null)[]) {
    const clock = testClock();
    const asked: TokenOptions[] = [];
    const issue = async (options: TokenOptions = {}): Promise<AccessToken> => {
      const lifetime = lifetimes[Math.min(asked.length, lifetimes.length - 1)] ?? null;
      asked.push(options);
      return { token: new Redacted(`token-${asked.length}`), expiresOn: lifetime === null ? null : clock.now() + lifetime, claims: null };
    };
    return { clock, asked, tokens: cacheTokens({ application: issue, delegated: async () => null }, clock) };
  }
  const HOUR = 3_600_000;

  test("callers that come at once share one request", async () => {
    const { asked, tokens } = source([HOUR]);

    const got = await Promise.all([tokens.application(), tokens.application(), tokens.application()]);

    expect(new Set(got.map((token) => token?.token.reveal()))).toEqual(new Set(["token-1"]));
    expect(asked).toHaveLength(1);
  });

  test("a token is replaced five minutes before its end", async () => {
    const { clock, tokens } = source([HOUR, HOUR]);
    await tokens.application();

    clock.advance(HOUR - 5 * 60_000 - 1);
    const early = await tokens.application();
    clock.advance(1);
    const late = await Promise.all([tokens.application(), tokens.application()]);

    expect(early?.token.reveal()).toBe("token-1");
    expect(late.map((token) => token?.token.reveal())).toEqual(["token-2", "token-2"]);
  });

  test("a renewal asks anew, once for all who ask", async () => {
    const { asked, tokens } = source([HOUR]);
    await tokens.application();

    const renewed = await Promise.all([tokens.application({ renew: true }), tokens.application({ renew: true })]);
    const after = await tokens.application();

    expect([...renewed, after].map((token) => token?.token.reveal())).toEqual(["token-2", "token-2", "token-2"]);
    expect(asked).toEqual([{}, { renew: true }]);
  });

  test("a token that has ended is an error, and not kept", async () => {
    const { tokens, asked } = source([-1, HOUR]);

    await expect(tokens.application()).rejects.toMatchObject({ code: "SIGN_IN", hint: expect.stringContaining("GRAPH_ACCESS_TOKEN") });
    await tokens.application();

    expect(asked).toHaveLength(2);
  });
});

import { inspect } from "node:util";
import { describe, expect, test } from "@jest/globals";
import { SignInError } from "../../providers/domain/errors.ts";
import { Redacted } from "../../providers/domain/redacted.ts";
import { type AccessToken, parseAccessToken, type TokenOptions, type TokenSource } from "../../providers/identity/access-token.ts";
import type { Environment } from "../../providers/identity/authority.ts";
import { cacheTokens } from "../../providers/identity/token-cache.ts";
import { createTokenSource, type TokenSourceOptions } from "../../providers/identity/tokens.ts";
import { parseGraphEndpoint } from "../../providers/support/cloud.ts";
import { jwt } from "../graph/graph-fixture.ts";
import { testClock } from "../support/test-clock.ts";

const LOOPBACK = parseGraphEndpoint("global", "http://127.0.0.1:8787");
const GRAPH = parseGraphEndpoint("global", undefined);
const SECRET = "client-secret-0d7e";
const IDS = { AZURE_TENANT_ID: "tenant", AZURE_CLIENT_ID: "client" };

function sourceOf(env: Environment, more: Partial<TokenSourceOptions> = {}): TokenSource {
  return createTokenSource({ env, cloud: "global", endpoint: GRAPH, clock: testClock(), ...more });
}

describe("tokens of the environment", () => {
  test("are the application's and the person's", async () => {
    const tokens = sourceOf({ GRAPH_ACCESS_TOKEN: " app-token\n", GRAPH_DELEGATED_ACCESS_TOKEN: "person" });

    const [application, delegated] = [await tokens.application(), await tokens.delegated()];

    expect([application?.token.reveal(), delegated?.token.reveal()]).toEqual(["app-token", "person"]);
  });

  test("of a person alone make no application's", async () => {
    for (const endpoint of [GRAPH, LOOPBACK]) {
      const tokens = sourceOf({ GRAPH_DELEGATED_ACCESS_TOKEN: "person" }, { endpoint });

      expect(await tokens.application()).toBeNull();
    }
  });

  test("of a person do not keep a credential that was set from being used", async () => {
    const tokens = sourceOf({ GRAPH_DELEGATED_ACCESS_TOKEN: "person", AZURE_CLIENT_SECRET: SECRET });

    await expect(tokens.application()).rejects.toThrow(/AZURE_CLIENT_SECRET is set, but AZURE_TENANT_ID and AZURE_CLIENT_ID are not/);
    expect((await tokens.delegated())?.token.reveal()).toBe("person");
  });

  test.each(["Bearer abc", "two words", "line\nbreak", "töken", '"quoted"'])("%p is none, and is not repeated", (text) => {
    const attempt = () => sourceOf({ GRAPH_ACCESS_TOKEN: text });

    expect(attempt).toThrow(SignInError);
    expect(attempt).toThrow(/GRAPH_ACCESS_TOKEN does not hold a token/);
    expect(attempt).not.toThrow(text);
  });

  test.each([
    ["https://management.azure.com", "global", "management.azure.com, not for graph.microsoft.com"],
    ["https://graph.microsoft.com", "usGovernment", "graph.microsoft.com, not for graph.microsoft.us"],
    ["11111111-0000-4000-8000-000000000000", "global", "another service, not for graph.microsoft.com"],
  ] as const)("for %s are not sent to the Graph of %s", (aud, cloud, expected) => {
    const attempt = () => sourceOf({ GRAPH_DELEGATED_ACCESS_TOKEN: jwt({ aud }) }, { cloud });

    expect(attempt).toThrow(`GRAPH_DELEGATED_ACCESS_TOKEN holds a token for ${expected}`);
  });

  test.each(["https://graph.microsoft.com/", "00000003-0000-0000-c000-000000000000"])("for %s are Graph's", async (aud) => {
    const tokens = sourceOf({ GRAPH_ACCESS_TOKEN: jwt({ aud }) });

    expect(await tokens.application()).toMatchObject({ claims: { aud } });
  });

  test("on this machine nobody needs to sign in, and neither credential nor person is asked", async () => {
    const asked: string[] = [];
    const person = async () => {
      asked.push("person");
      return null;
    };
    const tokens = sourceOf({ ...IDS, AZURE_CLIENT_SECRET: SECRET }, { endpoint: LOOPBACK, person });

    const token = await tokens.application();

    expect(token).toMatchObject({ claims: null, expiresOn: null });
    expect(token?.token.reveal()).toBe("loopback-needs-no-sign-in");
    expect([await tokens.delegated(), asked]).toEqual([null, []]);
  });
});

describe("the person who signed in on this machine", () => {
  const ANNA = parseAccessToken(new Redacted("annas-token"));
  const anna = async () => ANNA;
  const lapsed = async () => Promise.reject(new SignInError("the sign-in of anna has lapsed", { hint: "./dlr login" }));

  test("is used where no token of a person is set", async () => {
    expect(await sourceOf({ GRAPH_ACCESS_TOKEN: "app" }, { person: anna }).delegated()).toBe(ANNA);
    expect(await sourceOf({ GRAPH_DELEGATED_ACCESS_TOKEN: "given" }, { person: anna }).delegated()).not.toBe(ANNA);
  });

  test("is not looked for before a person's token is needed", async () => {
    const asked: string[] = [];
    const person = async () => {
      asked.push("person");
      return null;
    };
    const tokens = sourceOf({ GRAPH_ACCESS_TOKEN: "app" }, { person });

    await tokens.application();

    expect(asked).toEqual([]);
  });

  test("is enough where nothing was set up", async () => {
    expect(await sourceOf({}, { person: anna }).application()).toBeNull();
  });

  test("does not keep a credential that was set from being used", async () => {
    const attempt = sourceOf({ AZURE_CLIENT_SECRET: SECRET }, { person: anna }).application();

    await expect(attempt).rejects.toThrow(/AZURE_CLIENT_SECRET is set/);
  });

  test("and has no sign-in that can be used is told so, when nothing else helps", async () => {
    const tokens = sourceOf({ AZURE_TENANT_ID: "not/a tenant" }, { person: lapsed });

    await expect(tokens.application()).rejects.toThrow("the sign-in of anna has lapsed");
    await expect(tokens.delegated()).rejects.toThrow("the sign-in of anna has lapsed");
  });
});

describe("what a token says of itself", () => {
  test("roles, scopes, tenant, application, person and end", () => {
    const text = jwt({ roles: ["A", 7, "B"], scp: "C  D", aud: "g", tid: "t", azp: "app", oid: "o", exp: 1_800_000_000 });

    const token = parseAccessToken(new Redacted(text));

    expect(token.claims).toEqual({ roles: ["A", "B"], scp: ["C", "D"], aud: "g", tid: "t", appid: "app", oid: "o" });
    expect(token.expiresOn).toBe(1_800_000_000_000);
    expect(inspect(token, { depth: null }) + JSON.stringify(token)).not.toContain(text);
  });

  test.each(["opaque", "a.b.c", "a.b", `x.${Buffer.from("[]").toString("base64url")}.y`, ""])("nothing, in %p", (text) => {
    expect(parseAccessToken(new Redacted(text))).toMatchObject({ claims: null, expiresOn: null });
  });
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

import { randomBytes } from "node:crypto";
import { inspect } from "node:util";
import { describe, expect, test } from "@jest/globals";
import type { Entra } from "../../emulator/entra/entra.ts";
import { ConfigurationError, SignInError } from "../../providers/domain/errors.ts";
import { authorityOf, type Environment } from "../../providers/identity/authority.ts";
import { readLogin, removeLogin, writeLogin } from "../../providers/identity/login-file.ts";
import { type LoginPlace, loginPlace } from "../../providers/identity/login-place.ts";
import { signInByCode } from "../../providers/identity/person-sign-in.ts";
import { createPersonTokens } from "../../providers/identity/person-tokens.ts";
import { filesWith } from "../support/secrets.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { testClock } from "../support/test-clock.ts";
import { openEntra, PRIVILEGED, PUBLIC, READ } from "./entra-fixture.ts";

interface Session {
  readonly entra: Entra;
  readonly place: LoginPlace;
  readonly root: string;
  readonly env: Environment;
}

async function signIn(entra: Entra, clientId = PUBLIC.clientId, tenant = entra.tenantId, state: "entered" | "declined" = "entered") {
  const authority = authorityOf({ AZURE_AUTHORITY_HOST: entra.url }, "global");
  return signInByCode({ authority, tenant, clientId }, { clock: testClock() }, ({ userCode }) => entra.answerCode(userCode, state));
}

/** Somebody signed in, and the sign-in is kept. */
async function session(options: Parameters<typeof openEntra>[0] = {}): Promise<Session> {
  const entra = await openEntra(options);
  const root = await temporaryFolder();
  const place = loginPlace({ DEVICE_LIFECYCLE_LOGIN: root });
  const { username, tenantId, cache } = await signIn(entra);
  const binding = { authority: entra.url, tenant: "contoso.example", tenantId, clientId: PUBLIC.clientId };
  await writeLogin(place, { binding, username, signedInAt: "2026-11-20T12:00:00.000Z", cache }, randomBytes, true);
  return { entra, place, root, env: { AZURE_AUTHORITY_HOST: entra.url, AZURE_TENANT_ID: entra.tenantId } };
}

function tokensOf({ place, env }: Pick<Session, "place" | "env">, more: Environment = {}) {
  return createPersonTokens({ env: { ...env, ...more }, cloud: "global", place, clock: testClock(), random: randomBytes });
}

async function failure(attempt: Promise<unknown>): Promise<SignInError> {
  const error: unknown = await attempt.then(
    () => new Error("it succeeded"),
    (thrown: unknown) => thrown,
  );
  if (error instanceof SignInError) return error;
  throw error;
}

describe("a person signs in with a code", () => {
  test("that is entered in a browser", async () => {
    const entra = await openEntra();

    const { token, username, tenantId, cache } = await signIn(entra);

    expect(token.claims).toMatchObject({ scp: [READ, PRIVILEGED], roles: [], tid: entra.tenantId });
    expect([username, tenantId]).toEqual(["anna@contoso.example", entra.tenantId]);
    expect(cache.reveal()).not.toContain(token.token.reveal());
  });

  test.each([
    ["that is declined", { clientId: PUBLIC.clientId, state: "declined" }, /AADSTS70018/, /^\.\/dlr login/],
    [
      "through an application that nobody consented to",
      { clientId: "no-consent", state: "entered" },
      /AADSTS65001/,
      /administrator has to consent/,
    ],
    [
      "through an application that is not for people",
      { clientId: "confidential", state: "entered" },
      /AADSTS7000218/,
      /Allow public client flows/,
    ],
    ["through an application that does not exist", { clientId: "nowhere", state: "entered" }, /AADSTS700016/, /--client-id/],
    [
      "of a tenant that does not exist",
      { clientId: PUBLIC.clientId, tenant: "no.such.tenant", state: "entered" },
      /AADSTS90002/,
      /--tenant/,
    ],
  ] as const)("%s: a refusal that says what to do", async (_name, { clientId, state, ...more }, message, hint) => {
    const applications = [PUBLIC, { clientId: "no-consent", isPublic: true }, { clientId: "confidential", secret: "x", scopes: [READ] }];
    const entra = await openEntra({ applications });

    const error = await failure(signIn(entra, clientId, "tenant" in more ? more.tenant : entra.tenantId, state));

    expect(error.message).toMatch(message);
    expect(error.hint).toMatch(hint);
    expect(entra.issued().filter((secret) => inspect(error, { depth: null, showHidden: true }).includes(secret))).toEqual([]);
  });
});

describe("a sign-in that is kept", () => {
  test("gives a token to each later run, and is renewed by it", async () => {
    const kept = await session();
    const before = await readLogin(kept.place);

    const first = await tokensOf(kept)();
    const second = await tokensOf(kept)();
    const after = await readLogin(kept.place);

    expect([first, second].map((token) => token?.claims?.scp)).toEqual([PUBLIC.scopes, PUBLIC.scopes]);
    expect(after).toMatchObject({ username: "anna@contoso.example", signedInAt: before?.signedInAt });
    expect(after?.cache.reveal()).not.toBe(before?.cache.reveal());
    expect(kept.entra.requests.filter(({ grantType }) => grantType === "refresh_token")).toHaveLength(2);
    expect(await filesWith(kept.root, kept.entra.issued())).toEqual([]);
  });

  test("is renewed once in a run, for the application's want as for the person's", async () => {
    const kept = await session();
    const tokens = tokensOf(kept);

    const [first, second] = [await tokens(), await tokens()];

    expect(second).toBe(first);
    expect(kept.entra.requests.filter(({ grantType }) => grantType === "refresh_token")).toHaveLength(1);
  });

  test("is for the tenant under its id and under its name", async () => {
    const kept = await session();

    expect(await tokensOf(kept, { AZURE_TENANT_ID: "CONTOSO.example" })()).not.toBeNull();
    expect(await tokensOf(kept, { AZURE_TENANT_ID: undefined })()).not.toBeNull();
  });

  test.each([
    ["another tenant", { AZURE_TENANT_ID: "fabrikam.example" }, "is for tenant contoso.example, while AZURE_TENANT_ID names another"],
    ["another login host", { AZURE_AUTHORITY_HOST: undefined }, "not at https://login.microsoftonline.com, the login host of cloud global"],
  ])("is not used for %s, and nothing is asked", async (_name, env, message) => {
    const kept = await session();
    const asked = kept.entra.requests.length;

    const error = await failure(tokensOf(kept, env)());

    expect(error).toMatchObject({ message: expect.stringContaining(message), hint: "./dlr login" });
    expect(kept.entra.requests).toHaveLength(asked);
  });

  test.each([
    ["lapsed", /^the sign-in of anna@contoso\.example could not be renewed: AADSTS700082/],
    ["revoked", /AADSTS50173/],
  ] as const)("that is %s says so, once asked and then from memory", async (why, expected) => {
    const kept = await session();
    kept.entra.endSessions(why);
    const tokens = tokensOf(kept);

    const errors = [await failure(tokens()), await failure(tokens())];

    expect(errors[0]).toMatchObject({ message: expect.stringMatching(expected), hint: "./dlr login" });
    expect(errors[1]).toBe(errors[0]);
    expect(kept.entra.requests.filter(({ refused }) => refused !== null)).toHaveLength(1);
  });

  test("that Graph refused is renewed on demand", async () => {
    const kept = await session();
    const tokens = tokensOf(kept);

    const [first, renewed] = [await tokens(), await tokens({ renew: true })];

    expect(renewed?.token.reveal()).not.toBe(first?.token.reveal());
  });

  test("outlasts a login service that is in trouble, and says what it answered", async () => {
    const kept = await session();
    kept.entra.failNext(2, 503);
    const lucky = await tokensOf(kept)();
    kept.entra.failNext(3, 503);

    const error = await failure(tokensOf(kept)());

    expect(lucky).not.toBeNull();
    expect(error.message).toMatch(/^127\.0\.0\.1:\d+ answered 503$/);
  });

  test("stays away when it is removed, or made anew, while a run renews it", async () => {
    const kept = await session();
    const newer = { ...(await readLogin(kept.place)), signedInAt: "2026-11-21T00:00:00.000Z" };
    const meanwhile = (happen: () => Promise<unknown>): typeof fetch => {
      return async (...call) => {
        await happen();
        return fetch(...call);
      };
    };
    const options = { env: kept.env, cloud: "global", place: kept.place, clock: testClock(), random: randomBytes } as const;

    await createPersonTokens({ ...options, fetch: meanwhile(() => writeLogin(kept.place, newer as never, randomBytes, true)) })();
    const afterAnother = await readLogin(kept.place);
    await createPersonTokens({ ...options, fetch: meanwhile(() => removeLogin(kept.place)) })();

    expect(afterAnother?.signedInAt).toBe("2026-11-21T00:00:00.000Z");
    expect(await readLogin(kept.place)).toBeNull();
  });

  test("on a disk that is full gives its token all the same", async () => {
    const kept = await session();
    const full = () => {
      throw Object.assign(new Error("no space left"), { code: "ENOSPC", syscall: "write" });
    };
    const before = await readLogin(kept.place);

    const token = await createPersonTokens({ env: kept.env, cloud: "global", place: kept.place, clock: testClock(), random: full })();

    expect(token?.claims?.scp).toEqual(PUBLIC.scopes);
    expect((await readLogin(kept.place))?.cache.reveal()).toBe(before?.cache.reveal());
  });

  test("is shown to the login service alone, wherever its documents point", async () => {
    const kept = await session();
    const elsewhere: string[] = [];
    const misled: typeof fetch = async (input, init) => {
      const url = new URL(input instanceof Request ? input.url : input);
      if (url.origin !== kept.entra.url) elsewhere.push(url.href);
      const answer = await fetch(input, init);
      return url.pathname.endsWith("openid-configuration")
        ? new Response(
            (await answer.text()).replaceAll(
              `${kept.entra.url}/${kept.entra.tenantId}/oauth2`,
              `https://evil.example/${kept.entra.tenantId}/oauth2`,
            ),
          )
        : answer;
    };
    const options = { env: kept.env, cloud: "global", place: kept.place, clock: testClock(), random: randomBytes, fetch: misled } as const;

    const error: unknown = await createPersonTokens(options)().catch((thrown: unknown) => thrown);

    expect(error).toBeInstanceOf(ConfigurationError);
    expect(elsewhere).toEqual([]);
  });
});

test("nobody signed in: no token, no question", async () => {
  const place = loginPlace({ DEVICE_LIFECYCLE_LOGIN: await temporaryFolder() });

  expect(await tokensOf({ place, env: {} })()).toBeNull();
});

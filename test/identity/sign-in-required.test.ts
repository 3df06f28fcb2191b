import { inspect } from "node:util";
import { afterEach, describe, expect, test } from "@jest/globals";
import { type Emulator, type EmulatorOptions, startEmulator } from "../../emulator/graph/start-emulator.ts";
import { GraphReadError, SignInError } from "../../providers/domain/errors.ts";
import { createTokenSource, type TokenSource } from "../../providers/identity/tokens.ts";
import { parseGraphEndpoint } from "../../providers/support/cloud.ts";
import { APPLICATION_TOKEN, action, actionCall, DELEGATED_TOKEN, graphAt, jwt, opaqueTokens, resolveAll } from "../graph/graph-fixture.ts";
import { type Script, type ScriptedServer, startScriptedServer } from "../support/scripted-server.ts";
import { APPLICATION, envOf, openEntra, PRIVILEGED, READ, SECRET } from "./entra-fixture.ts";

const open: (ScriptedServer | Emulator)[] = [];

afterEach(() => Promise.all(open.splice(0).map((server) => server.close())));

async function serverOf(script: Script): Promise<ScriptedServer> {
  const server = await startScriptedServer(script);
  open.push(server);
  return server;
}

async function emulatorOf(options: EmulatorOptions): Promise<Emulator> {
  const emulator = await startEmulator(options);
  open.push(emulator);
  return emulator;
}

const NO_CONTENT = { status: 204 };
const FORBIDDEN = {
  status: 403,
  headers: { "request-id": "rid-403" },
  body: { error: { code: "Forbidden", message: "Not for applications" } },
};
const PRIVILEGED_APPLICATION = jwt({ roles: [PRIVILEGED], tid: "t1" });
const PERSON = jwt({ scp: PRIVILEGED, tid: "t1" });
const BYPASS = actionCall("bypassActivationLock");

describe("an action that Graph refuses to the application", () => {
  test.each([
    ["with the permission", PRIVILEGED_APPLICATION],
    ["with a token that cannot be read", APPLICATION_TOKEN],
  ])("%s waits for a person, and is not tried again in this run", async (_name, application) => {
    const server = await serverOf([FORBIDDEN]);
    const graph = graphAt(server.url, { tokens: opaqueTokens(application) });
    const before = await graph.actions.permission(action("bypassActivationLock"));

    const result = await graph.actions.send(BYPASS);
    const after = await graph.actions.permission(action("bypassActivationLock"));

    expect(before.kind).not.toBe("missing");
    expect(result).toEqual({
      kind: "signInRequired",
      permission: PRIVILEGED,
      signIn: "./dlr login",
      detail: "Graph refused it to the application: 403 (not allowed): Forbidden: Not for applications",
      requestId: "rid-403",
    });
    expect(after).toEqual({ kind: "missing", permission: PRIVILEGED, signIn: "./dlr login", why: "Graph refused it to the application" });
    expect(server.requests).toHaveLength(1);
  });

  test("and to the person waits for another one, who has a role for it", async () => {
    const server = await serverOf([FORBIDDEN]);
    const graph = graphAt(server.url, { tokens: opaqueTokens(PRIVILEGED_APPLICATION, PERSON) });

    const result = await graph.actions.send(BYPASS);

    expect(result).toMatchObject({
      kind: "signInRequired",
      detail: expect.stringMatching(/to the application, and to the person who signed in: 403.*Intune role/),
    });
    expect(server.requests.map(({ headers }) => headers.authorization)).toEqual([`Bearer ${PRIVILEGED_APPLICATION}`, `Bearer ${PERSON}`]);
  });

  test("stays in doubt where an earlier try may have been taken", async () => {
    const server = await serverOf([{ status: 503 }, FORBIDDEN]);
    const graph = graphAt(server.url, { tokens: opaqueTokens(PRIVILEGED_APPLICATION, PERSON) });

    const result = await graph.actions.send(BYPASS);

    expect(result.kind).toBe("unknown");
    expect(server.requests).toHaveLength(2);
  });

  test("says why the person's sign-in does not help", async () => {
    const server = await serverOf([FORBIDDEN]);
    const lapsed: TokenSource = {
      ...opaqueTokens(PRIVILEGED_APPLICATION),
      delegated: () => Promise.reject(new SignInError("the sign-in of anna could not be renewed: AADSTS700082")),
    };
    const graph = graphAt(server.url, { tokens: lapsed });

    const result = await graph.actions.send(BYPASS);

    expect(result).toMatchObject({
      kind: "signInRequired",
      detail: expect.stringMatching(/; the sign-in of anna could not be renewed: AADSTS700082$/),
    });
  });

  test("is not sent with the token of a person of another tenant", async () => {
    const server = await serverOf([FORBIDDEN]);
    const tokens = opaqueTokens(PRIVILEGED_APPLICATION, jwt({ scp: PRIVILEGED, tid: "t2" }));

    const result = await graphAt(server.url, { tokens }).actions.send(BYPASS);

    expect(result).toMatchObject({ kind: "signInRequired", detail: expect.stringContaining("of another tenant than the application's") });
    expect(server.requests).toHaveLength(1);
  });

  test("of a person is refused for that device, and tried for the next", async () => {
    const server = await serverOf([FORBIDDEN, NO_CONTENT]);
    const graph = graphAt(server.url, { tokens: opaqueTokens(PERSON) });

    const results = [await graph.actions.send(BYPASS), await graph.actions.send(BYPASS)];

    expect(results.map(({ kind }) => kind)).toEqual(["signInRequired", "accepted"]);
  });

  test("as the emulator does: the person's token is used, and nothing is done twice", async () => {
    const tokens = [
      { token: PRIVILEGED_APPLICATION, kind: "application", permissions: [READ, PRIVILEGED] },
      { token: PERSON, kind: "delegated", permissions: [READ, PRIVILEGED] },
    ] as const;
    const emulator = await emulatorOf({ tokens, bypassDelegatedOnly: true });
    const device = { id: emulator.device("DMPXK2ABCDEF").id, path: { kind: "managedDevices" } } as const;
    const graph = graphAt(emulator.url, { tokens: opaqueTokens(PRIVILEGED_APPLICATION, PERSON) });

    const result = await graph.actions.send({ ...BYPASS, device });

    expect(result.kind).toBe("accepted");
    expect(emulator.actionCalls.map(({ status }) => status)).toEqual([403, 204]);
    expect(emulator.device("DMPXK2ABCDEF").received).toHaveLength(1);
  });
});

describe("the person's token", () => {
  function counting(application: string, delegated: string | null): { readonly tokens: TokenSource; readonly asked: () => number } {
    let asked = 0;
    const source = opaqueTokens(application, delegated);
    const counted = async () => {
      asked += 1;
      return source.delegated();
    };
    return { tokens: { ...source, delegated: counted }, asked: () => asked };
  }

  test("is not asked for while the application's is enough", async () => {
    const server = await serverOf([NO_CONTENT]);
    const { tokens, asked } = counting(PRIVILEGED_APPLICATION, PERSON);
    const graph = graphAt(server.url, { tokens });

    await graph.actions.permission(action("wipe"));
    await graph.actions.send(actionCall("wipe"));

    expect(asked()).toBe(0);
  });

  test("is asked for once, however many requests need it", async () => {
    const { tokens, asked } = counting(jwt({ roles: [READ] }), null);
    const graph = graphAt("http://127.0.0.1:1", { tokens });

    const answers = [await graph.actions.permission(action("wipe")), await graph.actions.permission(action("bypassActivationLock"))];

    expect(answers.map(({ kind }) => kind)).toEqual(["missing", "missing"]);
    expect(asked()).toBe(1);
  });

  test("that cannot be had keeps nobody from being told what is missing", async () => {
    const tokens: TokenSource = {
      ...opaqueTokens(jwt({ roles: [READ] })),
      delegated: () => Promise.reject(new SignInError("the sign-in that is kept on this machine is not used: its key is gone")),
    };

    const answer = await graphAt("http://127.0.0.1:1", { tokens }).actions.permission(action("wipe"));

    expect(answer).toEqual({
      kind: "missing",
      permission: PRIVILEGED,
      signIn: "./dlr login",
      why: "the sign-in that is kept on this machine is not used: its key is gone",
    });
  });

  test("is shown to nobody, whatever fails", async () => {
    const server = await serverOf([{ ...FORBIDDEN, body: { error: { code: "Forbidden", message: `Bearer ${DELEGATED_TOKEN}` } } }]);
    const graph = graphAt(server.url, { tokens: opaqueTokens(PRIVILEGED_APPLICATION, DELEGATED_TOKEN) });

    const result = await graph.actions.send(BYPASS);

    expect(result.kind).toBe("signInRequired");
    expect(inspect(result, { depth: null, showHidden: true })).not.toMatch(new RegExp(`${DELEGATED_TOKEN}|${PRIVILEGED_APPLICATION}`));
  });
});

describe("a tenant without Intune", () => {
  const UNLICENSED = {
    kind: "status",
    status: 400,
    code: "BadRequest",
    message: "Request not applicable to target tenant.",
    body: "intune",
  } as const;

  test("is one error that names the licence", async () => {
    const emulator = await emulatorOf({ faults: [{ call: ["list", "read"], effect: UNLICENSED }] });
    const graph = graphAt(emulator.url);
    const device = { id: emulator.device("DMPXK2ABCDEF").id, path: { kind: "managedDevices" } } as const;

    const errors = [
      await resolveAll(graph, [{ serialNumber: "DMPXK2ABCDEF" }, { serialNumber: "DMPXK2GHJKLM" }]).catch((thrown: unknown) => thrown),
      await graph.directory.observe(device).catch((thrown: unknown) => thrown),
    ];

    for (const error of errors) {
      expect(error).toBeInstanceOf(GraphReadError);
      expect(error).toMatchObject({
        status: 400,
        message: expect.stringMatching(/^this tenant has no active Microsoft Intune licence.*Request not applicable to target tenant\.$/),
        hint: expect.stringContaining("license the tenant for Microsoft Intune"),
      });
    }
  });

  test.each([
    [400, "Request not applicable to target tenant."],
    [403, "The tenant is not licensed for Intune."],
    [403, "Application is not authorized: the tenant does not have a license. License is required."],
  ])("is no matter of who asks (%p: %s)", async (status, message) => {
    const server = await serverOf([{ status, body: { error: { code: "Forbidden", message } } }]);
    const graph = graphAt(server.url, { tokens: opaqueTokens(PRIVILEGED_APPLICATION, PERSON) });

    const result = await graph.actions.send(BYPASS);

    expect(result).toMatchObject({ kind: "refused", status, detail: expect.stringContaining("no active Microsoft Intune licence") });
    expect(server.requests).toHaveLength(1);
  });

  test("is told apart from a person without an Intune role", async () => {
    const nested = JSON.stringify({
      ErrorCode: "Forbidden",
      Message: JSON.stringify({ _version: 3, Message: "An error has occurred - Operation ID (for customer support): 0" }),
    });
    const server = await serverOf([{ status: 401, body: { error: { code: "UnknownError", message: nested } } }]);

    const error = await resolveAll(graphAt(server.url), [{ serialNumber: "X1" }]).catch((thrown: unknown) => thrown);

    expect(error).toMatchObject({ status: 401, hint: expect.stringContaining("needs an Intune role") });
  });
});

describe("with the login service's own tokens", () => {
  const IPAD = { serialNumber: "DMPXK2ABCDEF" };

  test("a run outlasts its token: Graph's refusal brings a new one, once", async () => {
    let skew = 0;
    const clock = () => Date.now() + skew;
    const [entra, emulator] = await Promise.all([openEntra({ clock }), emulatorOf({ clock })]);
    const endpoint = parseGraphEndpoint("global", emulator.url);
    const real = { now: Date.now, sleep: async () => undefined };
    const tokens = createTokenSource({ env: envOf(entra, { AZURE_CLIENT_SECRET: SECRET }), cloud: "global", endpoint, clock: real });
    const graph = graphAt(emulator.url, { tokens, clock: real });
    await resolveAll(graph, [IPAD]);

    skew = 2 * 3_600_000;
    const [found] = await resolveAll(graph, [IPAD]);
    await resolveAll(graph, [IPAD]);

    expect(found).toHaveLength(1);
    expect(emulator.requests.filter(({ status }) => status === 401)).toHaveLength(1);
    expect(entra.requests.filter(({ grantType }) => grantType === "client_credentials")).toHaveLength(2);
  });

  test("an application that nobody consented to is told which permission is missing", async () => {
    const entra = await openEntra({ applications: [{ ...APPLICATION, roles: [] }] });
    const emulator = await emulatorOf({});
    const endpoint = parseGraphEndpoint("global", emulator.url);
    const clock = { now: Date.now, sleep: async () => undefined };
    const tokens = createTokenSource({ env: envOf(entra, { AZURE_CLIENT_SECRET: SECRET }), cloud: "global", endpoint, clock });
    const graph = graphAt(emulator.url, { tokens, clock });

    const answer = await graph.actions.permission(action("wipe"));
    const read = await resolveAll(graph, [IPAD]).catch((thrown: unknown) => thrown);

    expect(answer).toEqual({ kind: "missing", permission: PRIVILEGED, signIn: "./dlr login" });
    expect(read).toMatchObject({ status: 403, hint: expect.stringContaining(READ) });
  });

  test("a token for another service is refused by Graph, and the refusal shows no token", async () => {
    const emulator = await emulatorOf({});
    const wrong = jwt({ aud: "https://vault.azure.net", roles: [READ] });

    const error = await resolveAll(graphAt(emulator.url, { tokens: opaqueTokens(wrong) }), [IPAD]).catch((thrown: unknown) => thrown);

    expect(error).toMatchObject({
      status: 401,
      message: expect.stringContaining("Invalid audience"),
      hint: expect.stringContaining("GRAPH_ACCESS_TOKEN"),
    });
    expect(inspect(error, { depth: null })).not.toContain(wrong);
  });
});

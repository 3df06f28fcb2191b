import { inspect } from "node:util";
import { describe, expect, test } from "@jest/globals";
import type { DevicePath } from "../../providers/domain/plan.ts";
import type { SendResult } from "../../providers/domain/ports.ts";
import { Redacted } from "../../providers/domain/redacted.ts";
import { type Script, type ScriptedAnswer, startScriptedServer } from "../support/scripted-server.ts";
import { APPLICATION_TOKEN, action, actionCall, DELEGATED_TOKEN, DEVICE_ID, graphAt, jwt, opaqueTokens } from "./graph-fixture.ts";
import { NO_CONTENT, scriptedServers } from "./send-one-action.ts";

const { send } = scriptedServers();

const FORBIDDEN: ScriptedAnswer = { status: 403, body: { error: { code: "Forbidden", message: "No" } } };
const THROTTLED: ScriptedAnswer = { status: 429, headers: { "retry-after": "5" } };

describe("what one answer means for an action that must not be done twice", () => {
  const refused = (status: number): Partial<SendResult> => ({ kind: "refused", status });
  const cases: readonly (readonly [string, ScriptedAnswer, Partial<SendResult>])[] = [
    ["204", NO_CONTENT, { kind: "accepted", requestId: "rid-1" }],
    ["200 with a body", { status: 200, body: { value: true } }, { kind: "accepted" }],
    ["202 without a body", { status: 202, body: "" }, { kind: "accepted" }],
    ["200 with HTML, as a proxy answers", { status: 200, body: "<html>" }, { kind: "unknown" }],
    ["200 with broken JSON", { status: 200, body: '{"status":' }, { kind: "unknown" }],
    [
      "200 that breaks off",
      { status: 200, headers: { "request-id": "rid-2" }, body: "half", cut: true },
      { kind: "accepted", requestId: "rid-2" },
    ],
    ["302", { status: 302, headers: { location: "http://127.0.0.1:1/" } }, { kind: "unknown" }],
    ["400", { status: 400, body: { error: { code: "BadRequest", message: "No" } } }, refused(400)],
    ["401", { status: 401, headers: { "request-id": "rid-4" } }, { kind: "throttled", requestId: "rid-4" }],
    ["403", { status: 403, headers: { "request-id": "rid-4" }, body: "" }, { ...refused(403), requestId: "rid-4" }],
    ["404 with HTML", { status: 404, body: "<html><title>Not found</title></html>" }, { kind: "unknown" }],
    ["404", { status: 404, body: { error: { code: "ResourceNotFound" } } }, refused(404)],
    ["408", { status: 408 }, { kind: "unknown" }],
    ["409", { status: 409 }, { kind: "unknown" }],
    ["412", { status: 412, body: { error: { code: "PreconditionFailed", message: "No" } } }, refused(412)],
    ["403 that breaks off", { status: 403, headers: { "request-id": "rid-4" }, body: "half", cut: true }, refused(403)],
    ["500", { status: 500, headers: { "request-id": "rid-3" }, body: '{"error":' }, { kind: "unknown", requestId: "rid-3" }],
    ["502 with HTML", { status: 502, body: "<html>" }, { kind: "unknown" }],
    ["503 with Retry-After", { status: 503, headers: { "retry-after": "1" } }, { kind: "unknown" }],
    ["504", { status: 504 }, { kind: "unknown" }],
    ["503 that breaks off", { status: 503, body: "half", cut: true }, { kind: "unknown" }],
    ["a reset", "reset", { kind: "unknown", requestId: null }],
  ];

  test.each(cases)("%s, sent once", async (_name, answer, expected) => {
    const { result, requests } = await send([answer], actionCall("wipe"));

    expect(result).toMatchObject(expected);
    expect(requests).toHaveLength(1);
  });

  test.each([
    ["429 that says when", THROTTLED, { afterMs: 5_000 }],
    ["429 that does not", { status: 429 }, { afterMs: null }],
    ["429 with a wait of nothing", { status: 429, headers: { "retry-after": "0" } }, { afterMs: null }],
  ] as const)("%s is one request, and says how long to wait", async (_name, answer, again) => {
    const { result, requests } = await send([answer, NO_CONTENT], actionCall("wipe"));

    expect(result).toMatchObject({ kind: "throttled", again });
    expect(requests).toHaveLength(1);
  });

  test("where nothing listens, nothing was sent", async () => {
    const gone = await startScriptedServer([NO_CONTENT]);
    await gone.close();
    const graph = graphAt(gone.url);

    const result = await graph.actions.send(actionCall("wipe"));

    expect(result).toEqual({ kind: "throttled", detail: "not sent: no connection (ECONNREFUSED)", requestId: null });
    expect(graph.requestCount()).toBe(1);
  });

  test("without a token, nothing was sent", async () => {
    const { result, requests } = await send([NO_CONTENT], actionCall("wipe"), { tokens: opaqueTokens(null, null) });

    expect(result).toMatchObject({ kind: "throttled", detail: expect.stringMatching(/^not sent: there is no .*token/) });
    expect(requests).toEqual([]);
  });

  test.each(["../x", "a/b", "%2f", "a\nb", ""])("a device id %p is sent nowhere", async (id) => {
    const { result, requests } = await send([NO_CONTENT], actionCall("wipe", { device: { id, path: { kind: "managedDevices" } } }));

    expect(result).toMatchObject({ kind: "refused", status: 0, detail: expect.stringMatching(/^not sent/) });
    expect(requests).toEqual([]);
  });
});

describe("an action that may be done twice", () => {
  test.each([
    ["500", { status: 500 }],
    ["a reset", "reset"],
    ["a 503 that breaks off", { status: 503, body: "half", cut: true }],
    ["401", { status: 401 }],
  ] as const)("is sent again after %s, under the same id", async (_name, answer) => {
    const { result, requests } = await send([answer, NO_CONTENT], actionCall("bypassActivationLock"));

    expect(result.kind).toBe("accepted");
    expect(new Set(requests.map(({ headers }) => headers["client-request-id"]))).toEqual(new Set(["c0ffee00-0000-4000-8000-000000000042"]));
    expect(requests).toHaveLength(2);
  });

  test("is not sent again when its acceptance breaks off", async () => {
    const { result, requests } = await send([{ status: 200, body: "half", cut: true }], actionCall("syncDevice"));

    expect([result.kind, requests.length]).toEqual(["accepted", 1]);
  });

  test("stays in doubt when an earlier try may have been taken", async () => {
    const { result } = await send(["reset", { status: 409, body: { error: { message: "already pending" } } }], actionCall("syncDevice"));

    expect(result).toMatchObject({ kind: "unknown", detail: expect.stringContaining("409 (conflict): already pending") });
  });

  test("is in doubt after its last try", async () => {
    const { result, requests } = await send([{ status: 503 }], actionCall("syncDevice"));

    expect([result.kind, requests.length]).toEqual(["unknown", 6]);
  });
});

describe("what an action looks like on the wire", () => {
  test("without parameters it has no body and no type of one", async () => {
    const { requests } = await send([NO_CONTENT], actionCall("bypassActivationLock"));

    const [request] = requests;
    expect(request).toMatchObject({ method: "POST", body: "" });
    expect(request?.target).toBe(`/v1.0/deviceManagement/managedDevices/${DEVICE_ID}/bypassActivationLock`);
    expect(request?.headers).toMatchObject({
      "content-length": "0",
      authorization: `Bearer ${APPLICATION_TOKEN}`,
      accept: "application/json",
    });
    expect(request?.headers).not.toHaveProperty("content-type");
    expect(request?.headers).not.toHaveProperty("x-msft-approval-justification");
  });

  test("where it could have parameters and is given none, its body is an empty object", async () => {
    const { requests } = await send([NO_CONTENT], actionCall("playLostModeSound"));

    expect(requests[0]).toMatchObject({ body: "{}", headers: { "content-type": "application/json" } });
  });

  test("with parameters it has them, secrets opened at the last moment", async () => {
    const call = actionCall("wipe", {
      parameters: { persistEsimDataPlan: true },
      secretParameters: { macOsUnlockCode: new Redacted("123456") },
    });

    const { requests } = await send([NO_CONTENT], call);

    expect(requests[0]?.headers["content-type"]).toBe("application/json");
    expect(JSON.parse(requests[0]?.body ?? "")).toEqual({ persistEsimDataPlan: true, macOsUnlockCode: "123456" });
  });

  test("a delete is a DELETE of the device", async () => {
    const call = actionCall("retire", { action: { ...action("retire"), name: "delete", method: "DELETE", version: "beta" } });

    const { requests } = await send([NO_CONTENT], call);

    expect(requests[0]).toMatchObject({ method: "DELETE", target: `/beta/deviceManagement/managedDevices/${DEVICE_ID}`, body: "" });
  });

  const paths: readonly (readonly [DevicePath, string])[] = [
    [{ kind: "managedDevices" }, `/deviceManagement/managedDevices/${DEVICE_ID}`],
    [{ kind: "user", user: "j.doe@contoso.example" }, `/users/j.doe%40contoso.example/managedDevices/${DEVICE_ID}`],
    [{ kind: "detectedApp", detectedApp: "app1" }, `/deviceManagement/detectedApps/app1/managedDevices/${DEVICE_ID}`],
    [
      { kind: "detectedAppUser", detectedApp: "app1", user: "u1" },
      `/deviceManagement/detectedApps/app1/managedDevices/${DEVICE_ID}/users/u1/managedDevices/${DEVICE_ID}`,
    ],
    [
      { kind: "deviceRunState", script: "s1", runState: "s1:r1" },
      "/deviceManagement/deviceManagementScripts/s1/deviceRunStates/s1%3Ar1/managedDevice",
    ],
    [
      { kind: "deviceRunStateDetectedApp", script: "s1", runState: "r1", detectedApp: "app1" },
      `/deviceManagement/deviceManagementScripts/s1/deviceRunStates/r1/managedDevice/detectedApps/app1/managedDevices/${DEVICE_ID}`,
    ],
  ];

  test.each(paths)("by %p", async (path, expected) => {
    const { requests } = await send([NO_CONTENT], actionCall("resetPasscode", { device: { id: DEVICE_ID, path } }));

    expect(requests[0]?.target).toBe(`/v1.0${expected}/resetPasscode`);
  });
});

describe("whose token an action goes with", () => {
  const PRIVILEGED = "DeviceManagementManagedDevices.PrivilegedOperations.All";
  const OLD_SPELLING = "DeviceManagementManagedDevices.PriviligedOperation.All";

  test("the person's, where the application's lacks the permission", async () => {
    const application = jwt({ roles: ["DeviceManagementManagedDevices.Read.All"] });
    const delegated = jwt({ scp: `User.Read ${OLD_SPELLING}` });

    const { requests } = await send([NO_CONTENT], actionCall("wipe"), { tokens: opaqueTokens(application, delegated) });

    expect(requests.map(({ headers }) => headers.authorization)).toEqual([`Bearer ${delegated}`]);
  });

  test("the person's, after Graph refused the application what is safe to repeat; and from then on at once", async () => {
    const script: Script = ({ headers }) => (headers.authorization === `Bearer ${DELEGATED_TOKEN}` ? NO_CONTENT : FORBIDDEN);
    const tokens = opaqueTokens(jwt({ roles: [PRIVILEGED] }), DELEGATED_TOKEN);
    const { result, requests, graph } = await send(script, actionCall("bypassActivationLock"), { tokens });

    const second = await graph.actions.send(actionCall("bypassActivationLock"));

    expect([result.kind, second.kind]).toEqual(["accepted", "accepted"]);
    expect(requests.map(({ headers }) => headers.authorization?.endsWith(DELEGATED_TOKEN))).toEqual([false, true, true]);
  });

  test("never a second one for what must not be done twice", async () => {
    const tokens = opaqueTokens(jwt({ roles: [PRIVILEGED] }), DELEGATED_TOKEN);

    const { result, requests } = await send([FORBIDDEN], actionCall("wipe"), { tokens });

    expect([result.kind, requests.length]).toEqual(["refused", 1]);
  });

  test.each([
    ["roles", { application: jwt({ roles: [PRIVILEGED] }), delegated: null }, { kind: "granted" }],
    ["the old spelling", { application: jwt({ roles: [OLD_SPELLING] }), delegated: null }, { kind: "granted" }],
    ["scopes of a person in the first place", { application: jwt({ scp: PRIVILEGED }), delegated: null }, { kind: "granted" }],
    ["the person's scopes", { application: jwt({ roles: [] }), delegated: jwt({ scp: OLD_SPELLING }) }, { kind: "granted" }],
    ["a token that cannot be read", { application: "opaque", delegated: null }, { kind: "unknown" }],
    ["a token with other permissions", { application: jwt({ roles: ["User.Read.All"] }), delegated: null }, missing(PRIVILEGED)],
    ["no token at all", { application: null, delegated: null }, missing(PRIVILEGED)],
  ])("is known before anything is sent: %s", async (_name, { application, delegated }, expected) => {
    const graph = graphAt("http://127.0.0.1:1", { tokens: opaqueTokens(application, delegated) });

    const answer = await graph.actions.permission(action("wipe"));

    expect(answer).toEqual(expected);
    expect(graph.requestCount()).toBe(0);
  });

  test("an action for people only needs a person's token", async () => {
    const delegatedOnly = { ...action("bypassActivationLock"), permission: { application: null, delegated: PRIVILEGED } };
    const withRoles = graphAt("http://127.0.0.1:1", { tokens: opaqueTokens(jwt({ roles: [PRIVILEGED] })) });
    const withScopes = graphAt("http://127.0.0.1:1", { tokens: opaqueTokens(APPLICATION_TOKEN, jwt({ scp: PRIVILEGED })) });

    expect(await withRoles.actions.permission(delegatedOnly)).toEqual(missing(PRIVILEGED));
    expect(await withScopes.actions.permission(delegatedOnly)).toEqual({ kind: "granted" });
  });

  function missing(permission: string) {
    return { kind: "missing", permission, signIn: "./dlr login" };
  }
});

test("no result shows a secret that was sent", async () => {
  const secretParameters = { macOsUnlockCode: new Redacted("987654") };
  const echo = { error: { code: "Bad", message: `unlock code 987654 with Bearer ${APPLICATION_TOKEN}` } };
  const results = [
    await send([{ status: 400, body: echo }], actionCall("wipe", { secretParameters })),
    await send([{ status: 500, body: echo }], actionCall("wipe", { secretParameters })),
    await send([{ status: 429, headers: { "retry-after": "9999" }, body: echo }], actionCall("wipe", { secretParameters })),
  ].map(({ result }) => result);

  const text = inspect(results, { depth: null, showHidden: true });

  expect(results.map(({ kind }) => kind)).toEqual(["refused", "unknown", "throttled"]);
  expect(text).not.toContain("987654");
  expect(text).not.toContain(APPLICATION_TOKEN);
});

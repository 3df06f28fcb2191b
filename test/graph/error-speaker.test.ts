import { afterEach, describe, expect, test } from "@jest/globals";
import type { SendResult } from "../../providers/domain/ports.ts";
import { type ScriptedAnswer, type ScriptedServer, startScriptedServer } from "../support/scripted-server.ts";
import { actionCall, graphAt } from "./graph-fixture.ts";

const open: ScriptedServer[] = [];

afterEach(() => Promise.all(open.splice(0).map((server) => server.close())));

async function resultOf(answer: ScriptedAnswer, name = "wipe"): Promise<SendResult> {
  const server = await startScriptedServer([answer]);
  open.push(server);
  return graphAt(server.url).actions.send(actionCall(name));
}

const ID = { "request-id": "rid-1" };

/** Bodies, with the head that they come with. */
const BODIES: Readonly<Record<string, Omit<Extract<ScriptedAnswer, object>, "status">>> = {
  "Graph's error": { body: { error: { code: "BadRequest", message: "No" } } },
  "Graph's error of OData 3": { body: { "odata.error": { code: "Bad", message: { lang: "en", value: "No" } } } },
  "nothing, by Graph": { headers: ID, body: "" },
  "an empty object, by Graph": { headers: ID, body: {} },
  "broken JSON, by Graph": { headers: ID, body: '{"error":{"code":"' },
  "half a body, by Graph": { headers: ID, body: '{"error":', cut: true },
  "nothing, by nobody": { body: "" },
  "half a body, by nobody": { body: '{"error":', cut: true },
  "a page": { headers: { ...ID, "content-type": "text/html" }, body: "<html><title>No</title></html>" },
  words: { headers: ID, body: "upstream says no" },
  "a gateway's JSON": { headers: ID, body: { message: "Forbidden" } },
  "the sign-in service's JSON": { headers: ID, body: { error: "invalid_request", error_description: "No" } },
};

type Kind = SendResult["kind"];

/** By the three who may have said it: Graph in words, Graph by the head alone, nobody knows. */
const KINDS: Readonly<Record<number, readonly [error: Kind, bare: Kind, messenger: Kind]>> = {
  400: ["refused", "refused", "unknown"],
  401: ["throttled", "throttled", "unknown"],
  402: ["refused", "refused", "unknown"],
  403: ["refused", "refused", "unknown"],
  404: ["refused", "unknown", "unknown"],
  405: ["refused", "refused", "unknown"],
  407: ["throttled", "throttled", "throttled"],
  408: ["unknown", "unknown", "unknown"],
  409: ["unknown", "unknown", "unknown"],
  410: ["refused", "refused", "unknown"],
  411: ["throttled", "throttled", "throttled"],
  412: ["refused", "refused", "unknown"],
  413: ["throttled", "throttled", "throttled"],
  414: ["throttled", "throttled", "throttled"],
  415: ["refused", "refused", "unknown"],
  421: ["unknown", "unknown", "unknown"],
  422: ["refused", "refused", "unknown"],
  423: ["unknown", "unknown", "unknown"],
  425: ["unknown", "unknown", "unknown"],
  429: ["throttled", "throttled", "throttled"],
  431: ["throttled", "throttled", "throttled"],
  451: ["refused", "refused", "unknown"],
  499: ["unknown", "unknown", "unknown"],
  500: ["unknown", "unknown", "unknown"],
  501: ["unknown", "unknown", "unknown"],
};

const ROWS = Object.entries(KINDS).flatMap(([status, [error, bare, messenger]]) =>
  Object.entries(BODIES).map(([name, answer]) => {
    const expected = name.startsWith("Graph's") ? error : name.endsWith("by Graph") ? bare : messenger;
    return [status, name, answer, expected] as const;
  }),
);

test.each(ROWS)("%s with %s", async (status, _name, answer, expected) => {
  const result = await resultOf({ ...answer, status: Number(status) });

  expect(result.kind).toBe(expected);
});

describe("what goes on in the next run says what to do", () => {
  const CLAIMS = { "www-authenticate": 'Bearer realm="", error="insufficient_claims", claims="eyJ"' };
  const BEARER = { "www-authenticate": 'Bearer realm="", client_id="00000003-0000-0000-c000-000000000000"' };
  const FORBIDDEN = { error: { code: "Forbidden", message: "No" } };

  test.each([
    ["401 with Graph's challenge and nothing else", { status: 401, headers: BEARER }, "get a new token, or sign in again"],
    ["401 of conditional access", { status: 401, headers: CLAIMS }, "conditional access wants more of the sign-in"],
    ["403 of conditional access", { status: 403, headers: CLAIMS, body: FORBIDDEN }, "conditional access wants more of the sign-in"],
    ["407", { status: 407, body: "<html>" }, "see that proxies and gateways let it through"],
    ["431", { status: 431, body: "<html>" }, "see that proxies and gateways let it through"],
  ])("%s", async (_name, answer, advice) => {
    const once = await resultOf(answer);
    const repeatable = await resultOf(answer, "syncDevice");

    for (const result of [once, repeatable])
      expect(result).toMatchObject({
        kind: "throttled",
        detail: expect.stringMatching(`^not sent: Graph answered ${answer.status}.*${advice}`),
      });
  });

  test("a page with 403 is no refusal of the application either", async () => {
    expect(await resultOf({ status: 403, headers: ID, body: "<html>" }, "syncDevice")).toMatchObject({
      kind: "unknown",
      requestId: "rid-1",
    });
  });
});

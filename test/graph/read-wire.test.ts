import { inspect } from "node:util";
import { afterEach, describe, expect, test } from "@jest/globals";
import { GraphReadError } from "../../providers/domain/errors.ts";
import { Redacted } from "../../providers/domain/redacted.ts";
import type { GraphOptions } from "../../providers/graph/graph.ts";
import { parseAccessToken } from "../../providers/identity/access-token.ts";
import { type Script, type ScriptedAnswer, type ScriptedServer, startScriptedServer } from "../support/scripted-server.ts";
import { APPLICATION_TOKEN, DEVICE, DEVICE_ID, graphAt, managedDevice, resolveAll } from "./graph-fixture.ts";

const open: ScriptedServer[] = [];

afterEach(() => Promise.all(open.splice(0).map((server) => server.close())));

async function serve(script: Script): Promise<ScriptedServer> {
  const server = await startScriptedServer(script);
  open.push(server);
  return server;
}

const CODE = { status: 200, body: { id: DEVICE_ID, activationLockBypassCode: "3E3D-HIDDEN" } };

async function readCode(script: readonly ScriptedAnswer[], options: Partial<GraphOptions> = {}) {
  const server = await serve(script);
  const graph = graphAt(server.url, options);
  const result = await graph.directory.readBypassCode(DEVICE).catch((error: unknown) => error);
  return { result, requests: server.requests, slept: graph.clock.slept, graph };
}

describe("a read that meets trouble is tried again", () => {
  const cases: readonly (readonly [string, ScriptedAnswer, readonly number[]])[] = [
    ["429 with seconds", { status: 429, headers: { "retry-after": "7" } }, [7_000]],
    [
      "429 with a date",
      { status: 429, headers: { "retry-after": "Fri, 20 Nov 2026 12:00:09 GMT", date: "Fri, 20 Nov 2026 12:00:00 GMT" } },
      [9_000],
    ],
    ["429 without a word on when", { status: 429 }, [2_000]],
    ["503 with seconds", { status: 503, headers: { "retry-after": "3" }, body: "<html>" }, [3_000]],
    ["500", { status: 500, body: { error: { code: "x", message: "y" } } }, [500]],
    ["502 with HTML", { status: 502, headers: { "content-type": "text/html" }, body: "<html></html>" }, [500]],
    ["504 without a body", { status: 504 }, [500]],
    ["a reset", "reset", [500]],
    ["an answer that breaks off", { ...CODE, cut: true }, [500]],
    ["HTML instead of JSON", { status: 200, headers: { "content-type": "text/html" }, body: "<html>Sign in</html>" }, [500]],
    ["malformed JSON", { status: 200, headers: { "content-type": "application/json" }, body: '{"id":"a1b2' }, [500]],
    ["no body", { status: 200, body: "" }, [500]],
    ["a list instead of an object", { status: 200, body: [] }, [500]],
    ["401 once: with a new token, at once", { status: 401, body: { error: { code: "InvalidAuthenticationToken" } } }, []],
  ];

  test.each(cases)("%s", async (_name, answer, expected) => {
    const { result, requests, slept } = await readCode([answer, CODE]);

    expect(result).toMatchObject({ reveal: expect.any(Function) });
    expect(requests).toHaveLength(2);
    expect(slept).toEqual(expected);
  });
});

describe("a read that is refused is not", () => {
  test.each([
    ["302", 1],
    ["307", 1],
    ["400", 1],
    ["401", 2],
    ["403", 1],
    ["404", 1],
    ["409", 1],
    ["412", 1],
    ["501", 1],
  ])("%s takes %i request(s)", async (status, count) => {
    const { result, requests } = await readCode([{ status: Number(status), body: { error: { code: "Code", message: "Because" } } }]);

    expect(result).toBeInstanceOf(GraphReadError);
    expect(result).toMatchObject({ status: Number(status), message: expect.stringContaining(`${status}`) });
    expect(requests).toHaveLength(count);
  });
});

describe("a read ends after its last try", () => {
  test.each([
    ["503", { status: 503, body: { error: { code: "Busy", message: "Later" } } }, 503],
    ["a reset", "reset", null],
  ] as const)("%s", async (_name, answer, status) => {
    const { result, requests, slept } = await readCode([answer]);

    expect(result).toMatchObject({ name: "GraphReadError", status });
    expect(requests).toHaveLength(6);
    expect(slept).toEqual([500, 1_000, 2_000, 4_000, 8_000]);
  });

  test("and at once when it is asked to wait for longer than anybody would", async () => {
    const { result, requests, slept } = await readCode([{ status: 429, headers: { "retry-after": "3600" } }]);

    expect(result).toMatchObject({ status: 429, hint: expect.stringContaining("throttles") });
    expect([requests.length, slept]).toEqual([1, []]);
  });

  test("at the whole time's end, whatever tries are left", async () => {
    const { requests, slept } = await readCode([{ status: 429, headers: { "retry-after": "50" } }]);

    expect(requests).toHaveLength(4);
    expect(slept).toEqual([50_000, 50_000, 50_000]);
  });

  test("after three tries where nothing listens", async () => {
    const gone = await startScriptedServer([CODE]);
    await gone.close();
    const graph = graphAt(gone.url);

    const error = await graph.directory.readBypassCode(DEVICE).catch((thrown: unknown) => thrown);

    expect(error).toMatchObject({ name: "GraphReadError", status: null, hint: expect.stringContaining("dlr emulator") });
    expect(error).toMatchObject({ message: expect.stringContaining("ECONNREFUSED") });
    expect([graph.requestCount(), graph.clock.slept]).toEqual([3, [500, 1_000]]);
  });

  test("a long wait is told", async () => {
    const { graph } = await readCode([{ status: 429, headers: { "retry-after": "17" } }, CODE]);

    expect(graph.progress).toEqual(["Graph is busy: trying again in 17 s"]);
  });
});

describe("what goes over the wire", () => {
  test("names each try anew, carries the token, selects, and asks for no body", async () => {
    const { requests } = await readCode([{ status: 503 }, CODE]);

    expect(requests.map(({ method, target, body }) => [method, target, body])).toEqual([
      ["GET", `/v1.0/deviceManagement/managedDevices/${DEVICE_ID}?$select=id,activationLockBypassCode`, ""],
      ["GET", `/v1.0/deviceManagement/managedDevices/${DEVICE_ID}?$select=id,activationLockBypassCode`, ""],
    ]);
    const ids = requests.map(({ headers }) => headers["client-request-id"]);
    expect(ids).toEqual(["00000000-0000-4000-8000-000000000001", "00000000-0000-4000-8000-000000000002"]);
    expect(requests.map(({ headers }) => headers.authorization)).toEqual([`Bearer ${APPLICATION_TOKEN}`, `Bearer ${APPLICATION_TOKEN}`]);
    expect(requests[0]?.headers["content-type"]).toBeUndefined();
  });

  test("asks the issuer anew after a 401, and only then", async () => {
    const asked: (boolean | undefined)[] = [];
    const tokens = {
      application: async (options?: { readonly renew?: boolean }) => {
        asked.push(options?.renew);
        return parseAccessToken(new Redacted(`token-${asked.length}`));
      },
      delegated: async () => null,
    };

    const { requests } = await readCode([{ status: 401 }, CODE], { tokens });

    expect(requests.map(({ headers }) => headers.authorization)).toEqual(["Bearer token-1", "Bearer token-2"]);
    expect(asked).toEqual([undefined, true]);
  });
});

describe("no token leaves for another place", () => {
  test.each([301, 302, 303, 307, 308])("a %i to another port is not followed", async (status) => {
    const foreign = await serve([CODE]);
    const { result, requests } = await readCode([{ status, headers: { location: `${foreign.url}/v1.0/steal` } }]);

    expect(result).toBeInstanceOf(GraphReadError);
    expect(requests).toHaveLength(1);
    expect(foreign.requests).toEqual([]);
  });

  test("a next page on another port is asked of our own Graph", async () => {
    const foreign = await serve([{ status: 200, body: { value: [] } }]);
    const server = await serve((request) =>
      request.target.includes("$skiptoken=x")
        ? { status: 200, body: { value: [managedDevice({ serialNumber: "dmpx k2 abcdef" })] } }
        : {
            status: 200,
            body: { value: [], "@odata.nextLink": `${foreign.url}/v1.0/deviceManagement/managedDevices?$select=id&$skiptoken=x` },
          },
    );

    const [found] = await resolveAll(graphAt(server.url), [{ serialNumber: "DMPXK2ABCDEF" }]);

    expect(found).toHaveLength(1);
    expect(foreign.requests).toEqual([]);
  });

  test.each([
    "https://evil.example/v1.0/deviceManagement/managedDevices?$skiptoken=x",
    "http://127.0.0.1:1/v1.0/users/x/managedDevices?$skiptoken=x",
    "/v1.0/deviceManagement/managedDevices",
    7,
  ])("a next page at %p is refused", async (link) => {
    const server = await serve([{ status: 200, body: { value: [], "@odata.nextLink": link } }]);

    const reading = resolveAll(graphAt(server.url), [{ serialNumber: "DMPXK2ABCDEF" }]);

    await expect(reading).rejects.toThrow(/@odata.nextLink should be an address of the same list/);
  });
});

test("no secret is in what is thrown, whatever the server says", async () => {
  const echo = { error: { code: APPLICATION_TOKEN, message: `Bearer ${APPLICATION_TOKEN} and ${encodeURIComponent(APPLICATION_TOKEN)}` } };
  const thrown = [
    await readCode([{ status: 403, body: echo }]),
    await readCode([{ status: 500, body: `<html><title>${APPLICATION_TOKEN}</title></html>` }]),
    await readCode([{ status: 200, body: { id: "another", activationLockBypassCode: "3E3D-HIDDEN" } }]),
    await readCode([{ status: 200, body: { activationLockBypassCode: "3E3D-HIDDEN" } }]),
    await readCode(["reset"]),
    await readCode([{ ...CODE, cut: true }]),
  ].map(({ result }) => result);

  const text = thrown.map((error) => inspect(error, { depth: null, showHidden: true, getters: true }) + String(error)).join("\n");

  expect(thrown.every((error) => error instanceof GraphReadError)).toBe(true);
  expect(text).not.toContain(APPLICATION_TOKEN);
  expect(text).not.toContain("HIDDEN");
});

describe("the last look", () => {
  const selectOf = ({ target }: { readonly target: string }) =>
    new URL(target, "http://127.0.0.1").searchParams.get("$select")?.split(",") ?? [];
  const found = { status: 200, body: { ...managedDevice(), activationLockBypassCode: "3E3D-HIDDEN" } };

  async function look(script: readonly ScriptedAnswer[], withCode: boolean) {
    const server = await serve(script);
    const result = await graphAt(server.url)
      .directory.lookClosely(DEVICE, withCode)
      .catch((error: unknown) => error);
    return { result, requests: server.requests };
  }

  test("asks for the code where it would be lost, and leaves it where it is otherwise", async () => {
    const [withCode, without] = [await look([found], true), await look([found], false)];

    expect(withCode.result).toMatchObject({ device: { id: DEVICE_ID }, code: expect.any(Redacted) });
    expect(without.result).toMatchObject({ device: { id: DEVICE_ID }, code: null });
    expect(withCode.requests.map(selectOf)).toEqual([expect.arrayContaining(["id", "activationLockBypassCode"])]);
    expect(without.requests.map(selectOf)).toEqual([expect.not.arrayContaining(["activationLockBypassCode"])]);
  });

  test("is one GET of its own, and another without the property that not every tenant knows", async () => {
    const { result, requests } = await look([{ status: 400, body: { error: { code: "BadRequest", message: "no" } } }, found], true);

    expect(result).toMatchObject({ device: { id: DEVICE_ID }, code: expect.any(Redacted) });
    expect(requests.map(({ method }) => method)).toEqual(["GET", "GET"]);
    expect(requests.map((request) => selectOf(request).includes("managementState"))).toEqual([true, false]);
    expect(requests.map((request) => selectOf(request).includes("activationLockBypassCode"))).toEqual([true, true]);
  });

  test("says of a refusal its status, and none of the server's words", async () => {
    const { result } = await look([{ status: 403, body: { error: { code: "Forbidden", message: "3E3D-HIDDEN" } } }], true);

    expect(result).toBeInstanceOf(GraphReadError);
    expect(String(result)).toContain("403");
    expect(inspect(result, { depth: null })).not.toContain("HIDDEN");
  });
});

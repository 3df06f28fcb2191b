import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, test } from "@jest/globals";
import { lookAtClock, lookAtPermissions, lookAtSignIn, lookAtTenant } from "../../cli/doctor/look-at-graph.ts";
import { lookAtNode, lookAtPackages, lookAtPulumi } from "../../cli/doctor/look-here.ts";
import { exitCodeOf, renderRow, renderTotals } from "../../cli/doctor/render-rows.ts";
import { lookAt, missing, ok, type Row, seek, unknown } from "../../cli/doctor/row.ts";
import { ConfigurationError, LedgerError, SignInError } from "../../providers/domain/errors.ts";
import { Redacted } from "../../providers/domain/redacted.ts";
import { type AccessToken, parseAccessToken, type TokenSource } from "../../providers/identity/access-token.ts";
import type { OpenedPorts } from "../../providers/pulumi/open-ports.ts";
import type { Settings } from "../../providers/pulumi/settings.ts";
import type { LoadedRequests } from "../../providers/request/load-requests.ts";
import { jwt } from "../graph/graph-fixture.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const TENANT = "72f988bf-86f1-41af-91ab-2d7cd011db47";

describe("a look", () => {
  test.each([
    ["the user's own mistake", new ConfigurationError("wrong", { hint: "do" }), { state: "missing", text: "wrong", next: "do" }],
    ["what a service does not show", new LedgerError("403"), { state: "unknown", text: "403", next: "" }],
    [
      "a mistake of ours",
      new TypeError("secret"),
      { state: "unknown", text: expect.stringMatching(/^DLR901: unexpected error \(TypeError\)/), next: "" },
    ],
  ])("that throws is a row: %s", async (_case, error, finding) => {
    expect(await lookAt("x", () => Promise.reject(error))).toEqual({ what: "x", ...finding });
  });

  test("that takes too long is unknown, and what it gives later is not taken", async () => {
    const told: Row[] = [];

    const row = await lookAt("x", () => new Promise(() => {}), 5);
    const value = await seek(
      "y",
      () => Promise.reject(new LedgerError("no")),
      (one) => told.push(one),
    );

    expect(row).toEqual({ what: "x", state: "unknown", text: "no answer within 0.005 s", next: "" });
    expect([value, told.map(({ state }) => state)]).toEqual([null, ["unknown"]]);
  });
});

describe("what the doctor says", () => {
  const rows = (...states: readonly Row["state"][]) => states.map((state) => ({ what: "x", state, text: "", next: "" }));

  test.each([
    [rows("ok", "ok"), 0, "everything is there"],
    [rows("ok", "unknown"), 3, /^2 rows: 0 missing, 1 unknown/],
    [rows("unknown", "missing"), 2, /^2 rows: 1 missing, 1 unknown/],
  ])("of %j ends with %d", (given, code, totals) => {
    expect(exitCodeOf(given)).toBe(code);
    expect(renderTotals(given)).toMatch(totals);
  });

  test("has what to type below what is missing, and no sign that a terminal would obey", () => {
    expect(renderRow({ what: "brake", ...missing("set: \u001b[2J", "dlr resume") })).toBe(
      "missing  brake         set: \\u{1b}[2J\n                       → dlr resume",
    );
    expect(renderRow({ what: "brake", ...ok("off") })).toBe("ok       brake         off");
  });
});

describe("what is looked at here", () => {
  test("is the version of Node", async () => {
    expect([(await lookAtNode("24.21.0")).state, (await lookAtNode("22.1.0")).state]).toEqual(["ok", "missing"]);
  });

  test("is a CLI, and how one is had on each system", () => {
    expect(lookAtPulumi(null, "./dlr pulumi version", "win32").next).toBe("winget install pulumi");
    expect(lookAtPulumi(null, "./dlr pulumi version", "darwin").next).toBe("./dlr pulumi version (gets one)");
  });

  test("is that each package is there in its version", async () => {
    const root = await temporaryFolder();
    await writeFile(path.join(root, "package.json"), JSON.stringify({ dependencies: { yaml: "2.9.1", leven: "4.1.0", other: "1.0.0" } }));
    for (const [name, version] of [
      ["yaml", "v2.9.1"],
      ["leven", "3.0.0"],
    ] as const) {
      await mkdir(path.join(root, "node_modules", name), { recursive: true });
      await writeFile(path.join(root, "node_modules", name, "package.json"), JSON.stringify({ version }));
    }

    expect(await lookAtPackages(root)).toEqual(missing("not as package.json says: leven and other", "npm ci"));
  });
});

describe("this machine's clock", () => {
  test.each([
    [0, "ok", "within 1 s of Graph's"],
    [-60_000, "ok", "within 60 s of Graph's"],
    [61_000, "missing", "61 s ahead of Graph's"],
    [-3_600_000, "missing", "3600 s behind Graph's"],
    [null, "unknown", "Graph does not say what time it is"],
  ] as const)("%p ms ahead is %s", async (aheadMs, state, text) => {
    expect(await lookAtClock({ aheadMs })).toMatchObject({ state, text });
  });
});

describe("the sign-in", () => {
  const token = (claims: Readonly<Record<string, unknown>>) => parseAccessToken(new Redacted(jwt({ tid: TENANT, ...claims })));
  const opaque = parseAccessToken(new Redacted("opaque"));
  const sourceOf = (application: AccessToken | null, delegated: AccessToken | null = null): TokenSource => ({
    application: () => Promise.resolve(application),
    delegated: () => Promise.resolve(delegated),
  });
  const graph = (isLoopbackGraph: boolean, tokenTenant: string | null = null) =>
    ({ isLoopbackGraph, tokenTenant: () => Promise.resolve(tokenTenant) }) as OpenedPorts;

  test.each([
    ["none", sourceOf(null), false, "missing"],
    ["an application's", sourceOf(token({ roles: ["x"], appid: "a" })), false, "ok"],
    ["one that has expired", sourceOf(token({ exp: 1 })), false, "missing"],
    ["one that cannot be read", sourceOf(opaque), false, "unknown"],
    ["one for a double", sourceOf(opaque), true, "ok"],
    ["a person's beside an opaque one", sourceOf(opaque, token({ scp: "x" })), false, "ok"],
  ] as const)("with %s is as it is", async (_case, source, isLoopback, state) => {
    expect(await lookAtSignIn(graph(isLoopback), source, false, "dlr login")).toMatchObject({ state });
  });

  test.each([
    [false, "missing"],
    [true, "unknown"],
  ] as const)("that fails, where a credential was set up is %p, is %s", async (isNamed, state) => {
    const source = { ...sourceOf(null), application: () => Promise.reject(new SignInError("no", { hint: "do" })) };

    expect(await lookAtSignIn(graph(false), source, isNamed, "dlr login")).toMatchObject({ state });
  });

  test.each([
    [TENANT, TENANT, false, "ok"],
    [TENANT, undefined, false, "missing"],
    [TENANT, "11111111-0000-4000-8000-000000000000", false, "missing"],
    [null, TENANT, false, "unknown"],
    [null, undefined, true, "ok"],
    [null, TENANT, true, "unknown"],
  ] as const)("of tenant %p with %p set, double %p, is %s", async (own, tenant, isLoopback, state) => {
    const finding = await lookAtTenant(graph(isLoopback, own), { tenant } as Settings, (id) => `set ${id}`);

    expect(finding).toMatchObject({ state });
  });
});

describe("the permissions", () => {
  const loaded = {
    requests: [{ steps: [{ action: "escrowBypassCode" }, { action: "wipe" }, { action: "syncDevice" }] }],
  } as unknown as LoadedRequests;
  const answering = (kind: "granted" | "missing" | "unknown") =>
    ({
      isLoopbackGraph: false,
      actions: { permission: () => Promise.resolve(kind === "missing" ? { kind, permission: "P", signIn: "" } : { kind }) },
    }) as unknown as OpenedPorts;

  test("are asked for the actions of the requests alone", async () => {
    expect(await lookAtPermissions(answering("granted"), loaded)).toEqual(ok("for all 2 actions of the requests"));
    expect(await lookAtPermissions(answering("missing"), loaded)).toMatchObject({
      state: "missing",
      text: "wipe needs P; syncDevice needs P",
    });
    expect(await lookAtPermissions(answering("unknown"), loaded)).toMatchObject({ state: "unknown" });
    expect(await lookAtPermissions(answering("granted"), null)).toEqual(unknown("the requests were not read"));
  });
});

import { afterEach, expect, test } from "@jest/globals";
import fc from "fast-check";
import { WHERE_APPROVED } from "../../providers/domain/actions/approval-words.ts";
import { encodeJustification } from "../../providers/graph/actions/approval.ts";
import { type ScriptedAnswer, type ScriptedServer, startScriptedServer } from "../support/scripted-server.ts";
import { actionCall, graphAt } from "./graph-fixture.ts";

const open: ScriptedServer[] = [];

afterEach(() => Promise.all(open.splice(0).map((server) => server.close())));

async function graphSaying(answer: ScriptedAnswer) {
  const server = await startScriptedServer([answer]);
  open.push(server);
  return graphAt(server.url);
}

test("a justification of any text is base64 of at most 1,024 characters, and its beginning", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", minLength: 1, maxLength: 2_000 }), (text) => {
      fc.pre(text.trim() !== "");

      const header = encodeJustification(text);

      const decoded = Buffer.from(header, "base64").toString("utf8");
      expect(header).toMatch(/^[A-Za-z0-9+/]+={0,2}$/);
      expect(header.length).toBeLessThanOrEqual(1_024);
      expect(text.toWellFormed().startsWith(decoded)).toBe(true);
      expect(Buffer.byteLength(decoded)).toBeGreaterThan(Math.min(Buffer.byteLength(text.toWellFormed()), 764) - 1);
    }),
  );
});

test("a character is kept whole or left out", () => {
  const header = encodeJustification(`${"x".repeat(767)}é`);

  expect(Buffer.from(header, "base64").toString("utf8")).toBe("x".repeat(767));
});

test("no reason is said to be none: Graph refuses an empty header", () => {
  expect(Buffer.from(encodeJustification(" \n"), "base64").toString("utf8")).toBe("No reason was given");
});

const APPROVAL = "0f0e0d0c-1111-4222-8333-444444444444";

test("without the permission to read approvals, how one stands is unknown, and why is said", async () => {
  const graph = await graphSaying({ status: 403, body: { error: { code: "Forbidden", message: "no" } } });

  const state = await graph.actions.approval(APPROVAL);

  expect(state).toEqual({ kind: "unknown", why: expect.stringContaining("up lacks DeviceManagementRBAC.Read.All") });
});

test.each([400, 404, 501])("after a %i it is unknown, and nothing is guessed of permissions", async (status) => {
  expect(await (await graphSaying({ status, body: {} })).actions.approval(APPROVAL)).toEqual({ kind: "unknown" });
});

test("an open question of somebody else names the place where it is answered, and until when", async () => {
  const graph = await graphSaying({ status: 409, body: { error: { code: "Conflict", message: "An approval request is already active" } } });

  const result = await graph.actions.send(actionCall("wipe"));

  expect(result).toMatchObject({ kind: "throttled", detail: expect.stringContaining(WHERE_APPROVED) });
  expect(WHERE_APPROVED).toMatch(/Tenant administration > Multi Admin Approval.*3 days/);
});

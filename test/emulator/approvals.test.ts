import { describe, expect, test } from "@jest/globals";
import type { Emulator } from "../../emulator/graph/start-emulator.ts";
import { type Answer, devicePath, get, post } from "./support/graph-client.ts";
import { emulators, testClock } from "./support/with-emulator.ts";

const start = emulators();
const IPAD = "DMPXK2ABCDEF";
const WHY = { "x-msft-approval-justification": Buffer.from("Leaver returned it: grüße").toString("base64") };

function act(emulator: Emulator, action: string, headers: Readonly<Record<string, string>>, body?: unknown): Promise<Answer> {
  return post(emulator, devicePath(emulator, IPAD, `/${action}`), body, { headers });
}

async function ask(emulator: Emulator): Promise<string> {
  return (await act(emulator, "wipe", WHY)).headers.get("x-msft-approval-code") ?? "none";
}

describe("where another administrator must approve", () => {
  test.each(["wipe", "retire"])("%s asks, is approved, and is done by the identical call with the code", async (action) => {
    const emulator = await start({ approvals: {} });

    const asked = await act(emulator, action, WHY);
    const code = asked.headers.get("x-msft-approval-code") ?? "";
    const early = await act(emulator, action, { "x-msft-approval-code": code });
    emulator.decideApproval(code, "approve", "fine");
    const poll = await get(emulator, `/beta/deviceManagement/operationApprovalRequests?$filter=requestId eq '${code}'`);
    const done = await act(emulator, action, { "x-msft-approval-code": code });
    const twice = await act(emulator, action, { "x-msft-approval-code": code });

    expect([asked.status, asked.body.error.code]).toEqual([403, "ApprovalRequired"]);
    expect(early.status).toBe(403);
    expect(poll.body.value).toMatchObject([
      { id: code, requestId: code, status: "approved", requestJustification: "Leaver returned it: grüße", approvalJustification: "fine" },
    ]);
    expect([done.status, twice.status]).toEqual([204, 403]);
    expect(emulator.device(IPAD).received).toHaveLength(1);
    expect(emulator.approvals).toMatchObject([{ id: code, action, status: "completed" }]);
  });

  test("the answer can be 412 with the code in its text only", async () => {
    const emulator = await start({ approvals: { status: 412, codeIn: "message" } });

    const asked = await act(emulator, "wipe", WHY);

    expect(asked.status).toBe(412);
    expect(asked.headers.has("x-msft-approval-code")).toBe(false);
    expect(asked.body.error.message).toContain(emulator.approvals[0]?.id);
  });

  test.each([
    ["no justification", {}],
    ["one that is not base64", { "x-msft-approval-justification": "Leaver returned it" }],
    ["one that is too long", { "x-msft-approval-justification": Buffer.from("x".repeat(780)).toString("base64") }],
    ["an unknown code", { "x-msft-approval-code": "00000000-0000-0000-0000-000000000000" }],
  ])("%s is a 400", async (_what, headers) => {
    const emulator = await start({ approvals: {} });

    expect((await act(emulator, "wipe", headers)).status).toBe(400);
    expect(emulator.approvals).toEqual([]);
  });

  test("a second question about the same thing is a 409", async () => {
    const emulator = await start({ approvals: {} });

    await ask(emulator);

    expect((await act(emulator, "wipe", WHY)).status).toBe(409);
    expect((await act(emulator, "retire", WHY)).status).toBe(403);
  });

  test("Header 'x-msft-approval-justification' is required to request approval", async () => {
    const emulator = await start({ approvals: {} });

    const answer = await act(emulator, "wipe", {});

    expect([answer.status, answer.body.error.message]).toEqual([
      400,
      expect.stringContaining("Header 'x-msft-approval-justification' is required to request approval"),
    ]);
  });

  test("the approval code goes in place of the justification: both at once are a 400, and use nothing up", async () => {
    const emulator = await start({ approvals: {} });
    const code = await ask(emulator);
    emulator.decideApproval(code, "approve");

    const both = await act(emulator, "wipe", { ...WHY, "x-msft-approval-code": code });
    const none = await act(emulator, "wipe", {});
    const alone = await act(emulator, "wipe", { "x-msft-approval-code": code });

    expect([both.status, none.status, alone.status]).toEqual([400, 400, 204]);
    expect(emulator.device(IPAD).received).toHaveLength(1);
  });

  test("a call that differs from the approved one is refused", async () => {
    const emulator = await start({ approvals: {} });
    const code = await ask(emulator);
    emulator.decideApproval(code, "approve");

    const other = await act(emulator, "wipe", { "x-msft-approval-code": code }, { persistEsimDataPlan: true });
    const retire = await act(emulator, "retire", { "x-msft-approval-code": code });

    expect([other.status, retire.status]).toEqual([400, 400]);
    expect(emulator.device(IPAD).received).toEqual([]);
  });

  test.each([
    ["reject", "rejected"],
    ["lapse", "expired"],
  ] as const)("%s ends it as %s", async (decision, status) => {
    const emulator = await start({ approvals: {} });
    const code = await ask(emulator);

    emulator.decideApproval(code, decision);
    const answer = await act(emulator, "wipe", { "x-msft-approval-code": code });
    const view = await get(emulator, `/beta/deviceManagement/operationApprovalRequests/${code}`);

    expect(answer.status).toBe(403);
    expect(view.body.status).toBe(status);
    expect(() => emulator.decideApproval(code, "approve")).toThrow(/no open approval request/);
  });

  test("a question lapses after three days, also when it was approved", async () => {
    const time = testClock();
    const emulator = await start({ clock: time.clock, approvals: {} });
    const code = await ask(emulator);
    emulator.decideApproval(code, "approve");

    time.advance(3 * 24 * 3600 * 1000);

    expect(emulator.approvals).toMatchObject([{ status: "expired" }]);
    expect((await act(emulator, "wipe", { "x-msft-approval-code": code })).status).toBe(403);
  });

  test("a device can have its question answered by itself", async () => {
    const time = testClock();
    const emulator = await start({
      clock: time.clock,
      checkInDelayMs: 1000,
      approvals: {},
      devices: [{ serialNumber: IPAD, "x-emulator": { approval: "approve" } }],
    });

    await ask(emulator);
    const before = emulator.approvals[0]?.status;
    time.advance(1000);

    expect([before, emulator.approvals[0]?.status]).toEqual(["needsApproval", "approved"]);
  });

  test("other actions go on without asking", async () => {
    const emulator = await start({ approvals: {} });

    expect((await act(emulator, "bypassActivationLock", {})).status).toBe(204);
  });
});

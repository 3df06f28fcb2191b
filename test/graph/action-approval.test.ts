import { describe, expect, test } from "@jest/globals";
import type { ScriptedAnswer } from "../support/scripted-server.ts";
import { actionCall } from "./graph-fixture.ts";
import { NO_CONTENT, scriptedServers } from "./send-one-action.ts";

const { send } = scriptedServers();

const APPROVAL = "0f0e0d0c-1111-4222-8333-444444444444";

describe("the approval of another administrator", () => {
  const required = (status: number, headers: Record<string, string>, error: unknown): ScriptedAnswer => ({
    status,
    headers,
    body: { error },
  });

  test.each([
    ["403 with the header", required(403, { "x-msft-approval-code": APPROVAL }, { code: "Forbidden", message: "x" })],
    ["412 with the header", required(412, { "x-msft-approval-code": APPROVAL }, { code: "x", message: "" })],
    ["409 with the header", required(409, { "x-msft-approval-code": APPROVAL }, {})],
    ["403 with the code in the text", required(403, {}, { code: "ApprovalRequired", message: `Approval code: ${APPROVAL}` })],
    [
      "412 with everything in Intune's text",
      required(
        412,
        {},
        {
          code: "PreconditionFailed",
          message: JSON.stringify({ Message: `ApprovalRequired: ${APPROVAL} - Operation ID (for customer support): 0` }),
        },
      ),
    ],
  ])("is known by %s", async (_name, answer) => {
    const { result, requests } = await send([answer], actionCall("wipe"));

    expect(result).toMatchObject({ kind: "approvalRequired", approvalRequest: APPROVAL });
    expect(requests).toHaveLength(1);
  });

  test.each([
    ["a 403 that says nothing of it", required(403, {}, { code: "Forbidden", message: "No" })],
    [
      "a 400 for the missing header",
      required(400, {}, { code: "BadRequest", message: "Header 'x-msft-approval-justification' is required" }),
    ],
    ["an approval without a name", required(403, {}, { code: "ApprovalRequired", message: "Ask somebody" })],
  ])("is not guessed from %s", async (_name, answer) => {
    const { result } = await send([answer], actionCall("wipe"));

    expect(result.kind).toBe("refused");
  });

  test("an acceptance is one, whatever header comes with it", async () => {
    const { result } = await send([{ status: 204, headers: { "x-msft-approval-code": APPROVAL } }], actionCall("wipe"));

    expect(result.kind).toBe("accepted");
  });

  test("is asked for with the reason, and given back by its id in place of the justification", async () => {
    const first = await send([NO_CONTENT], actionCall("wipe", { justification: "Rückgabe\r\nX-Evil: 1" }));
    const again = await send([NO_CONTENT], actionCall("wipe", { approvalRequest: APPROVAL }));

    const justification = String(first.requests[0]?.headers["x-msft-approval-justification"]);
    expect(Buffer.from(justification, "base64").toString("utf8")).toBe("Rückgabe\r\nX-Evil: 1");
    expect(first.requests[0]?.headers).not.toHaveProperty("x-evil");
    expect(first.requests[0]?.headers).not.toHaveProperty("x-msft-approval-code");
    expect(again.requests[0]?.headers["x-msft-approval-code"]).toBe(APPROVAL);
    expect(again.requests[0]?.headers).not.toHaveProperty("x-msft-approval-justification");
  });

  test("an id that could break a header is sent nowhere", async () => {
    const { result, requests } = await send([NO_CONTENT], actionCall("wipe", { approvalRequest: "x\r\nX-Evil: 1" }));

    expect([result.kind, requests.length]).toEqual(["refused", 0]);
  });
});

import { inspect } from "node:util";
import { afterEach, describe, expect, test } from "@jest/globals";
import { Redacted } from "../../providers/domain/redacted.ts";
import { actionCall, DEVICE, DEVICE_ID, graphAt, managedDevice } from "../graph/graph-fixture.ts";
import { type Script, type ScriptedAnswer, type ScriptedServer, startScriptedServer } from "../support/scripted-server.ts";
import { leaksIn } from "../support/secrets.ts";

const CODE = "CANARY7CODE-4K7Q1P9D0M-3TXYZ8HWEV";
const PASSCODE = "canary passcode (81734)";
const PIN = "90817263";

const open: ScriptedServer[] = [];

afterEach(() => Promise.all(open.splice(0).map((server) => server.close())));

async function graphWith(script: Script) {
  const server = await startScriptedServer(script);
  open.push(server);
  return graphAt(server.url);
}

/** Everything that a result or an error could show, causes included. */
async function shown(work: Promise<unknown>): Promise<string> {
  const result: unknown = await work.catch((error: unknown) => error);
  return `${inspect(result, { depth: 12, showHidden: true })}\n${JSON.stringify(result)}`;
}

/** A server that is in trouble and says with what, in each shape in which one does. */
function errorsWith(secret: string): readonly ScriptedAnswer[] {
  const base64 = Buffer.from(`{"a":"${secret}"}`).toString("base64");
  const texts = [secret, encodeURIComponent(secret), base64, Buffer.from(secret).toString("hex")];
  return texts.flatMap((text): readonly ScriptedAnswer[] => [
    { status: 400, headers: { "request-id": text }, body: { error: { code: text, message: `bad request ${text}` } } },
    {
      status: 403,
      body: { error: { message: JSON.stringify({ _version: 3, Message: `no ${text} - Operation ID (for customer support): 0` }) } },
    },
    { status: 500, headers: { "content-type": "text/html" }, body: `<html><title>Error ${text}</title><p>${text}</p></html>` },
    { status: 500, body: text },
    { status: 404, body: { error: "x", error_description: text } },
  ]);
}

const ok = (body: object): ScriptedAnswer => ({ status: 200, body });

describe("a server that repeats a secret does not get it into a result or an error:", () => {
  test("the bypass code that was read, in the answer to an action", async () => {
    for (const answer of errorsWith(CODE)) {
      const graph = await graphWith([ok({ id: DEVICE_ID, activationLockBypassCode: CODE }), answer]);
      await graph.directory.readBypassCode(DEVICE);

      const text = await shown(graph.actions.send(actionCall("wipe")));

      expect(text).toContain("kind:");
      expect(leaksIn(text, [CODE])).toEqual([]);
    }
  });

  test("the bypass code that could not be read, in the answer that says so", async () => {
    for (const answer of errorsWith(CODE)) {
      const graph = await graphWith([answer]);

      const text = await shown(graph.directory.readBypassCode(DEVICE));

      expect(text).toContain("GraphReadError");
      expect(leaksIn(text, [CODE])).toEqual([]);
    }
  });

  test("a passcode in the results of a device, in the next read of it", async () => {
    const reset = { actionName: "resetPasscode", actionState: "done", passcode: PASSCODE };
    for (const answer of errorsWith(PASSCODE)) {
      const graph = await graphWith([ok(managedDevice({ deviceActionResults: [reset] })), answer]);
      const device = await graph.directory.observe(DEVICE);

      const text = await shown(graph.directory.observe(DEVICE));

      expect(device?.deviceActionResults[0]?.secret?.reveal()).toBe(PASSCODE);
      expect(leaksIn(`${text}${inspect(device, { depth: 9 })}`, [PASSCODE])).toEqual([]);
    }
  });

  test("a PIN that was sent, in its own answer and in the next read", async () => {
    for (const answer of errorsWith(PIN)) {
      const graph = await graphWith([answer, answer]);
      const call = actionCall("wipe", { secretParameters: { macOsUnlockCode: new Redacted(PIN) } });

      const text = `${await shown(graph.actions.send(call))}\n${await shown(graph.directory.observe(DEVICE))}`;

      expect(leaksIn(text, [PIN])).toEqual([]);
    }
  });

  test("what we never read, where it stands under the name of a secret or has the form of a code", async () => {
    const texts = [
      '{"activationLockBypassCode":"SECRET-1"}',
      JSON.stringify(JSON.stringify({ passcode: "SECRET-2" })),
      "unlockPin=SECRET-3&a=b",
      "macOsUnlockCode: SECRET-4",
      "client_secret=SECRET-5",
      "code 4K7Q1-P9D0M-3TXY-8HWE-V2CA-SECR of the device",
    ];
    const graph = await graphWith(texts.map((message) => ({ status: 400, body: { error: { code: "BadRequest", message } } })));

    const shownTexts = [];
    for (const _ of texts) shownTexts.push(await shown(graph.actions.send(actionCall("wipe"))));

    expect(shownTexts.filter((text) => text.includes("SECR"))).toEqual([]);
    expect(shownTexts.every((text) => text.includes("BadRequest"))).toBe(true);
  });
});

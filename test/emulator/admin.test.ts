import { expect, test } from "@jest/globals";
import type { Emulator } from "../../emulator/graph/start-emulator.ts";
import { type CallOptions, call, devicePath, get, post } from "./support/graph-client.ts";
import { emulators } from "./support/with-emulator.ts";

const start = emulators();
const IPAD = "DMPXK2ABCDEF";

function admin(emulator: Emulator, method: string, path: string, options: CallOptions = {}) {
  return call(emulator, method, `/_emulator/${path}`, { token: null, ...options });
}

test("devices are shown without their secrets", async () => {
  const emulator = await start({ checkInDelayMs: 0 });
  await post(emulator, devicePath(emulator, "R58XK2DROID1", "/resetPasscode"));
  const secrets = [emulator.device(IPAD).bypassCode, emulator.device("R58XK2DROID1").results[0]?.passcode];

  const answer = await admin(emulator, "GET", "devices");

  expect(answer.body).toHaveLength(12);
  expect(answer.body[0]).toMatchObject({ serialNumber: IPAD, hasBypassCode: true, present: true });
  for (const secret of secrets) expect(answer.text).not.toContain(secret);
});

test("a device is changed", async () => {
  const emulator = await start();
  const { bypassCode, id } = emulator.device(IPAD);

  const rotated = await admin(emulator, "POST", `devices/${IPAD}/rotate-code`);
  const code = emulator.device(IPAD).bypassCode;
  await admin(emulator, "POST", `devices/${IPAD}/act`, { body: { action: "retire" } });
  const checkedIn = await admin(emulator, "POST", `devices/${IPAD}/check-in`);
  const back = await admin(emulator, "POST", `devices/${IPAD}/reenrol`, { body: { keepId: true } });
  const removed = await admin(emulator, "POST", `devices/${IPAD}/remove`);

  expect(rotated.status).toBe(200);
  expect(code).not.toBe(bypassCode);
  expect(checkedIn.body).toMatchObject({ present: false, received: [{ action: "retire", source: "elsewhere" }] });
  expect(back.body).toMatchObject({ present: true, id });
  expect(removed.body).toMatchObject({ present: false });
});

test("faults are set, counted and taken back", async () => {
  const emulator = await start();
  const list = async () => (await get(emulator, "/v1.0/deviceManagement/managedDevices")).status;

  const set = await admin(emulator, "POST", "faults", { body: [{ call: "list", effect: { kind: "status", status: 503 } }] });
  const during = await list();
  const shown = await admin(emulator, "GET", "faults");
  await admin(emulator, "DELETE", "faults");

  expect(set.body).toMatchObject([{ fired: 0 }]);
  expect(shown.body).toMatchObject([{ fired: 1, spec: { call: "list" } }]);
  expect([during, await list()]).toEqual([503, 200]);
});

test("approvals are shown and given", async () => {
  const emulator = await start({ approvals: {} });
  const headers = { "x-msft-approval-justification": Buffer.from("why").toString("base64") };
  const asked = await post(emulator, devicePath(emulator, IPAD, "/wipe"), undefined, { headers });
  const code = asked.headers.get("x-msft-approval-code");

  const open = await admin(emulator, "GET", "approvals");
  const given = await admin(emulator, "POST", `approvals/${code}`, { body: { decision: "approve" } });

  expect(open.body).toMatchObject([{ id: code, status: "needsApproval" }]);
  expect(given.body).toMatchObject([{ id: code, status: "approved" }]);
});

test("requests are listed without what they carried", async () => {
  const emulator = await start();
  await post(emulator, devicePath(emulator, "C02XK2MACBK1", "/wipe"), { macOsUnlockCode: "246813" }, { token: "very-secret" });

  const answer = await admin(emulator, "GET", "requests");

  expect(answer.body).toMatchObject([{ method: "POST", action: "wipe", serialNumber: "C02XK2MACBK1", status: 204 }]);
  expect(answer.text).not.toMatch(/very-secret|246813/);
});

test.each([
  ["GET", "nonsense", undefined, 404],
  ["POST", "devices", undefined, 404],
  ["POST", `devices/${IPAD}/explode`, undefined, 404],
  ["POST", "devices/NOBODY/remove", undefined, 400],
  ["POST", "devices/DMPXK2TWICE1/remove", undefined, 400],
  ["POST", `devices/${IPAD}/act`, { action: "explode" }, 400],
  ["POST", "faults", { effect: { kind: "explode" } }, 400],
  ["POST", "faults", "{", 400],
  ["PUT", "faults", undefined, 405],
  ["POST", "approvals/none", { decision: "approve" }, 400],
  ["POST", "approvals/none", { decision: "perhaps" }, 400],
] as const)("%s %s with %j is refused", async (method, path, body, status) => {
  const emulator = await start();

  const answer = await admin(emulator, method, path, body === undefined ? {} : { body });

  expect(answer.status).toBe(status);
  expect(answer.body.error).toEqual(expect.any(String));
});

test("pages in a browser are kept out", async () => {
  const emulator = await start();

  const answer = await admin(emulator, "POST", `devices/${IPAD}/remove`, { headers: { Origin: "https://evil.example" } });

  expect(answer.status).toBe(403);
  expect(emulator.device(IPAD).present).toBe(true);
});

import { describe, expect, test } from "@jest/globals";
import type { Emulator } from "../../emulator/graph/start-emulator.ts";
import { devicePath, get, post } from "./support/graph-client.ts";
import { emulators, testClock } from "./support/with-emulator.ts";

const start = emulators();
const LIST = "/v1.0/deviceManagement/managedDevices?$top=1&$select=id";
const DEVICES = "DeviceManagementManagedDevices";
const PRIVILEGED = `${DEVICES}.PrivilegedOperations.All`;
const IPAD = "DMPXK2ABCDEF";

function bypass(emulator: Emulator, token: string) {
  return post(emulator, devicePath(emulator, IPAD, "/bypassActivationLock"), undefined, { token });
}

function jwt(claims: Readonly<Record<string, unknown>>): string {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
  return `${part({ alg: "none" })}.${part(claims)}.signature`;
}

describe("a token", () => {
  test.each([
    ["no header", {}],
    ["another scheme", { Authorization: "Basic abc" }],
    ["an empty token", { Authorization: "Bearer " }],
  ])("is required: %s", async (_what, headers) => {
    const emulator = await start();

    const answer = await get(emulator, LIST, { token: null, headers });

    expect(answer.status).toBe(401);
    expect(answer.headers.get("www-authenticate")).toMatch(/^Bearer /);
    expect(answer.body.error.code).toBe("InvalidAuthenticationToken");
  });

  test("must be one of the table, and not expired by the emulator's clock", async () => {
    const time = testClock();
    const emulator = await start({
      clock: time.clock,
      tokens: [{ token: "good", kind: "application", permissions: [`${DEVICES}.Read.All`], expiresAt: "2026-11-20T13:00:00Z" }],
    });

    const statuses = [(await get(emulator, LIST, { token: "good" })).status, (await get(emulator, LIST, { token: "forged" })).status];
    time.advance(3600 * 1000);
    const late = await get(emulator, LIST, { token: "good" });

    expect(statuses).toEqual([200, 401]);
    expect([late.status, late.body.error.message]).toEqual([401, expect.stringContaining("expired")]);
  });

  test.each([
    ["for another audience", { aud: "https://vault.azure.net", roles: [`${DEVICES}.Read.All`] }, 401],
    ["that has expired", { exp: Date.parse("2026-11-20T11:59:59Z") / 1000, roles: [`${DEVICES}.Read.All`] }, 401],
    ["without any permission", { aud: "https://graph.microsoft.com" }, 403],
    ["with roles", { aud: "https://graph.microsoft.com", roles: [`${DEVICES}.Read.All`] }, 200],
    ["with scp", { aud: "00000003-0000-0000-c000-000000000000", scp: `openid ${DEVICES}.ReadWrite.All` }, 200],
  ])("that is a JWT %s is judged by its claims", async (_what, claims, status) => {
    const emulator = await start({ clock: testClock().clock });

    expect((await get(emulator, LIST, { token: jwt(claims) })).status).toBe(status);
  });
});

describe("a permission", () => {
  test.each([
    [[`${DEVICES}.ReadWrite.All`], 403],
    [[`${DEVICES}.Read.All`], 403],
    [[PRIVILEGED], 204],
    [[`${DEVICES}.PriviligedOperation.All`], 204],
  ])("%j answers an action with %d", async (permissions, status) => {
    const emulator = await start({ tokens: [{ token: "t", kind: "application", permissions }] });

    const answer = await bypass(emulator, "t");

    expect(answer.status).toBe(status);
    expect(emulator.device(IPAD).received).toHaveLength(status === 204 ? 1 : 0);
    if (status === 403) expect(answer.body.error.message).toContain(PRIVILEGED);
  });

  test("to act is not a permission to read", async () => {
    const emulator = await start({ tokens: [{ token: "t", kind: "application", permissions: [PRIVILEGED] }] });

    expect((await get(emulator, LIST, { token: "t" })).status).toBe(403);
  });

  test("to bypass the lock can be kept from applications", async () => {
    const emulator = await start({
      bypassDelegatedOnly: true,
      tokens: [
        { token: "application", kind: "application", permissions: [PRIVILEGED] },
        { token: "person", kind: "delegated", permissions: [PRIVILEGED] },
      ],
    });

    const application = await bypass(emulator, "application");
    const wipe = await post(emulator, devicePath(emulator, "DMPXK2GHJKLM", "/wipe"), undefined, { token: "application" });
    const person = await bypass(emulator, "person");

    expect([application.status, wipe.status, person.status]).toEqual([403, 204, 204]);
  });
});

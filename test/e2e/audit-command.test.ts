import { expect, test } from "@jest/globals";
import { startEmulator } from "../../emulator/graph/start-emulator.ts";
import { stackInClone } from "../support/stack-in-clone.ts";

const REQUESTS = `requests:
  - name: leaver
    device: { serialNumber: R58XK2DROID1 }
    steps: [wipe]
    reason: Leaver returned the phone
    expires: 2099-12-31
    acknowledge: [dataLoss, personalDevice]
`;

/** One story, told in order. */
test("dlr audit tells who erased devices, by which request or by none, and records nothing", async () => {
  const emulator = await startEmulator({ checkInDelayMs: 100, audit: { correlation: "clientRequestId" } });
  try {
    const { dlr } = await stackInClone("work", REQUESTS, emulator);
    expect(await dlr("up", "work", "--yes", "--skip-preview")).toMatchObject({ code: 0 });

    const own = await dlr("audit", "work", "--fail-on-foreign");
    const name = "\u001b[31m::error::<b>[thief](http://x)</b>";
    emulator.act("F17XK2PHONE1", "wipe", {}, { userPrincipalName: name });
    const found = await dlr("audit", "work", "--since", "1h");
    const failed = await dlr("audit", "work", "--fail-on-foreign", "--json", "--foreign");
    emulator.setFault({ call: "audit", nth: 1, effect: { kind: "status", status: 403 } });
    const less = await dlr("audit", "work");
    emulator.clearFaults();
    emulator.setFault({ call: "audit", effect: { kind: "status", status: 403 } });
    const unseen = await dlr("audit", "work");
    const wrong = await dlr("audit", "work", "--since", "yesterday");
    const shown = await dlr("ledger", "show", "work", "--json");
    const records = JSON.parse(shown.stdout) as readonly { foreign?: readonly unknown[] }[];

    expect(own.code).toBe(0);
    expect(own.stderr).toMatch(/^stack work · ledger file:ledger · EMULATOR .* · brake off\n$/);
    expect(own.stdout).toMatch(/^1 action since 20\S+Z: 0 FOREIGN, 1 explained by requests\nWHEN +WHAT +DEVICE +WHO +EXPLAINED BY\n/);
    expect(own.stdout).toMatch(/ wipe +\S.* \([-0-9a-f]{36}\) +device-lifecycle +leaver \(client-request-id\)\n$/);
    expect(found.code).toBe(0);
    expect(found.stdout).toMatch(/^2 actions since .*: 1 FOREIGN, 1 explained by requests\n/);
    expect(found.stdout).toContain("\\u{1b}[31m::error::<b>[thief](http://x)</b>  FOREIGN\n");
    expect(failed.code).toBe(4);
    expect(JSON.parse(failed.stdout)).toMatchObject({
      source: "auditEvents",
      incomplete: null,
      totals: { actions: 2, explained: 1, failed: 0, foreign: 1 },
      actions: [{ action: "wipe", verdict: "foreign", request: null, by: null, reported: false, device: { name: expect.any(String) } }],
    });
    expect(less).toMatchObject({
      code: 0,
      stderr: expect.stringContaining("read from beta's list of remote actions, which names no application"),
    });
    expect(less.stdout).toContain("leaver (device and time)");
    expect(unseen).toMatchObject({ code: 3, stdout: "" });
    expect(unseen.stderr).toContain("what was done to devices cannot be seen: the identity lacks DeviceManagementApps.Read.All");
    expect(wrong).toMatchObject({ code: 2, stderr: expect.stringContaining('--since "yesterday" is no time') });
    expect(records.flatMap(({ foreign = [] }) => foreign)).toEqual([]);
    expect(emulator.actionCalls).toHaveLength(1);
  } finally {
    await emulator.close();
  }
});

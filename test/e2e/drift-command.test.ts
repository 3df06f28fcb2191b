import { readdir, readFile, rm } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "@jest/globals";
import { startEmulator } from "../../emulator/graph/start-emulator.ts";
import { stackInClone } from "../support/stack-in-clone.ts";

const REQUESTS = `requests:
  - name: keep-code
    device: { serialNumber: DMPXK2GHJKLM }
    playbook: escrow-bypass-code
    reason: Before the summer refresh
  - name: look-up
    device: { serialNumber: F17XK2PHONE1 }
    steps: [syncDevice]
    reason: Before the summer refresh
`;

/** Takes its place in the story below: it goes on by itself once the device checks in. */
const PENDING = `requests:
  - name: restart
    device: { serialNumber: F17XK2PHONE1 }
    steps: [rebootNow]
    reason: It hangs
`;

test("dlr drift ends what Graph took before, and sends nothing for what is left", async () => {
  const emulator = await startEmulator({ checkInDelayMs: 3_600_000 });
  try {
    const { clone, dlr } = await stackInClone("work", PENDING, emulator);
    const up = await dlr("up", "work", "--yes", "--skip-preview", "-c", "wait=0s");
    const sent = emulator.actionCalls.length;
    emulator.checkIn("F17XK2PHONE1");

    const ended = await dlr("drift", "work", "--json", "--save-run", path.join(clone, "run.json"));
    const toTell = JSON.parse(await readFile(path.join(clone, "run.json"), "utf8")) as unknown;
    const requests = emulator.requests.length;
    const again = await dlr("preview", "work");

    expect(up).toMatchObject({ code: 0, stdout: expect.stringContaining("1 request: 1 pending") });
    expect(ended.code).toBe(0);
    expect(JSON.parse(ended.stdout)).toMatchObject({ looked: 1, unfinished: 0, ended: ["restart"], found: [] });
    expect(toTell).toMatchObject({ stack: "work", events: [{ kind: "outcome", request: "restart", outcome: "succeeded" }] });
    expect(emulator.actionCalls).toHaveLength(sent);
    expect(again.code).toBe(0);
    expect(emulator.requests).toHaveLength(requests);

    emulator.reenrol("F17XK2PHONE1", { keepId: true });
    const followed = await dlr("up", "work", "--yes", "--skip-preview", "--refresh", "-c", "followOnly=true");
    const status = await dlr("status", "work");

    expect(followed).toMatchObject({ code: 0, stdout: expect.stringContaining("drifted  restart: the device was enrolled anew at") });
    expect(status.stdout).toMatch(/restart .*drifted since 20/s);
    expect(emulator.actionCalls).toHaveLength(sent);
  } finally {
    await emulator.close();
  }
});

/** One story, told in order. */
test("dlr drift tells what became of the devices of finished requests, and sends nothing", async () => {
  const emulator = await startEmulator({ checkInDelayMs: 100 });
  try {
    const { clone, dlr } = await stackInClone("work", REQUESTS, emulator);
    expect(await dlr("up", "work", "--yes", "--skip-preview")).toMatchObject({ code: 0 });

    const none = await dlr("drift", "work");
    emulator.rotateCode("DMPXK2GHJKLM");
    const sent = emulator.actionCalls.length;
    const changed = await dlr("drift", "work");
    const known = await dlr("drift", "work");
    const entries = (await readdir(path.join(clone, "escrow"))).filter((name) => name.endsWith(".age"));
    for (const name of entries) await rm(path.join(clone, "escrow", name));
    const escrow = await dlr("drift", "work");
    const status = await dlr("status", "work");
    emulator.remove("F17XK2PHONE1");
    const missed = await dlr("drift", "work", "--json");
    await emulator.close();
    const unreachable = await dlr("drift", "work");
    const unnamed = await dlr("drift");

    expect(none).toMatchObject({ code: 0, stdout: "2 finished requests looked at: 0 drifted, 0 cannot be told\n" });
    expect(none.stderr).toMatch(/^stack work · ledger file:ledger · EMULATOR /);
    expect(changed).toMatchObject({
      code: 4,
      stdout:
        "drifted  keep-code: the device has another Activation Lock bypass code than the escrowed one\n2 finished requests looked at: 1 drifted, 0 cannot be told\n",
    });
    expect(known).toMatchObject({
      code: 4,
      stdout: expect.stringMatching(/^drifted {2}keep-code: .* \(since 20\d\d-\d\d-\d\d \d\d:\d\d\)$/m),
    });
    expect(escrow).toMatchObject({
      code: 4,
      stdout: expect.stringMatching(/^drifted {2}keep-code: the escrowed bypass code was deleted: file:escrow\/[0-9a-f]{32}\.age: /m),
    });
    expect(status.stdout).toMatch(/keep-code .*drifted since 20/s);
    expect(JSON.parse(missed.stdout)).toMatchObject({
      looked: 2,
      unfinished: 0,
      found: [
        { name: "keep-code", kind: "drifted", finding: "BypassCodeChanged", state: "known", about: "bypassCode" },
        { name: "keep-code", kind: "drifted", finding: "SecretDeleted", state: "known" },
        { name: "look-up", kind: "unknown", finding: "NotKnown", state: "new" },
      ],
    });
    expect(emulator.actionCalls).toHaveLength(sent);
    expect(unreachable.code).toBe(3);
    expect(unreachable.stderr).toContain("the devices could not be looked at");
    expect(unnamed).toMatchObject({ code: 2, stderr: expect.stringContaining("name it: dlr drift STACK") });
  } finally {
    await emulator.close();
  }
});

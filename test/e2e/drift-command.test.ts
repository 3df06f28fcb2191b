import { writeFile } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "@jest/globals";
import { startEmulator } from "../../emulator/graph/start-emulator.ts";
import { SpawnedCommand } from "../cli/spawned-command.ts";
import { newcomer, projectCopy } from "../support/project-copy.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

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

/** One story, told in order. */
test("dlr drift tells what became of the devices of finished requests, and sends nothing", async () => {
  const emulator = await startEmulator({ checkInDelayMs: 100 });
  const clone = await projectCopy();
  const env = newcomer(await temporaryFolder());
  const dlr = (...args: readonly string[]) => new SpawnedCommand(args[0] ?? "", args.slice(1), env, { cwd: clone, root: clone }).ended;
  try {
    await writeFile(path.join(clone, "devices/requests/a.yaml"), REQUESTS);
    await dlr("init", "work", "--escrow", "file:escrow", "--ledger", "file:ledger", "--graph-endpoint", emulator.url);
    expect(await dlr("up", "work", "--yes", "--skip-preview")).toMatchObject({ code: 0 });

    const none = await dlr("drift", "work");
    emulator.rotateCode("DMPXK2GHJKLM");
    const sent = emulator.actionCalls.length;
    const changed = await dlr("drift", "work");
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
    expect(JSON.parse(missed.stdout)).toMatchObject({
      looked: 2,
      unfinished: 0,
      found: [
        { name: "keep-code", kind: "drifted" },
        { name: "look-up", kind: "unknown" },
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

import { rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { type Emulator, startEmulator } from "../../emulator/start-emulator.ts";
import { PulumiProject } from "../support/pulumi-project.ts";

const IPAD = "DMPXK2ABCDEF";
const request = (playbook: string) => `requests:
  - name: returned
    device: { serialNumber: ${IPAD} }
    playbook: ${playbook}
    reason: Leaver returned the iPad
    expires: 2099-12-31
    acknowledge: [dataLoss, physicalPossession]
`;

describe("a request that a run left unfinished", () => {
  let emulator: Emulator;
  let project: PulumiProject;

  beforeEach(async () => {
    emulator = await startEmulator({ checkInDelayMs: 100 });
    project = await PulumiProject.create({ graphEndpoint: emulator.url, wait: "2s" });
    await project.write("requests/a.yaml", request("unlock-and-wipe"));
  });

  afterEach(async () => {
    await project.remove();
    await emulator.close();
  });

  const outcome = async () => (await project.resources()).get("returned")?.outputs.outcome;
  const sent = () => emulator.actionCalls.map((call) => call.action);

  test("is pending and green while the device has not reported, and succeeds in a later run without a second send", async () => {
    const fault = emulator.setFault({ call: "wipe", effect: { kind: "result", state: "never" } });
    const first = await project.up();
    const firstOutcome = await outcome();
    fault.remove();
    emulator.remove(IPAD);
    const second = await project.up();

    expect(first).toMatchObject({ code: 0, text: expect.stringContaining("pending:") });
    expect(firstOutcome).toBe("pending");
    expect(second).toMatchObject({ code: 0 });
    expect(await outcome()).toBe("succeeded");
    expect(sent()).toEqual(["bypassActivationLock", "wipe"]);
  });

  test("is ambiguous and red when the answer to the wipe is lost, and goes on after it is settled", async () => {
    emulator.setFault({ call: "wipe", effect: { kind: "result", state: "never" } });
    emulator.setFault({ call: "wipe", effect: { kind: "reset", applied: false } });
    const first = await project.up();
    const firstOutcome = await outcome();
    const outputs = await project.stackOutputs();
    emulator.clearFaults();
    const settled = await project.command("settle", [
      "returned",
      "--not-taken",
      "--why",
      "the iPad was in my hand",
      "--yes",
      "--ledger",
      `file:${path.join(project.folder, "ledger")}`,
    ]);
    const second = await project.up();

    expect(first.code).not.toBe(0);
    expect(first.text).toContain("npm run settle -- returned");
    expect(firstOutcome).toBe("ambiguous");
    expect(outputs).toMatchObject({ summary: { ambiguous: 1 } });
    expect(settled).toMatchObject({ code: 0 });
    expect(second).toMatchObject({ code: 0 });
    expect(await outcome()).toBe("succeeded");
    expect(sent()).toEqual(["bypassActivationLock", "wipe", "wipe"]);
  });

  test("keeps what was done when the escrow breaks half-way, and goes on from there", async () => {
    const escrow = path.join(project.folder, "escrow");
    const stop = emulator.on("request", async (call) => {
      if (call.action !== "bypassActivationLock") return;
      // The next code is another one, and there is no folder to take it.
      emulator.rotateCode(IPAD);
      await rename(escrow, `${escrow}-away`);
      await writeFile(escrow, "not a folder");
    });
    const first = await project.up();
    stop();
    const halfDone = (await project.resources()).get("returned")?.outputs;
    await rm(escrow);
    await rename(`${escrow}-away`, escrow);
    const second = await project.up();

    expect(first.code).not.toBe(0);
    expect(first.text).toMatch(/escrow/);
    expect(halfDone?.steps.map(({ action, status }) => [action, status])).toEqual([
      ["escrowBypassCode", "done"],
      ["bypassActivationLock", expect.stringMatching(/sent|done/)],
      ["wipe", "waiting"],
    ]);
    expect(second).toMatchObject({ code: 0 });
    expect(await outcome()).toBe("succeeded");
    expect(sent()).toEqual(["bypassActivationLock", "wipe"]);
  });

  test("is red once when the device refuses, and a warning later", async () => {
    emulator.setFault({ call: "wipe", effect: { kind: "status", status: 403 } });
    const first = await project.up();
    const second = await project.up();

    expect(first.code).not.toBe(0);
    expect(second.code).toBe(0);
    expect(second.text).toContain("failed:");
    expect(await outcome()).toBe("failed");
    expect(sent()).toEqual(["bypassActivationLock", "wipe"]);
  });

  test("is known by the ledger when the state is lost", async () => {
    await project.up();
    await rm(path.join(project.folder, "state"), { recursive: true });
    await project.initStack();
    const calls = emulator.requests.length;
    const up = await project.up();

    expect(up).toMatchObject({ code: 0 });
    expect(await outcome()).toBe("succeeded");
    expect(emulator.requests.length).toBe(calls);
  });
});

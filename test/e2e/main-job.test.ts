import { readdir } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { type Emulator, type RecordedRequest, startEmulator } from "../../emulator/graph/start-emulator.ts";
import { closedPort } from "../support/closed-port.ts";
import { looksTooOld, withoutLooksAgain } from "../support/looks-again.ts";
import { PulumiProject, type PulumiRun } from "../support/pulumi-project.ts";
import { filesWith, leaksIn } from "../support/secrets.ts";
import { throughPrism } from "../support/through-prism.ts";

const prism = throughPrism();

const SERIAL = "DMPXK2ABCDEF";
const REQUEST = `requests:
  - name: leeds-leaver-0042
    device: { serialNumber: ${SERIAL} }
    playbook: unlock-and-wipe
    reason: Leaver returned the iPad
    ticket: INC-4711
    expires: 2099-12-31
    acknowledge: [dataLoss, physicalPossession]
`;

/** One story, told in order: each part goes on from where the one before it ended. */
describe("unlock-and-wipe through the real engine", () => {
  let emulator: Emulator;
  let project: PulumiProject;
  let code: string;
  const runs: PulumiRun[] = [];

  beforeAll(async () => {
    emulator = await startEmulator({ checkInDelayMs: 400 });
    code = emulator.device(SERIAL).bypassCode ?? "";
    project = await PulumiProject.create({ graphEndpoint: prism.endpointOf(emulator), wait: "30s" });
    await project.write("requests/leavers.yaml", REQUEST);
  });

  afterAll(async () => {
    await project?.remove();
    await emulator?.close();
  });

  async function run(work: () => Promise<PulumiRun>): Promise<{ run: PulumiRun; wire: readonly RecordedRequest[] }> {
    const before = emulator.requests.length;
    const result = await work();
    runs.push(result);
    return { run: result, wire: emulator.requests.slice(before) };
  }

  test("preview shows the device, the steps and what cannot be recalled, and only reads", async () => {
    const { run: preview, wire } = await run(() => project.preview());

    expect(preview).toMatchObject({ code: 0 });
    expect(preview.text).toMatch(/device\s+Leeds iPad 0042, .*serial DMPXK2ABCDEF, user j\.doe@contoso\.example, supervised/);
    expect(preview.text).toMatch(/step 1\s+escrowBypassCode/);
    expect(preview.text).toMatch(/step 3\s+wipe: .*DESTROYS DATA/);
    expect(preview.text).toMatch(/cannot be recalled/);
    expect(wire.length).toBeGreaterThan(0);
    expect(wire.filter((request) => request.kind === "action" || request.kind === "readCode")).toEqual([]);
  });

  test("up reads the code, escrows it, bypasses the lock, reads again, wipes: in this order", async () => {
    const entriesAtBypass: string[] = [];
    const stop = emulator.on("request", async (request) => {
      if (request.action === "bypassActivationLock")
        entriesAtBypass.push(...(await readdir(path.join(project.folder, "escrow"))).filter((name) => name.endsWith(".age")));
    });

    const { run: up, wire } = await run(() => project.up());
    stop();

    expect(up).toMatchObject({ code: 0 });
    const all = wire.filter((request) => request.kind === "readCode" || request.kind === "action");
    const calls = withoutLooksAgain(all);
    expect(calls.map((request) => request.action ?? request.kind)).toEqual(["readCode", "bypassActivationLock", "readCode", "wipe"]);
    // Each further read is one that the ledger has a reason for.
    expect(all.length - calls.length).toBe(await looksTooOld(project.folder));
    const firstRead = wire.find((request) => request.kind === "readCode");
    expect(new URL(firstRead?.path ?? "", emulator.url).searchParams.get("$select")).toBe("id,activationLockBypassCode");
    expect(entriesAtBypass).toHaveLength(1);
  });

  test("state holds the outcome, the steps and the reference", async () => {
    const resource = (await project.resources()).get("leeds-leaver-0042");

    expect(resource?.outputs).toMatchObject({
      request: {
        name: "leeds-leaver-0042",
        generation: 1,
        reason: "Leaver returned the iPad",
        ticket: "INC-4711",
        source: expect.stringMatching(/leavers\.yaml:2$/),
      },
      device: { serialNumber: SERIAL, deviceName: "Leeds iPad 0042", operatingSystem: "iPadOS", isSupervised: true },
      outcome: "succeeded",
      bypassCode: { reference: expect.stringMatching(/^file:/), fingerprint: expect.any(String), capturedAt: expect.any(String) },
    });
    expect(resource?.outputs.steps.map(({ action, status }) => [action, status])).toEqual([
      ["escrowBypassCode", "done"],
      ["bypassActivationLock", "done"],
      ["wipe", "done"],
    ]);
    expect(resource?.outputs.conditions).toContainEqual(expect.objectContaining({ type: "BypassCodeEscrowed", status: "True" }));
    expect(await project.stackOutputs()).toEqual({ summary: { succeeded: 1 }, requests: { "leeds-leaver-0042": "succeeded" } });
  });

  test("what Pulumi stores for the provider's code is under 400 bytes", async () => {
    const resource = (await project.resources()).get("leeds-leaver-0042");

    expect(String(resource?.inputs.__provider).length).toBeLessThan(400);
  });

  test("Pulumi stores no stack trace of the program, and the plan as one text", async () => {
    const resource = (await project.resources()).get("leeds-leaver-0042");

    expect(resource).not.toHaveProperty("stackTrace");
    expect(JSON.parse(String(resource?.inputs.plan))).toMatchObject({ key: "leeds-leaver-0042#1" });
    expect(resource?.outputs.plan).toBe(resource?.inputs.plan);
  });

  test("refresh looks at the device again and changes nothing", async () => {
    const { run: refresh, wire } = await run(() => project.run(["refresh", "--yes", "--skip-preview"]));

    expect(refresh).toMatchObject({ code: 0 });
    expect(wire.length).toBeGreaterThan(0);
    expect(emulator.actionCalls).toHaveLength(2);
  });

  test("a second up changes nothing, though the reason was reworded, the device has left Intune and Graph is down", async () => {
    expect(emulator.device(SERIAL).present).toBe(false);
    await project.write("requests/leavers.yaml", REQUEST.replace("Leaver returned", "A leaver returned"));
    await project.configure({ graphEndpoint: `http://127.0.0.1:${await closedPort()}`, wait: "30s" });

    const { run: up } = await run(() => project.up());
    await project.configure({ graphEndpoint: prism.endpointOf(emulator), wait: "30s" });

    expect(up).toMatchObject({ code: 0, text: expect.stringContaining("2 unchanged") });
  });

  test("edited steps of a begun request are refused with the difference", async () => {
    await project.write(
      "requests/leavers.yaml",
      REQUEST.replace("playbook: unlock-and-wipe", "steps: [escrowBypassCode, { wipe: { persistEsimDataPlan: true } }]"),
    );
    const { run: edited } = await run(() => project.preview());
    await project.write("requests/leavers.yaml", REQUEST);

    expect(edited.code).not.toBe(0);
    expect(edited.text).toContain("error DLR401");
    expect(edited.text).toContain("generation: 2");
  });

  test("a renamed request wipes nobody", async () => {
    await project.write("requests/leavers.yaml", REQUEST.replace("leeds-leaver-0042", "leeds-leaver-0042-again"));
    emulator.reenrol(SERIAL);
    const { run: renamed } = await run(() => project.up());
    await project.write("requests/leavers.yaml", REQUEST);

    expect(renamed.code).not.toBe(0);
    expect(renamed.text).toContain("error DLR402");
    expect(emulator.actionCalls).toHaveLength(2);
  });

  test("destroy, then up, returns the ledger's outcome and sends nothing", async () => {
    const { run: destroy } = await run(() => project.run(["destroy", "--yes", "--skip-preview"]));
    const { run: up, wire } = await run(() => project.up());

    expect([destroy.code, up.code]).toEqual([0, 0]);
    expect(wire).toEqual([]);
    expect((await project.resources()).get("leeds-leaver-0042")?.outputs.outcome).toBe("succeeded");
  });

  test("the code is in no output and in no file", async () => {
    expect(code.length).toBeGreaterThan(10);

    expect(runs.flatMap(({ text }) => leaksIn(text, [code]))).toEqual([]);
    expect(await filesWith(project.folder, [code])).toEqual([]);
  });

  test("every call was held against Graph's description", () => {
    expect(prism.validated() ?? Number.POSITIVE_INFINITY).toBeGreaterThanOrEqual(emulator.requests.length);
  });
});

import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { type Emulator, startEmulator } from "../../emulator/graph/start-emulator.ts";
import { PulumiProject } from "../support/pulumi-project.ts";

const REQUEST = `requests:
  - name: leaver
    device: { serialNumber: DMPLEAVER }
    playbook: unlock-and-wipe
    reason: Leaver returned the iPad
    expires: 2099-12-31
    acknowledge: [dataLoss, physicalPossession]
`;

/** One story, told in order. */
describe("a machine whose clock is an hour off", () => {
  let emulator: Emulator;
  let project: PulumiProject;
  let graphIsAhead = 60 * 60_000;

  beforeAll(async () => {
    const devices = [{ serialNumber: "DMPLEAVER", operatingSystem: "iPadOS", isSupervised: true }];
    emulator = await startEmulator({ devices, checkInDelayMs: 100, clock: () => Date.now() + graphIsAhead });
    project = await PulumiProject.create({ graphEndpoint: emulator.url, wait: "5s" });
    await project.write("requests/a.yaml", REQUEST);
  });

  afterAll(async () => {
    await project?.remove();
    await emulator?.close();
  });

  test("is told so in the preview, which says that nothing is done", async () => {
    const { text, code } = await project.preview();

    expect(code).toBe(0);
    expect(text).toMatch(/held: the clock of this machine says \S+, and Graph's says \S+: it is 60 minutes behind/);
    expect(text).not.toContain("WIPES");
  });

  test("sends nothing in up, and goes on once its clock is right", async () => {
    const wrong = await project.up();
    const sent = emulator.actionCalls.length;
    graphIsAhead = 0;
    const right = await project.up();

    expect(wrong.text).toContain("the clock of this machine says");
    expect(sent).toBe(0);
    expect(right.code).toBe(0);
    expect(await project.stackOutputs()).toMatchObject({ requests: { leaver: "succeeded" } });
  });
});

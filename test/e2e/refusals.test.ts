import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { type Emulator, startEmulator } from "../../emulator/start-emulator.ts";
import { closedPort } from "../support/closed-port.ts";
import { PulumiProject } from "../support/pulumi-project.ts";
import { throughPrism } from "../support/through-prism.ts";

const prism = throughPrism();

const STACK_TRACE = /^\s+at .+:\d+:\d+\)?$/m;

describe("what a run refuses", () => {
  let emulator: Emulator;
  let project: PulumiProject;

  beforeAll(async () => {
    emulator = await startEmulator({});
    project = await PulumiProject.create({ graphEndpoint: prism.endpointOf(emulator), wait: "5s" });
  });

  afterAll(async () => {
    await project?.remove();
    await emulator?.close();
  });

  test("all mistakes of all files are told at once, with places, without asking Graph", async () => {
    await project.write(
      "requests/a.yaml",
      "requests:\n  - name: Bad Name\n    device: { serialNumber: DMPXK2ABCDEF }\n    playbook: unlok\n    reason: x\n",
    );
    await project.write("requests/b.yaml", "requests: [\n");

    const preview = await project.npmRun("preview", []);

    expect(preview.code).toBe(1);
    expect(preview.text).toMatch(/a\.yaml:2:11: error DLR016/);
    expect(preview.text).toMatch(/a\.yaml:4:15: error DLR012: .*unlok/);
    expect(preview.text).toMatch(/b\.yaml:\d+:\d+: error DLR001/);
    expect(preview.text).not.toMatch(STACK_TRACE);
    expect(emulator.requests).toEqual([]);
  });

  test("no device and two devices are told with what was found, and nothing is sent", async () => {
    await project.write(
      "requests/b.yaml",
      "requests:\n  - name: nobody\n    device: { serialNumber: NOSUCHSERIAL } # old passcode: 47114711\n    playbook: escrow-bypass-code\n    reason: x\n",
    );
    await project.write(
      "requests/a.yaml",
      "requests:\n  - name: twice\n    device: { serialNumber: DMPXK2TWICE1 }\n    playbook: escrow-bypass-code\n    reason: x\n",
    );

    const up = await project.npmRun("up", ["--yes", "--skip-preview"]);

    expect(up.code).toBe(1);
    expect(up.text).toMatch(/a\.yaml:3:\d+: error DLR302: 2 devices have serialNumber DMPXK2TWICE1: .*Leeds iPad 0050 .*old record/);
    expect(up.text).toMatch(/b\.yaml:3:\d+: error DLR301: no device in Intune has serialNumber NOSUCHSERIAL/);
    expect(up.text).toContain("NOSUCHSERIAL } # old passcode: ********");
    expect(up.text).not.toContain("47114711");
    expect(up.text).not.toMatch(STACK_TRACE);
    expect(emulator.actionCalls).toEqual([]);
    expect(await project.resources()).toEqual(new Map());
  });

  test("settings that nothing would heed are told together, before anything is read", async () => {
    const asked = emulator.requests.length;
    await project.configure({
      graphEndpoint: prism.endpointOf(emulator),
      protectd: ["vip*"],
      protected: { users: "vip*" },
      requireReview: true,
    });

    const up = await project.npmRun("up", ["--yes", "--skip-preview"]);

    expect(up.code).toBe(2);
    expect(up.text).toContain("the configuration has 3 mistakes:");
    expect(up.text).toContain('device-lifecycle:protectd is not known (did you mean "protected"?)');
    expect(up.text).toContain('device-lifecycle:protected is "{\\"users\\":\\"vip*\\"}"; it must be a list of texts');
    expect(up.text).toContain("device-lifecycle:requireReview is set, and this version does not have it");
    expect(up.text).not.toMatch(STACK_TRACE);
    expect(emulator.requests).toHaveLength(asked);
  });

  test("a Graph that cannot be reached is one clear error", async () => {
    await project.write("requests/b.yaml", "requests: []\n");
    await project.write(
      "requests/a.yaml",
      "requests:\n  - name: new-one\n    device: { serialNumber: F17XK2PHONE1 }\n    playbook: escrow-bypass-code\n    reason: x\n",
    );
    await project.configure({ graphEndpoint: `http://127.0.0.1:${await closedPort()}`, wait: "5s" });

    const preview = await project.npmRun("preview", []);

    expect(preview.code).toBe(3);
    expect(preview.text).toMatch(/error: Graph at http:\/\/127\.0\.0\.1:\d+ did not answer/);
    expect(preview.text).not.toMatch(STACK_TRACE);
  });
});

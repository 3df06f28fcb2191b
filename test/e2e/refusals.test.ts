import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { type Emulator, startEmulator } from "../../emulator/graph/start-emulator.ts";
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
      countForeign: "yes",
    });

    const up = await project.npmRun("up", ["--yes", "--skip-preview"]);

    expect(up.code).toBe(2);
    expect(up.text).toContain("the configuration has 3 mistakes:");
    expect(up.text).toContain('device-lifecycle:protectd is not known (did you mean "protected"?)');
    expect(up.text).toContain('device-lifecycle:protected is "{\\"users\\":\\"vip*\\"}"; it must be a list of texts');
    expect(up.text).toContain('device-lifecycle:countForeign is "yes"; it must be true or false');
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

/** One story, told in order. */
describe("a device that Graph does not show, among others that it does", () => {
  let emulator: Emulator;
  let project: PulumiProject;
  const reboot = (name: string, id: string) =>
    `  - name: ${name}\n    device: { id: ${id} }\n    steps: [rebootNow, { waitFor: done }]\n    reason: x\n`;
  const idOf = (serial: string) => emulator.device(serial).id;
  const sent = () => emulator.actionCalls.map(({ serialNumber }) => serialNumber);
  const denied = { call: "read", device: "PHONE1", effect: { kind: "status", status: 403 } } as const;

  beforeAll(async () => {
    const devices = ["PHONE1", "PHONE2"].map((serialNumber) => ({ serialNumber, operatingSystem: "Android" }));
    emulator = await startEmulator({ devices, checkInDelayMs: 600_000 });
    project = await PulumiProject.create({ graphEndpoint: emulator.url, wait: "0s" });
  });

  afterAll(async () => {
    await project?.remove();
    await emulator?.close();
  });

  test("is told at its line, beside the other mistakes, as an answer of Graph's where it is alone", async () => {
    emulator.setFault(denied);
    const two = reboot("one", idOf("PHONE1")) + reboot("two", idOf("PHONE2"));
    await project.write("requests/a.yaml", `requests:\n${two}${reboot("nobody", "00000000-0000-4000-8000-000000000001")}`);

    const both = await project.npmRun("preview", []);
    await project.write("requests/a.yaml", `requests:\n${two}`);
    const alone = await project.npmRun("preview", []);

    expect(both.code).toBe(1);
    expect(both.text).toMatch(/a\.yaml:3:\d+: error DLR311: the device with id .* cannot be read: .*403/);
    expect(both.text).toMatch(/a\.yaml:11:\d+: error DLR301/);
    expect(alone.code).toBe(3);
    expect(alone.text).toContain("1 device could not be read; nothing was sent");
    expect(sent()).toEqual([]);
  });

  test("of a begun request holds that one back, in preview and up, and the others go on", async () => {
    emulator.clearFaults();
    await project.write("requests/a.yaml", `requests:\n${reboot("one", idOf("PHONE1"))}`);
    await project.up();
    emulator.setFault(denied);
    await project.write("requests/a.yaml", `requests:\n${reboot("one", idOf("PHONE1"))}${reboot("two", idOf("PHONE2"))}`);

    const preview = await project.preview();
    const up = await project.up();

    expect(preview.text).toMatch(/held: Graph did not give .*403/);
    expect(up.code).toBe(0);
    expect(up.text).toMatch(/pending: Graph did not give .*403/);
    expect(sent()).toEqual(["PHONE1", "PHONE2"]);
  });
});

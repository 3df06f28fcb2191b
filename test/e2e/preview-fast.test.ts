import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { type Emulator, startEmulator } from "../../emulator/graph/start-emulator.ts";
import { PulumiProject, type PulumiRun } from "../support/pulumi-project.ts";

const DEVICES = ["PHONE1", "PHONE2", "PHONE3", "PHONE4"].map((serialNumber) => ({
  serialNumber,
  deviceName: `Phone ${serialNumber.at(-1)}`,
  operatingSystem: "Android",
  osVersion: "15",
  managedDeviceOwnerType: "company",
  userPrincipalName: "anna@contoso.example",
}));

const wipe = (name: string, serial: string, expires = "2099-12-31") =>
  `  - {name: ${name}, device: {serialNumber: ${serial}}, reason: Returned, steps: [wipe], expires: ${expires}, acknowledge: [dataLoss]}\n`;
const lock = (name: string, serial: string, more = "") =>
  `  - {name: ${name}, device: {serialNumber: ${serial}}, reason: Lost, steps: [remoteLock]${more}}\n`;

const NOT_ASKED = /\n\nPulumi's engine was not asked: policies and targets are unknown here, and nothing is saved\.[^\n]*\n$/;

/** One story, told in order: each situation is previewed with the engine and without it. */
describe("preview --fast", () => {
  let emulator: Emulator;
  let project: PulumiProject;

  beforeAll(async () => {
    emulator = await startEmulator({ checkInDelayMs: 50, devices: DEVICES });
    project = await PulumiProject.create({ graphEndpoint: emulator.url, wait: "20s", maxDestructive: "2" });
  });

  afterAll(async () => {
    await project?.remove();
    await emulator?.close();
  });

  const write = (...requests: readonly string[]) =>
    project.write("requests/a.yaml", `requests:${requests.length === 0 ? " []\n" : "\n"}${requests.join("")}`);

  async function both(): Promise<{ engine: PulumiRun; fast: PulumiRun }> {
    const engine = await project.npmRun("preview", []);
    return { engine, fast: await project.npmRun("preview", ["--fast"]) };
  }

  async function expectSame(code: number, words: RegExp): Promise<void> {
    const { engine, fast } = await both();

    expect(fast.text).toMatch(NOT_ASKED);
    expect(fast.text.replace(NOT_ASKED, "")).toBe(engine.text.trimEnd());
    expect([engine.code, fast.code]).toEqual([code, code]);
    expect(engine.text).toMatch(words);
  }

  test("says what a preview says of new requests, and of one that is past its date", async () => {
    await write(wipe("one", "PHONE1"), lock("two", "PHONE2"), wipe("late", "PHONE3", "2020-01-31"));
    await expectSame(0, /ERASES 1 device.*LOOK FIRST AT 1 OF 3/s);
  });

  test("of an empty folder", async () => {
    await write();
    await expectSame(0, /\S/);
  });

  test.each([
    ["a mistake in a file", () => write(wipe("One", "PHONE1")), 1, /One/],
    ["a device that nobody knows", () => write(wipe("one", "PHONE9")), 1, /PHONE9/],
    ["more wipes than a day has", () => write(wipe("one", "PHONE1"), wipe("two", "PHONE2"), wipe("three", "PHONE3")), 1, /maxDestructive/],
  ])("of %s, with its exit code", async (_what, prepare, code, words) => {
    await prepare();
    await expectSame(code, words);
  });

  test("of a Graph that refuses", async () => {
    await write(lock("two", "PHONE2"));
    emulator.setFault({ effect: { kind: "status", status: 403 } });
    await expectSame(3, /403|refused/i);
    emulator.clearFaults();
  });

  test("of finished requests, of one that was removed, and of state that was lost", async () => {
    await write(lock("two", "PHONE2"), lock("four", "PHONE4"));
    expect((await project.up()).code).toBe(0);
    await expectSame(0, /nothing|no request/i);

    await write(lock("two", "PHONE2"));
    await expectSame(0, /1 finished request is not in the files/);

    await project.initStack();
    await expectSame(0, /does not know/);
  });

  test("refuses what only the engine or a review has, and sends nothing", async () => {
    const before = emulator.actionCalls.length;

    const target = await project.npmRun("preview", ["--fast", "--target", "**two"]);
    const saving = await project.npmRun("preview", ["--fast", "--save-review", "x"]);

    expect([target.code, saving.code]).toEqual([2, 2]);
    expect(target.text).toContain("--target is about Pulumi's engine or a review");
    expect(emulator.actionCalls).toHaveLength(before);
  });
});

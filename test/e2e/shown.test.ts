import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { type Emulator, startEmulator } from "../../emulator/graph/start-emulator.ts";
import { PulumiProject } from "../support/pulumi-project.ts";

const COMMON = { operatingSystem: "Android", osVersion: "15", managedDeviceOwnerType: "company" };
const DEVICES = ["PHONE1", "PHONE2", "PHONE3"].map((serialNumber, index) => ({
  ...COMMON,
  serialNumber,
  deviceName: `Phone ${index + 1}`,
  userPrincipalName: "anna@contoso.example",
}));

const wipe = (name: string, serial: string, more = "") =>
  `  - name: ${name}\n    device: { serialNumber: ${serial} }\n    reason: Returned\n    steps: [wipe]\n    expires: 2099-12-31\n    acknowledge: [dataLoss]\n${more}`;
const late = wipe("late", "PHONE3").replace("2099-12-31", "2020-01-31");

/** Control characters, which no log shows. */
const CONTROLS = /[^\P{Cc}\n]/u;

describe("a run as dlr shows it", () => {
  let emulator: Emulator;
  let project: PulumiProject;

  beforeEach(async () => {
    emulator = await startEmulator({ checkInDelayMs: 50, devices: DEVICES });
    project = await PulumiProject.create({ graphEndpoint: emulator.url, wait: "20s" });
    await write(wipe("wipe-one", "PHONE1"), wipe("wipe-two", "PHONE2"), late);
  });

  afterEach(async () => {
    await project?.remove();
    await emulator?.close();
  });

  const write = (...requests: readonly string[]) => project.write("requests/a.yaml", `requests:\n${requests.join("")}`);
  const sent = () => emulator.actionCalls.map(({ action, serialNumber }) => `${action} ${serialNumber}`).sort();
  const finished = async (name: string) => (await project.resources()).get(name)?.outputs.conditions[0];
  /** Once, when Graph is asked for the first time: the files are read by then. */
  const atFirstQuestion = (work: () => void) => {
    const stop = emulator.on("request", () => {
      stop();
      work();
    });
  };

  test("preview: totals, what to look at first, plans once, a row each; nothing of Pulumi's, no control characters", async () => {
    const { code, text } = await project.npmRun("preview", [], { CI: "true" });

    expect(code).toBe(0);
    expect(text).toContain(`${project.stack}: ERASES 2 devices · 1 expired · 5 of 5 destructive actions left today\n`);
    expect(text).toMatch(/LOOK FIRST AT 1 OF 3\n! {2}B {2}late {2}Phone 3 PHONE3 {2}will not run: expired \d+ days ago\n/);
    expect(text).toMatch(/A {2}2 × WIPES\n {3}steps: wipe\n/);
    expect(text).toMatch(/A {2}wipe-one {2}Phone 1 {2}PHONE1 {9}anna@contoso\.example {2}\d{4}-/);
    expect(text).not.toMatch(/pulumi:pulumi:Stack|intune:DeviceLifecycle|\[unknown\]|create/);
    expect(text).not.toMatch(CONTROLS);
    expect(sent()).toEqual([]);
  });

  test("preview --details: Pulumi's display with a card each, and the table", async () => {
    const { code, text } = await project.npmRun("preview", ["--details"]);

    expect(code).toBe(0);
    expect(text).toMatch(/device {3}Phone 1, /);
    expect(text).toContain("LOOK FIRST AT 1 OF 3");
  });

  test("preview of a target counts that alone", async () => {
    const { text } = await project.npmRun("preview", ["--target", "**wipe-one"]);

    expect(text).toContain(": ERASES 1 device · 5 of 5");
    expect(text).not.toContain("wipe-two");
  });

  test("up: shows the preview, does it, and ends with what is not done; red once", async () => {
    const first = await project.npmRun("up", ["--yes"], { CI: "true" });
    const second = await project.npmRun("up", ["--yes"]);

    expect(first.code).toBe(4);
    expect(first.text).toContain("ERASES 2 devices");
    expect(first.text).toMatch(/\n3 requests: 2 done, 1 expired\n\nexpired {2}late {2}/);
    expect(first.text).toMatch(/ {2}now {4}expired at the end of 2020-01-31/);
    expect(first.text).toContain(`./dlr up ${project.stack}`);
    expect(first.text).not.toMatch(/unhandled error|error:/);
    expect(first.text).not.toMatch(CONTROLS);
    expect(second.code).toBe(0);
    expect(second.text).toContain("3 requests: 2 done, 1 expired");
    expect(sent()).toEqual(["wipe PHONE1", "wipe PHONE2"]);
  });

  test("up without anybody to ask sends nothing, and asks nothing of Graph", async () => {
    const { code, text } = await project.npmRun("up", []);

    expect(code).toBe(2);
    expect(text).toContain("nobody is there to confirm this\n  help: add --yes when you are sure");
    expect(emulator.requests).toEqual([]);
  });

  test("up that its preview refuses says all that is wrong, and sends nothing", async () => {
    await write(wipe("wipe-one", "PHONE1"), wipe("nowhere", "NOWHERE"), wipe("elsewhere", "ELSEWHERE"));

    const { code, text } = await project.npmRun("up", ["--yes"]);

    expect(code).toBe(1);
    expect(text).toContain("REFUSED: 2 mistakes, and nothing would be done");
    expect(text).toMatch(/no device in Intune has serialNumber NOWHERE[\s\S]*no device in Intune has serialNumber ELSEWHERE/);
    expect(sent()).toEqual([]);
  });

  test("what came into the files after the preview was made is held, and so is what it said would not run", async () => {
    await write(wipe("wipe-one", "PHONE1"), late);
    atFirstQuestion(() => void write(wipe("wipe-one", "PHONE1"), wipe("wipe-two", "PHONE2"), late.replace("2020-01-31", "2099-12-31")));

    const { code, text } = await project.npmRun("up", ["--yes"]);

    expect(code).toBe(0);
    expect(sent()).toEqual(["wipe PHONE1"]);
    expect(await finished("wipe-two")).toMatchObject({
      reason: "NotShown",
      message: expect.stringMatching(/^wipe-two#1 is not in the preview of /),
    });
    expect(await finished("late")).toMatchObject({
      reason: "NotShown",
      message: expect.stringMatching(/said of it: will not run: expired/),
    });
    expect(text).toContain("3 requests: 1 done, 2 pending");

    const next = await project.npmRun("up", ["--yes"]);
    expect(next.text).toContain("3 requests: 3 done");
  });

  test("requireReview holds what a preview has shown, and that preview says so", async () => {
    await project.configure({ graphEndpoint: emulator.url, requireReview: true });

    const { text } = await project.npmRun("up", ["--yes"]);

    expect(text).toContain("2 held");
    expect(text).toContain("requireReview is set, and this run has no review");
    expect(sent()).toEqual([]);
  });

  test("one interrupt in the preview: up does not follow", async () => {
    const run = project.startShown("up", ["--yes"]);
    atFirstQuestion(() => process.kill(-(run.child.pid ?? 0), "SIGINT"));

    const { code } = await run.ended;

    expect(code).not.toBe(0);
    expect(sent()).toEqual([]);
  });

  test("one interrupt in up: what is under way is finished, and the last block says how it stands", async () => {
    const stop = emulator.on("request", ({ action }) => {
      if (action !== "wipe") return;
      stop();
      process.kill(-(run.child.pid ?? 0), "SIGINT");
    });
    const run = project.startShown("up", ["--yes", "--skip-preview", "--parallel", "1"]);

    const { code, text } = await run.ended;

    expect(code).not.toBe(0);
    expect(sent()).toHaveLength(1);
    // The expired one may come before it, or not at all.
    expect(text).toMatch(/\n(1 request|2 requests): 1 done/);
    expect((await project.npmRun("up", ["--yes"])).text).toContain("3 requests: 2 done, 1 expired");
  });

  test("of an error of Pulumi's own nothing is lost", async () => {
    const { code, text } = await project.npmRun("preview", ["--target", "urn:pulumi:x"], { PULUMI_CONFIG_PASSPHRASE: "another" });

    expect(code).not.toBe(0);
    expect(text).toContain("incorrect passphrase");
  });
});

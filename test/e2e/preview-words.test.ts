import { rm } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { type Emulator, startEmulator } from "../../emulator/graph/start-emulator.ts";
import { PulumiProject } from "../support/pulumi-project.ts";

const request = (name: string, more = "") => `  - name: ${name}
    device: { serialNumber: DMP${name.toUpperCase().replaceAll("-", "")} }
    playbook: unlock-and-wipe
    reason: Leaver returned the iPad
    expires: 2099-12-31
    acknowledge: [dataLoss, physicalPossession]
${more}`;

const file = (...requests: readonly string[]) => `requests:\n${requests.join("")}`;
const LATE = request("late").replace("2099-12-31", "2026-11-01");

/** One story, told in order: what the preview says first is what `up` does. */
describe("the preview", () => {
  let emulator: Emulator;
  let project: PulumiProject;

  beforeAll(async () => {
    const devices = ["DMPFIRST", "DMPSECOND", "DMPLATE"].map((serialNumber) => ({
      serialNumber,
      operatingSystem: "iPadOS",
      isSupervised: true,
    }));
    emulator = await startEmulator({ devices, checkInDelayMs: 100 });
    project = await PulumiProject.create({ graphEndpoint: emulator.url, wait: "5s" });
    await project.write("requests/a.yaml", file(request("first"), request("second"), LATE));
  });

  afterAll(async () => {
    await project?.remove();
    await emulator?.close();
  });

  const wipes = () => emulator.actionCalls.filter(({ action }) => action === "wipe").map(({ serialNumber }) => serialNumber);

  test("says WIPES of what is wiped, and of an expired request how long ago that was, without a warning", async () => {
    const { text, code } = await project.preview("--target", "**first", "--target", "**late");

    expect(code).toBe(0);
    expect(text).toContain("WIPES: first escrows the bypass code, then sends bypassActivationLock, then sends wipe");
    expect(text).toMatch(/will not run: expired \d+ days? ago/);
    // Of the other two, whatever the target is: a program is not told of targets.
    expect(text.match(/WARNING {2}what is accepted/g)).toHaveLength(2);
  });

  test("of one of several new requests as the target has outcomes of that one alone", async () => {
    const { code } = await project.up("--target", "**first", "--target", "**pulumi:pulumi:Stack**");

    expect(code).toBe(0);
    expect(wipes()).toEqual(["DMPFIRST"]);
    expect(await project.stackOutputs()).toMatchObject({ summary: { succeeded: 1 }, requests: { first: "succeeded" } });
    expect(JSON.stringify(await project.stackOutputs())).not.toContain("undefined");
  });

  test("says who holds it while the brake is set, and that it wipes again once that is over", async () => {
    const ledger = `file:${path.join(project.folder, "ledger")}`;
    await project.command("stop", ["wrong devices", "--ledger", ledger]);
    const held = await project.preview("--target", "**second");
    await project.up("--target", "**second");
    await project.command("resume", ["--ledger", ledger]);
    const free = await project.preview("--target", "**second");

    expect(held.text).toMatch(/held: brake set: wrong devices \(set by /);
    expect(held.text).not.toContain("WARNING");
    expect(free.text).toContain("WIPES: first escrows the bypass code");
    expect(free.text).toContain("last run pending at ");
    expect(wipes()).toEqual(["DMPFIRST"]);
  });

  test("after a lost answer that was settled as not taken says that it wipes again, with a warning", async () => {
    emulator.setFault({ device: "DMPSECOND", call: "wipe", effect: { kind: "reset", applied: false } });
    await project.up("--target", "**second");
    const doubtful = await project.preview("--target", "**second");
    const settle = ["second", "--not-taken", "--why", "still set up", "--yes", "--ledger", `file:${path.join(project.folder, "ledger")}`];
    await project.command("settle", settle);
    const settled = await project.preview("--target", "**second");

    expect(doubtful.text).toContain("nothing until it is settled: nobody can tell whether wipe was taken");
    expect(doubtful.text).not.toContain("WARNING");
    expect(settled.text).toContain("wipes again: settled as not taken");
    expect(settled.text).toContain("WARNING  what is accepted cannot be recalled");
  });

  test("of a removed request says that nothing happens to the device", async () => {
    await project.write("requests/a.yaml", file(LATE, request("second")));
    const { text } = await project.preview();

    expect(text).toContain(
      '1 finished request is not in the files of this stack any more, archived or deleted: "delete" only forgets them',
    );
  });

  test("of a request in doubt that is removed says to settle it first", async () => {
    emulator.setFault({ device: "DMPSECOND", call: "wipe", effect: { kind: "reset", applied: false } });
    await project.up("--target", "**second");
    await project.write("requests/a.yaml", file(request("first")));
    const { text } = await project.preview();

    expect(text).toContain("second is removed while a step of it is in doubt: settle it first, with ./dlr settle ");
  });

  test("of a request that the ledger has finished and state has lost says so", async () => {
    await rm(project.stateFile);
    await project.initStack();
    const { text } = await project.preview();
    const before = wipes().length;
    const { code } = await project.up();

    expect(text).toContain("nothing: finished");
    expect(text).toContain("the stack's state does not know it, and up only writes it back");
    expect(code).toBe(0);
    expect(wipes()).toHaveLength(before);
  });

  test("of a finished request whose reason is edited has nothing to do, and up keeps the new words on record", async () => {
    await project.write("requests/a.yaml", file(request("first").replace("Leaver returned the iPad", "Broken screen")));
    const { text } = await project.preview();
    await project.up();
    const shown = await project.command("ledger", ["show", "first", "--ledger", `file:${path.join(project.folder, "ledger")}`]);

    expect(text).not.toContain("WIPES");
    expect(shown.text).toContain("Leaver returned the iPad");
    expect(shown.text).toContain("Broken screen");
  });
});

import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { type Emulator, startEmulator } from "../../emulator/graph/start-emulator.ts";
import { type Azurite, startAzurite } from "../support/azurite.ts";
import { WorkflowWorld } from "./workflow-world.ts";

const NAMES = Array.from({ length: 12 }, (_, index) => `PHONE${index}`);
const wipe = (name: string, serial: string) =>
  `  - name: ${name}\n    device: { serialNumber: ${serial} }\n    reason: Returned\n    steps: [wipe]\n    expires: 2099-12-31\n    acknowledge: [dataLoss]\n`;
const sync = (name: string, serial: string) =>
  `  - name: ${name}\n    device: { serialNumber: ${serial} }\n    reason: Lost sight of it\n    steps: [syncDevice]\n`;
const requests = (...all: readonly string[]) => ({ "devices/requests/leavers.yaml": `requests:\n${all.join("")}` });

/**
 * One story through the workflows as they are, on a runner that is act. GitHub's own actions are
 * stood in for; everything else, from the checkout to the comment, is real.
 */
describe("the workflows, run by act", () => {
  let emulator: Emulator;
  let azurite: Azurite;

  beforeAll(async () => {
    const phone = { operatingSystem: "Android", osVersion: "15" };
    emulator = await startEmulator({ checkInDelayMs: 50, devices: NAMES.map((serialNumber) => ({ ...phone, serialNumber })) });
    azurite = await startAzurite();
  });

  afterAll(async () => {
    await azurite?.stop();
    await emulator?.close();
  });

  const sent = () => emulator.actionCalls.map(({ action, serialNumber }) => `${action} ${serialNumber}`);
  const config = (container: string) => ({
    graphEndpoint: emulator.url,
    ledger: `${azurite.account}/${container}`,
    maxDestructive: 50,
    requireReview: true,
    wait: "5s",
  });
  const inJobs = () => ({ AZURE_STORAGE_CONNECTION_STRING: azurite.connectionString().reveal() });
  const reenrol = (serial: string) =>
    `node -e 'fetch("${emulator.url}/_emulator/devices/${serial}/reenrol", { method: "POST", body: JSON.stringify({ keepId: true }) })'`;

  describe("of one stack", () => {
    let world: WorkflowWorld;

    beforeAll(async () => {
      world = await WorkflowWorld.create({ prod: config("one") }, inJobs());
    });

    afterAll(() => world?.remove());

    const comment = () => world.github.comments.at(-1)?.body ?? "";

    test("a pull request is validated and previewed, as a comment and labels; nothing is sent", async () => {
      const head = await world.propose(requests(wipe("wipe-0", "PHONE0")));

      const [validated, previewed] = [await world.validate(), await world.preview(head)];

      expect([validated.code, previewed.code, previewed.text]).toEqual([0, 0, expect.stringContaining("a comment was made")]);
      expect(comment()).toContain(`head=${head}`);
      expect(comment()).toContain("1 device loses all data");
      expect([...world.github.labels]).toEqual(["device-lifecycle/destructive"]);
      expect(sent()).toEqual([]);
    });

    test.each([
      ["the workflow", ".github/workflows/up.yml"],
      ["package.json", "package.json"],
      ["the stack's configuration", "Pulumi.prod.yaml"],
      ["recipients", "escrow/recipients.txt"],
    ])("one that changes %s beside a request gets no preview: the comment says why", async (_, file) => {
      const head = await world.propose({ ...requests(wipe("wipe-evil", "PHONE11")), [file]: "evil: true\n" });

      const run = await world.preview(head);

      expect(run.code).toBe(1);
      expect(run.text).not.toContain("Previewing update");
      expect(comment()).toContain("refused: 1 mistake, and nothing would be done");
      expect(comment()).toContain(file);
      expect([...world.github.labels]).toEqual(["device-lifecycle/blocked"]);
    });

    test("what was merged is performed once: a second run finds nothing to do, and asks nobody", async () => {
      await world.propose(requests(wipe("wipe-0", "PHONE0")));
      await world.merge();

      const first = await world.up();
      const second = await world.up();

      expect([first.code, second.code]).toEqual([0, 0]);
      expect(first.text).toContain("1 device loses all data");
      expect(second.text).toContain("nothing would be done");
      expect(second.text).not.toContain("actions/download-artifact");
      expect(sent()).toEqual(["wipe PHONE0"]);
    });

    test("a device that was enrolled anew after the approval is held, and the rest is done", async () => {
      await world.propose(requests(wipe("wipe-0", "PHONE0"), wipe("wipe-1", "PHONE1"), sync("sync-2", "PHONE2")));
      await world.merge();
      await world.between(reenrol("PHONE1"));

      const run = await world.up();

      expect(run.code).toBe(0);
      expect(run.text).toMatch(/pending: what would be sent differs from the review of .*: enrolled: /);
      expect(sent()).toEqual(["wipe PHONE0", "syncDevice PHONE2"]);
    });

    test("a review that was changed after the approval is none: nothing is sent", async () => {
      await world.between(`sed -i 's/PHONE1/PHONE9/' "${world.artifact("review-prod")}"`);

      const run = await world.up();

      expect(run.code).toBe(1);
      expect(run.text).toContain("is no review");
      expect(sent()).toEqual(["wipe PHONE0", "syncDevice PHONE2"]);
    });

    test("two runs at once do it once", async () => {
      await world.between("true");

      const runs = await Promise.all([world.up(), world.up()]);

      expect(runs.map(({ code }) => code)).toContain(0);
      expect(sent().filter((call) => call === "wipe PHONE1")).toHaveLength(1);
    });

    test("a schedule starts nothing", async () => {
      await world.propose(requests(wipe("wipe-0", "PHONE0"), wipe("wipe-1", "PHONE1"), sync("sync-2", "PHONE2"), wipe("wipe-3", "PHONE3")));
      await world.merge();
      const before = sent();

      const run = await world.follow();

      expect(run.code).toBe(0);
      expect(run.text).toContain("followOnly is set: wipe is not started");
      expect(sent()).toEqual(before);
    });
  });

  test("four shards, each a stack of its own, share one ledger: each device is wiped once", async () => {
    const shards = Object.fromEntries([1, 2, 3, 4].map((index) => [`prod-${index}`, { ...config("four"), shard: `${index}/4` }]));
    const world = await WorkflowWorld.create(shards, inJobs());
    const before = sent().length;
    await world.propose(requests(...NAMES.slice(4, 10).map((serial, index) => wipe(`shard-${index}`, serial))));
    await world.merge();

    const run = await world.up();
    await world.remove();

    expect(run.code).toBe(0);
    expect(sent().slice(before).sort()).toEqual(NAMES.slice(4, 10).map((serial) => `wipe ${serial}`));
  });
});

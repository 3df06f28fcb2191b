import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { type Emulator, startEmulator } from "../../emulator/graph/start-emulator.ts";
import type { Review } from "../../review/review.ts";
import { parseReview, renderReview } from "../../review/review-text.ts";
import { PulumiProject } from "../support/pulumi-project.ts";

const CODE = "4K7Q1-P9D0M-3TXY-Z8HW-EV5J-C2NA";
const DEVICES = [
  { serialNumber: "IPAD1", operatingSystem: "iPadOS", osVersion: "18.1", model: "iPad", activationLockBypassCode: CODE },
  { serialNumber: "PHONE1", operatingSystem: "Android", osVersion: "15" },
  { serialNumber: "PHONE2", operatingSystem: "Android", osVersion: "15" },
];

const wipe = (name: string, serial: string) =>
  `  - name: ${name}\n    device: { serialNumber: ${serial} }\n    reason: Returned\n    steps: [wipe]\n    expires: 2099-12-31\n    acknowledge: [dataLoss]\n`;
const unlock = `  - name: unlock-ipad\n    device: { serialNumber: IPAD1 }\n    reason: Returned\n    playbook: unlock-and-wipe\n    expires: 2099-12-31\n    acknowledge: [dataLoss, physicalPossession]\n`;
const sync = "  - name: sync-two\n    device: { serialNumber: PHONE2 }\n    reason: Lost sight of it\n    steps: [syncDevice]\n";

describe("what was reviewed is what is performed", () => {
  let emulator: Emulator;
  let project: PulumiProject;
  let file: string;

  beforeEach(async () => {
    emulator = await startEmulator({ checkInDelayMs: 50, devices: DEVICES });
    project = await PulumiProject.create({ graphEndpoint: emulator.url });
    file = path.join(project.folder, "review.json");
    await write(unlock, wipe("wipe-one", "PHONE1"), sync);
  });

  afterEach(async () => {
    await project?.remove();
    await emulator?.close();
  });

  const write = (...requests: readonly string[]) => project.write("requests/a.yaml", `requests:\n${requests.join("")}`);
  const preview = (...args: readonly string[]) => project.npmRun("preview", ["--save-review", file, ...args]);
  const up = (...args: readonly string[]) => project.npmRun("up", ["--yes", "--skip-preview", "--parallel", "1", ...args]);
  const saved = async (): Promise<Review> => parseReview(await readFile(file, "utf8"), file);
  const sent = () => emulator.actionCalls.map(({ action, serialNumber }) => `${action} ${serialNumber}`);
  const outcomes = async () => Object.fromEntries([...(await project.resources())].map(([name, { outputs }]) => [name, outputs.outcome]));
  const finished = async (name: string) => (await project.resources()).get(name)?.outputs.conditions[0];

  test("a preview saves what a reviewer must know, without the code; up performs it, and a second up nothing more", async () => {
    const run = await preview("--review-commit", "0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c");

    expect(run).toMatchObject({ code: 0 });
    const text = await readFile(file, "utf8");
    const review = await saved();
    expect(review).toMatchObject({
      stack: project.stack,
      commit: "0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c",
      graph: "double",
      tenant: null,
      guards: { requireReview: false, maxDestructive: { limit: 5, used: 0 } },
      refusals: [],
    });
    expect(review.requests.map(({ name, next }) => [name, next.text])).toEqual([
      ["sync-two", "sends syncDevice"],
      ["unlock-ipad", expect.stringMatching(/^WIPES: first escrows the bypass code/)],
      ["wipe-one", "WIPES"],
    ]);
    expect(text).not.toContain(CODE);

    expect(await up("--reviewed", file)).toMatchObject({ code: 0 });
    expect(sent().sort()).toEqual(["bypassActivationLock IPAD1", "syncDevice PHONE2", "wipe IPAD1", "wipe PHONE1"]);
    expect(await up("--reviewed", file)).toMatchObject({ code: 0 });
    expect(sent()).toHaveLength(4);
  });

  test("what is not in the review, and a device that was enrolled anew since, are held; the rest goes on", async () => {
    await write(unlock, wipe("wipe-one", "PHONE1"));
    await preview();
    await write(
      unlock,
      wipe("wipe-one", "PHONE1"),
      wipe("wipe-two", "PHONE2"),
      sync.replace("sync-two", "sync-one").replace("PHONE2", "PHONE1"),
    );
    emulator.reenrol("IPAD1", { keepId: true });

    const first = await project.npmRun("preview", ["--reviewed", file]);
    const run = await up("--reviewed", file);

    expect(first.text).toMatch(/held: what would be sent differs from the review of .*: enrolled: \S+ → \S+/);
    expect(run).toMatchObject({ code: 0 });
    expect(await outcomes()).toEqual({ "unlock-ipad": "pending", "wipe-one": "succeeded", "wipe-two": "pending", "sync-one": "succeeded" });
    expect(await finished("unlock-ipad")).toMatchObject({
      type: "Finished",
      status: "False",
      reason: "NotReviewed",
      message: expect.stringMatching(/enrolled: /),
    });
    expect(await finished("wipe-two")).toMatchObject({
      reason: "NotReviewed",
      message: expect.stringMatching(/^wipe-two#1 is not in the review of /),
    });
    expect(sent().sort()).toEqual(["syncDevice PHONE1", "wipe PHONE1"]);
  });

  test("requireReview holds a run without a review; a preview shows what a reviewed one does", async () => {
    await project.configure({ graphEndpoint: emulator.url, requireReview: true });

    const shown = await preview();
    const held = await up();
    const heldOutcomes = await outcomes();
    const performed = await up("--reviewed", file);

    expect(shown.text).toMatch(/requireReview is set: up destroys and escrows only what stands in an approved review/);
    expect((await saved()).requests.map(({ next }) => next.kind)).toEqual(["acts", "acts", "acts"]);
    expect(held).toMatchObject({ code: 0 });
    expect(heldOutcomes).toEqual({ "unlock-ipad": "pending", "wipe-one": "pending", "sync-two": "succeeded" });
    expect(performed).toMatchObject({ code: 0 });
    expect(sent().slice(1).sort()).toEqual(["bypassActivationLock IPAD1", "wipe IPAD1", "wipe PHONE1"]);
  });

  test("a review that was changed by one byte, or of another stack, refuses the run", async () => {
    await preview();
    const text = await readFile(file, "utf8");
    const review = await saved();

    await writeFile(file, text.replace("PHONE1", "PHONE2"));
    const damaged = await up("--reviewed", file);
    await writeFile(file, renderReview({ ...review, stack: "another" }));
    const other = await up("--reviewed", file);
    await writeFile(file, text);
    const hash = await up("--reviewed", file, "--reviewed-sha256", "0".repeat(64));

    expect(damaged).toMatchObject({
      code: 2,
      text: expect.stringMatching(/is no review: what stands in it is not what its seal was made over; nothing was sent/),
    });
    expect(other).toMatchObject({ code: 2, text: expect.stringMatching(/is of stack another, and this run is of .*; nothing was sent/) });
    expect(hash).toMatchObject({
      code: 2,
      text: expect.stringMatching(/the SHA-256 of .* is [0-9a-f]{64}, and not 0{64}; nothing was sent/),
    });
    expect(sent()).toEqual([]);
  });

  test("the process that sends reads the review itself: one that was swapped after the program looked at it sends nothing", async () => {
    await preview();
    const review = await saved();
    // The first write of a run comes from the process that sends, or the reads of the devices
    // before it: both after the program has read the file.
    const ignore = emulator.on("answered", () => void writeFile(file, renderReview({ ...review, commit: "abc" })));

    const run = await up("--reviewed", file);

    ignore();
    expect(run.code).not.toBe(0);
    expect(run.text).toMatch(/is not the review that this run was started with: its SHA-256 is another one; nothing was sent/);
    expect(sent()).toEqual([]);
  });

  test("a preview that is refused saves why, and takes away what an older one said", async () => {
    await preview();
    await write(wipe("wipe-one", "PHONE1"), wipe("wipe-none", "NOWHERE"));

    const run = await preview();

    expect(run).toMatchObject({ code: 1 });
    expect(await saved()).toMatchObject({
      requests: [],
      refusals: [
        {
          code: "DLR301",
          file: expect.stringMatching(/a\.yaml$/),
          line: 9,
          message: expect.stringContaining("no device in Intune has serialNumber NOWHERE"),
        },
      ],
    });
  });
});

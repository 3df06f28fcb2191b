import { access } from "node:fs/promises";
import path from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from "@jest/globals";
import { type Emulator, startEmulator } from "../../emulator/graph/start-emulator.ts";
import { type Azurite, startAzurite } from "../support/azurite.ts";
import { ensureRunner, WorkflowWorld } from "./workflow-world.ts";

/** Several runs of the real engine, one after another: this only ends what hangs. */
jest.setTimeout(600_000);

const PHONE = { operatingSystem: "Android", osVersion: "15" };
const NAMES = Array.from({ length: 6 }, (_, index) => `PHONE${index}`);
const wipe = (name: string, serial: string, ticket = "INC-4711") =>
  `  - name: ${name}\n    device: { serialNumber: ${serial} }\n    reason: Returned\n    ticket: "${ticket}"\n    steps: [wipe]\n    expires: 2099-12-31\n    acknowledge: [dataLoss]\n`;
const sync = (name: string, serial: string) =>
  `  - name: ${name}\n    device: { serialNumber: ${serial} }\n    reason: Lost sight of it\n    steps: [syncDevice]\n`;
const requests = (...all: readonly string[]) => ({ "devices/requests/leavers.yaml": `requests:\n${all.join("")}` });

/**
 * The workflows as they are, on a runner that is act. GitHub's own actions are stood in for;
 * everything else, from the checkout to the comment, is real.
 */
describe("the workflows, run by act", () => {
  let emulator: Emulator;
  let azurite: Azurite;
  let world: WorkflowWorld;

  beforeAll(async () => {
    await ensureRunner();
    azurite = await startAzurite();
  }, 1_800_000);
  beforeEach(async () => {
    const phones = NAMES.map((serialNumber) => ({ ...PHONE, serialNumber }));
    const slow = (serialNumber: string, results = {}) => ({ ...PHONE, serialNumber, "x-emulator": { checkInDelayMs: 3_600_000, results } });
    const devices = [...phones, slow("SLOW"), slow("BROKEN", { wipe: "failed" })];
    emulator = await startEmulator({ checkInDelayMs: 50, devices });
  });
  afterEach(async () => {
    await world?.remove();
    await emulator.close();
  });
  afterAll(() => azurite?.stop());

  let worlds = 0;

  /** Stacks of one ledger, with what they say besides. */
  async function worldOf(stacks: Readonly<Record<string, object>>): Promise<void> {
    const ledger = `${azurite.account}/world-${++worlds}`;
    const common = { graphEndpoint: emulator.url, ledger, maxDestructive: 50, requireReview: true, wait: "3s" };
    const all = Object.fromEntries(Object.entries(stacks).map(([name, own]) => [name, { ...common, ...own }]));
    world = await WorkflowWorld.create(all, { AZURE_STORAGE_CONNECTION_STRING: azurite.connectionString().reveal() });
  }

  const sent = () => emulator.actionCalls.map(({ action, serialNumber }) => `${action} ${serialNumber}`);
  const comment = () => world.github.comments.at(-1)?.body ?? "";
  const isThere = (file: string) =>
    access(file).then(
      () => true,
      () => false,
    );

  async function merged(...all: readonly string[]): Promise<string> {
    await world.propose(requests(...all));
    return world.merge();
  }

  describe("a pull request", () => {
    beforeEach(() => worldOf({ prod: {} }));

    test("is validated and previewed, as a comment and labels; nothing is sent", async () => {
      const head = await world.propose(requests(wipe("wipe-0", "PHONE0")));

      const [validated, previewed] = [await world.validate(), await world.preview(head)];

      expect([validated.code, previewed.code, previewed.text]).toEqual([0, 0, expect.stringContaining("a comment was made")]);
      expect(comment()).toContain(`head=${head}`);
      expect(comment()).toContain("1 device loses all data");
      expect([...world.github.labels]).toEqual(["device-lifecycle/destructive"]);
      expect(sent()).toEqual([]);
    });

    test("of a fork gets no preview: no step is run for it", async () => {
      const head = await world.propose(requests(wipe("wipe-0", "PHONE0")));

      const run = await world.preview(head, "mallory/devices");

      expect([run.code, run.text]).toEqual([0, expect.not.stringContaining("Run Main")]);
      expect([world.github.calls, emulator.requests]).toEqual([[], []]);
    });

    test("with a mistake is told it at its line, by both", async () => {
      const head = await world.propose(requests(wipe("wipe-0", "PHONE0").replace("[wipe]", "[wype]")));

      const [validated, previewed] = [await world.validate(), await world.preview(head)];

      expect([validated.code, previewed.code]).toEqual([1, 1]);
      expect(validated.text).toMatch(/::error .*file=devices\/requests\/leavers\.yaml,line=6\b.*wype/);
      expect(comment()).toContain("refused: 1 mistake, and nothing would be done");
      expect(comment()).toContain("`devices/requests/leavers.yaml:6`");
    });

    test.each([
      ["the workflow", ".github/workflows/up.yml", "on: push\n"],
      ["what the workflows share", ".github/actions/set-up/action.yml", "runs: {}\n"],
      ["package.json", "package.json", "{}\n"],
      ["the lock file", "package-lock.json", "{}\n"],
      ["the stack's configuration", "Pulumi.prod.yaml", "config: {}\n"],
      ["recipients", "escrow/recipients.txt", "age1evil\n"],
    ])("that changes %s beside a request gets no preview: the comment says why", async (_, file, text) => {
      const head = await world.propose({ ...requests(wipe("wipe-evil", "PHONE1")), [file]: text });

      const run = await world.preview(head);

      expect(run.code).toBe(1);
      expect(run.text).not.toContain("Previewing update");
      expect(comment()).toContain("refused: 1 mistake, and nothing would be done");
      expect(comment()).toContain(`\`${file}\``);
      expect([...world.github.labels]).toEqual(["device-lifecycle/blocked"]);
    });

    test("that brings code has none of it run beside an identity, be there a request or not", async () => {
      const ran = path.join(world.folder, "ran");
      const code = { "cli/dlr.js": `import { writeFileSync } from "node:fs";\nwriteFileSync(${JSON.stringify(ran)}, "");\n` };
      const beside = await world.preview(await world.propose({ ...requests(wipe("wipe-evil", "PHONE1")), ...code }));
      const alone = await world.preview(await world.propose(code));
      const ranInPreviews = await isThere(ran);

      const validated = await world.validate();

      expect([beside.code, alone.code, validated.code]).toEqual([1, 0, 0]);
      expect(ranInPreviews).toBe(false);
      // Where there is nothing to steal it is run: the test would see it.
      expect(await isThere(ran)).toBe(true);
      expect(world.github.comments).toHaveLength(1);
    });

    test("that moved on gets a new preview in the same comment, and none of what it was", async () => {
      const older = await world.propose(requests(wipe("wipe-0", "PHONE0")));
      await world.preview(older);
      const newer = await world.propose(requests(sync("sync-0", "PHONE0")));

      const late = await world.preview(older);
      const outdated = comment();
      const run = await world.preview(newer);

      expect([late.code, late.text]).toEqual([1, expect.stringContaining("the pull request is at")]);
      expect(outdated).toContain("**Outdated:**");
      expect(run.code).toBe(0);
      expect(world.github.comments).toHaveLength(1);
      expect(comment()).toContain("1 is acted on without losing data");
      expect([...world.github.labels]).toEqual([]);
    });
  });

  describe("what was merged", () => {
    beforeEach(() => worldOf({ prod: {} }));

    test("is performed once: a second run finds nothing to do, and asks nobody", async () => {
      await merged(wipe("wipe-0", "PHONE0"));

      const [first, second] = [await world.up(), await world.up()];

      expect([first.code, second.code]).toEqual([0, 0]);
      expect(first.text).toContain("1 device loses all data");
      expect(second.text).toContain("nothing would be done");
      expect(second.text).not.toContain("actions/download-artifact");
      expect(sent()).toEqual(["wipe PHONE0"]);
    });

    test("is held for a device that was enrolled anew after the approval; the rest is done, and the next review has it", async () => {
      await merged(wipe("wipe-1", "PHONE1"), sync("sync-2", "PHONE2"));
      const again = `fetch("${emulator.url}/_emulator/devices/PHONE1/reenrol", { method: "POST", body: JSON.stringify({ keepId: true }) })`;
      await world.between(`node -e '${again}'`);

      const held = await world.up();
      const atFirst = sent();
      await world.between("true");
      const next = await world.up();

      expect([held.code, next.code]).toEqual([0, 0]);
      expect(held.text).toMatch(/pending +wipe-1 [\s\S]*what would be sent differs from the review of [\s\S]*enrolled: /);
      expect(atFirst).toEqual(["syncDevice PHONE2"]);
      expect(sent()).toEqual(["syncDevice PHONE2", "wipe PHONE1"]);
    });

    /** Whoever can write the file can seal it: it is another one all the same. */
    const FORGE = `import { readFileSync, writeFileSync } from "node:fs";
      import { parseReview, renderReview } from "./review/review-text.ts";
      const [file] = process.argv.slice(1);
      const review = parseReview(readFileSync(file, "utf8"), file);
      writeFileSync(file, renderReview({ ...review, at: new Date(Date.parse(review.at) - 1_000).toISOString() }));`;

    test.each([
      ["that was changed", "sed -i 's/PHONE1/PHONE9/'", "is no review"],
      ["that another took the place of", `node --input-type=module -e '${FORGE}'`, "error: the SHA-256 of"],
      ["that is not there", "rm", "No such file"],
    ])("is not performed by a review %s after the approval", async (_, command, said) => {
      await merged(wipe("wipe-1", "PHONE1"));
      await world.between(`${command} "${world.artifact("review-prod")}"`);

      const run = await world.up();

      expect([run.code, run.text]).toEqual([1, expect.stringContaining(said)]);
      expect(sent()).toEqual([]);
    });

    test("by two pushes is performed once, though GitHub would run both at once; what the one held back the next does", async () => {
      const first = await merged(wipe("wipe-0", "PHONE0"));
      const second = await merged(wipe("wipe-0", "PHONE0"), wipe("wipe-1", "PHONE1"));

      const runs = await Promise.all([world.up(first), world.up(second)]);
      const last = await world.up();

      expect(runs.map(({ code }) => code)).toContain(0);
      expect(last.code).toBe(0);
      expect(sent().toSorted()).toEqual(["wipe PHONE0", "wipe PHONE1"]);
    });
  });

  test("with the rule of two persons: what its author approved alone is not done, and what somebody else approved is", async () => {
    await worldOf({ prod: {} });
    await world.policies({ expiry: "disabled", "two-persons": { isOn: true } });
    const { people } = world.github;
    people.pulls.set(17, [{ author: "anna", committer: "web-flow" }]);
    await merged(wipe("wipe-0", "PHONE0"));
    const approve = (user: string) => people.approvals.push({ user, state: "approved", environment: "production" });

    approve("Anna");
    const alone = await world.up();
    const atFirst = sent();
    people.approvals.length = 0;
    approve("ben");
    const other = await world.up();

    expect([alone.code, other.code]).toEqual([1, 0]);
    expect(alone.text).toContain("wipe-0 was approved by its author alone: anna");
    expect(alone.text).toContain("written by");
    expect([atFirst, sent()]).toEqual([[], ["wipe PHONE0"]]);
  });

  describe("each hour", () => {
    beforeEach(() => worldOf({ prod: {} }));

    test("what is pending comes to its end, and the pull request and the issue that it came from hear of it, once", async () => {
      world.github.issues.add(12);
      await merged(wipe("wipe-0", "PHONE0"), wipe("wipe-slow", "SLOW", "#12"), wipe("wipe-broken", "BROKEN"));
      const up = await world.up();

      const early = await world.follow();
      const toldEarly = world.github.comments.map(({ on, body }) => [on, body.split("\n")[1]]);
      for (const serial of ["SLOW", "BROKEN"]) emulator.checkIn(serial);
      const late = await world.follow();
      const again = await world.follow();

      // The run in which one fails is red, and tells of both all the same.
      expect([up, early, late, again].map(({ code }) => code)).toEqual([0, 0, 1, 0]);
      expect(toldEarly).toEqual([[17, "**1 request has ended: 1 done.**"]]);
      expect(world.github.comments.slice(1).map(({ on, author, body }) => [on, author, body.split("\n")[1]])).toEqual([
        [17, "github-actions[bot]", "**2 requests have ended: 1 failed and 1 done.**"],
        [12, "github-actions[bot]", "**1 request has ended: 1 done.**"],
      ]);
      expect(comment()).toContain("| `wipe-slow` | `SLOW` | done |");
      expect(again.text).toContain("#17: knows it already");
      expect(sent().toSorted()).toEqual(["wipe BROKEN", "wipe PHONE0", "wipe SLOW"]);
    });

    test("nothing is started, and a stack that a run holds is left alone", async () => {
      await merged(sync("sync-0", "PHONE0"));
      await world.up();
      await merged(sync("sync-0", "PHONE0"), wipe("wipe-1", "PHONE1"));

      const run = await world.follow();
      const unlock = await world.lock("prod");
      const locked = await world.follow();
      await unlock();

      expect([run.code, run.text]).toEqual([0, expect.stringContaining("followOnly is set: wipe is not started")]);
      expect([locked.code, locked.text]).toEqual([1, expect.stringContaining("the stack is locked")]);
      expect(sent()).toEqual(["syncDevice PHONE0"]);
    });
  });

  test("four shards, each a stack of its own, share one ledger: each device is wiped once, each end is told once", async () => {
    await worldOf(Object.fromEntries([1, 2, 3, 4].map((index) => [`prod-${index}`, { shard: `${index}/4` }])));
    await merged(...NAMES.map((serial, index) => wipe(`shard-${index}`, serial)));

    const up = await world.up();
    const follow = await world.follow();

    expect([up.code, follow.code]).toEqual([0, 0]);
    expect(sent().toSorted()).toEqual(NAMES.map((serial) => `wipe ${serial}`));
    expect(world.github.comments.map(({ on, body }) => [on, body.split("\n")[1]])).toEqual([[17, "**6 requests have ended: 6 done.**"]]);
  });
});

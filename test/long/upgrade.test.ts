import { execFileSync } from "node:child_process";
import { mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { type Emulator, startEmulator } from "../../emulator/graph/start-emulator.ts";
import { PulumiProject, type PulumiRun } from "../support/pulumi-project.ts";
import { LEFT, outcomesOf, STORY_CONFIG, STORY_DEVICES, STORY_EMULATOR, sentFor, serialOf, upOfRelease } from "../support/release-story.ts";

/** Release 0.1.0, the one that test/fixtures/last-release is of. */
const RELEASE = "b44aefc";
const ROOT = path.resolve(import.meta.dirname, "../..");
const git = (...args: readonly string[]) => execFileSync("git", args, { cwd: ROOT, stdio: ["ignore", "pipe", "ignore"], maxBuffer: 1e9 });

function hasRelease(): boolean {
  try {
    git("cat-file", "-e", `${RELEASE}^{commit}`);
    return true;
  } catch {
    return false;
  }
}

const found = hasRelease();
const title = found ? "" : `: left out, git does not have commit ${RELEASE} here (git fetch --unshallow gets it)`;

/**
 * One story, told in order: an `up` by the code of the last release, then by this one, on the same
 * devices.
 */
(found ? describe : describe.skip)(`the last release, then this one${title}`, () => {
  let checkout: string;
  let emulator: Emulator;
  let project: PulumiProject;
  let first: PulumiRun;

  beforeAll(async () => {
    checkout = await checkOut();
    emulator = await startEmulator({ devices: STORY_DEVICES, ...STORY_EMULATOR });
    const config = { ...STORY_CONFIG, graphEndpoint: emulator.url };
    const old = await PulumiProject.create(config, checkout);
    first = await upOfRelease(old, emulator);
    // A device counts as gone after a second look, for which a busy machine needs time.
    project = await old.withThisProgram({ ...config, wait: "30s" });
  });

  afterAll(async () => {
    await project?.remove();
    await emulator?.close();
    if (checkout !== undefined) await rm(checkout, { recursive: true, force: true });
  });

  const onLedger = (name: string, ...args: readonly string[]) =>
    project.command(name, [...args, "--ledger", `file:${path.join(project.folder, "ledger")}`]);

  async function checkOut(): Promise<string> {
    const folder = await mkdtemp(path.join(tmpdir(), "device-lifecycle-release-"));
    await writeFile(path.join(folder, "release.tar"), git("archive", RELEASE));
    execFileSync("tar", ["-xf", "release.tar"], { cwd: folder });
    await symlink(path.join(ROOT, "node_modules"), path.join(folder, "node_modules"));
    return folder;
  }

  test("the old code leaves a request in each state", async () => {
    // The words of that release.
    expect(first.text).toContain("npm run settle -- unsure");
    expect(await outcomesOf(project)).toEqual(LEFT);
  });

  test("this one goes on: nothing that was sent is sent again", async () => {
    const since = emulator.requests.length;
    emulator.remove(serialOf("gone"));
    emulator.checkIn(serialOf("reporting"));

    // Older ledgers have no brake, and a missing one counts as set.
    const resumed = await onLedger("resume");
    await project.up();

    expect(resumed).toMatchObject({ code: 0 });
    expect(sentFor(emulator, since)).toEqual(["reporting syncDevice"]);
    expect(await outcomesOf(project)).toEqual({ ...LEFT, gone: "succeeded", reporting: "succeeded" });
  });

  test("and ends what is approved and settled since, each device erased once at most", async () => {
    const since = emulator.requests.length;
    emulator.decideApproval(emulator.approvals[0]?.id ?? "", "approve");
    const settled = await onLedger("settle", "unsure", "--not-taken", "--why", "the iPad was in my hand", "--yes");

    const up = await project.up();

    expect([settled.code, up.code]).toEqual([0, 0]);
    expect(sentFor(emulator, since)).toEqual(["asked retire", "unsure wipe"]);
    expect(emulator.device(serialOf("wiped")).erased).toBe(1);
    expect(emulator.device(serialOf("unsure")).erased).toBe(1);
    expect(emulator.device(serialOf("refused")).erased).toBe(0);
  });

  test("sends nothing more when its state is lost: the ledger of both knows", async () => {
    const outcomes = await outcomesOf(project);
    const since = emulator.requests.length;
    await project.initStack();

    const up = await project.up();

    expect(up).toMatchObject({ code: 0 });
    expect(sentFor(emulator, since)).toEqual([]);
    expect(await outcomesOf(project)).toEqual(outcomes);
  });

  test("opens what the old code put into escrow", async () => {
    const reference = String((await project.resources()).get("wiped")?.outputs.bypassCode?.reference);

    const revealed = await project.command("reveal", [reference]);

    expect(revealed).toMatchObject({ code: 0, text: expect.stringContaining(serialOf("wiped")) });
  });
});

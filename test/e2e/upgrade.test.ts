import { mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { type Emulator, startEmulator } from "../../emulator/graph/start-emulator.ts";
import { PulumiProject } from "../support/pulumi-project.ts";

const FIXTURE = path.resolve(import.meta.dirname, "../fixtures/last-release");
const SERIALS = ["DMPDONE", "DMPWAITING", "DMPDOUBTFUL", "DMPREFUSED", "DMPLATE"];

/**
 * One story, told in order: state and ledger were left behind by the release before this one, and
 * today's code goes on.
 */
describe("what the last release left behind", () => {
  let emulator: Emulator;
  let project: PulumiProject;
  let ledger: string;

  beforeAll(async () => {
    const devices = SERIALS.map((serialNumber) => ({ serialNumber, operatingSystem: "iPadOS", isSupervised: true }));
    emulator = await startEmulator({ devices, checkInDelayMs: 100 });
    project = await PulumiProject.create({ graphEndpoint: emulator.url, wait: "2s" });
    ledger = path.join(project.folder, "ledger");
    const state = await readFile(path.join(FIXTURE, "state.json"), "utf8");
    await writeFile(project.stateFile, state.replaceAll("STACK", project.stack).replaceAll("FOLDER", project.folder));
    await mkdir(ledger, { mode: 0o700 });
    await writeFile(path.join(ledger, "ledger.jsonl"), await readFile(path.join(FIXTURE, "ledger.jsonl")), { mode: 0o600 });
    await project.write("requests/a.yaml", await readFile(path.join(FIXTURE, "requests.yaml"), "utf8"));
  });

  afterAll(async () => {
    await project?.remove();
    await emulator?.close();
  });

  const sent = () => emulator.actionCalls.map(({ action, serialNumber }) => `${action} ${serialNumber}`);
  const outcomes = async () => Object.fromEntries([...(await project.resources())].map(([name, { outputs }]) => [name, outputs.outcome]));
  const command = (name: string, ...args: string[]) => project.command(name, [...args, "--ledger", `file:${ledger}`]);
  const LEFT = { done: "succeeded", waiting: "pending", doubtful: "ambiguous", refused: "failed", late: "expired" };

  const TAKEN_OVER = "was in use before it said whose devices it is about: from this up on it is of a double of Graph on this machine";

  test("is what it says: each request stands another way, in state and in a ledger of format 1", async () => {
    const [first = ""] = (await readFile(path.join(ledger, "ledger.jsonl"), "utf8")).split("\n");

    expect(await outcomes()).toEqual(LEFT);
    expect(JSON.parse(first)).toMatchObject({ record: { kind: "created", version: 1 } });
  });

  test("is refused to a run against Microsoft: it was done on a double, though no record of that release says so", async () => {
    await project.configure({ wait: "2s" });

    const { code, text } = await project.run(["preview"], { GRAPH_ACCESS_TOKEN: "of-nobody" });

    await project.configure({ graphEndpoint: emulator.url, wait: "2s" });
    expect(code).not.toBe(0);
    expect(text).toMatch(
      /the ledger in file:\S+ is of a double of Graph on this machine, and this run is of https:\/\/graph\.microsoft\.com/,
    );
  });

  test("is understood by the preview: what is finished stays, what is open is told", async () => {
    const { code, text } = await project.preview();

    expect(code).toBe(0);
    expect(text).toContain("follows: Graph took wipe, and the device has not reported yet");
    expect(text).toContain("nothing until it is settled: nobody can tell whether wipe was taken");
    expect(text).toMatch(/3 unchanged|4 unchanged/);
    expect(text).not.toContain("WIPES");
    expect(text).toContain(TAKEN_OVER);
  });

  test("is gone on with by up, which sends nothing of it again", async () => {
    const { text } = await project.up();
    const again = await project.up();

    expect(sent()).toEqual([]);
    expect(await outcomes()).toEqual(LEFT);
    expect(text).toContain(TAKEN_OVER);
    expect(again.text).not.toContain("was in use before");
    expect(text).toContain("ambiguous: nobody can tell whether wipe was taken");
  });

  test("has no brake, as older ledgers had none: that counts as set, and one command ends it", async () => {
    await command("settle", "doubtful", "--not-taken", "--why", "still set up", "--yes");
    const held = await project.up();
    const before = sent();
    await command("resume");
    await project.up();

    expect(held.text).toMatch(/brake .* is missing, which counts as set/);
    expect(held.text).toContain("./dlr resume --ledger");
    expect(before).toEqual([]);
    expect(sent()).toEqual(["wipe DMPDOUBTFUL"]);
    expect(await outcomes()).toEqual({ ...LEFT, doubtful: "succeeded" });
  });

  test("stays one ledger, sound from its first line to the last", async () => {
    const verified = await command("ledger", "verify");
    const shown = await command("ledger", "show", "doubtful");

    expect(verified).toMatchObject({ code: 0, text: expect.stringContaining("every line of the ledger") });
    expect(shown.text).toContain("settled as not-taken");
    expect(shown.text).toContain("doubtful#1: succeeded");
  });

  test("keeps today's code out of state: the provider is named by its path", async () => {
    const state = await readFile(project.stateFile, "utf8");

    expect(state).toContain('require(\\"./providers/pulumi/provider.ts\\")');
  });
});

import { chmod, copyFile, cp, readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { type Emulator, startEmulator } from "../../emulator/start-emulator.ts";
import { IDENTITY, STACK } from "../fixtures/last-release/names.ts";
import { PulumiProject, type PulumiRun, type StackResource } from "../support/pulumi-project.ts";
import {
  AT_REST,
  askAgain,
  devicesAfterwards,
  LEFT,
  outcomesOf,
  STORY_CODES,
  STORY_CONFIG,
  STORY_EMULATOR,
  STORY_REQUESTS,
  sentFor,
} from "../support/release-story.ts";
import { filesWith, leaksIn } from "../support/secrets.ts";

const FIXTURE = path.resolve(import.meta.dirname, "../fixtures/last-release");

/** What the engine writes only when a resource changes. */
const kept = (resource: StackResource | undefined) => [resource?.modified, resource?.outputs];

/** One story, told in order: an `up` of the last release, which is kept as files, and the runs of this one after it. */
describe("a stack that the last release left", () => {
  let emulator: Emulator;
  let project: PulumiProject;
  let imported: PulumiRun;
  let before: ReadonlyMap<string, StackResource>;
  let approval: string;
  let start: number;

  beforeAll(async () => {
    emulator = await startEmulator({ devices: devicesAfterwards(), ...STORY_EMULATOR });
    project = await PulumiProject.create({ ...STORY_CONFIG, graphEndpoint: emulator.url });
    await project.write("requests/a.yaml", STORY_REQUESTS);
    await placeStores();
    await project.write("state.json", (await readFile(path.join(FIXTURE, "state.json"), "utf8")).replaceAll(STACK, project.stack));
    imported = await project.run(["stack", "import", "--file", path.join(project.folder, "state.json")]);
    before = await project.resources();
    approval = await askAgain(emulator);
    start = emulator.requests.length;
  });

  afterAll(async () => {
    await project?.remove();
    await emulator?.close();
  });

  /** Git keeps no rights but that to execute: the stores get those that they were made with. */
  async function placeStores(): Promise<void> {
    for (const store of ["ledger", "escrow"]) {
      await cp(path.join(FIXTURE, store), path.join(project.folder, store), { recursive: true });
      await chmod(path.join(project.folder, store), 0o700);
    }
    await copyFile(path.join(FIXTURE, IDENTITY), path.join(project.folder, "escrow/emulator-identity.txt"));
    for (const file of await filesOf("ledger", "escrow")) await chmod(file, 0o600);
  }

  async function filesOf(...stores: readonly string[]): Promise<readonly string[]> {
    const lists = await Promise.all(
      stores.map(async (store) => (await readdir(path.join(project.folder, store))).map((name) => path.join(project.folder, store, name))),
    );
    return lists.flat();
  }

  function settle(): Promise<PulumiRun> {
    const ledger = ["--ledger", `file:${path.join(project.folder, "ledger")}`];
    return project.command("settle", ["unsure", "--not-taken", "--why", "the iPad was in my hand", "--yes", ...ledger]);
  }

  test("is kept with a resource for each request, whose provider is this release's, and with no code in clear", async () => {
    const outcomes = await outcomesOf(project);
    const providers = new Set([...before.values()].map(({ inputs }) => inputs.__provider));

    expect(imported).toMatchObject({ code: 0 });
    expect(outcomes).toEqual(LEFT);
    expect([...providers]).toEqual(['exports.handler=()=>require("./providers/pulumi/provider.ts")']);
    expect(await filesWith(FIXTURE, STORY_CODES)).toEqual([]);
  });

  test("is previewed: nothing is sent, and what is at rest is no change", async () => {
    const preview = await project.preview();

    expect(preview).toMatchObject({ code: 0 });
    expect(preview.text).toMatch(/~ 4 to update/);
    expect(preview.text).not.toMatch(/to create|to delete|to replace/);
    expect(sentFor(emulator, start)).toEqual([]);
  });

  test("goes on: only steps that were not sent are sent, and what is at rest stays as it is", async () => {
    const up = await project.up();

    const after = await project.resources();
    expect(sentFor(emulator, start)).toEqual(["reporting syncDevice"]);
    expect(await outcomesOf(project)).toEqual({ ...LEFT, gone: "succeeded", reporting: "succeeded" });
    for (const name of AT_REST) expect(kept(after.get(name))).toEqual(kept(before.get(name)));
    expect(up.text).toContain("npm run settle -- unsure");
  });

  test("goes on with what is approved or settled since, once", async () => {
    emulator.decideApproval(approval, "approve");
    const settled = await settle();
    const since = emulator.requests.length;
    const up = await project.up();
    const sent = sentFor(emulator, since);

    const again = await project.up();

    expect(settled).toMatchObject({ code: 0 });
    expect([up.code, again.code]).toEqual([0, 0]);
    expect(sent).toEqual(["asked retire", "unsure wipe"]);
    expect(sentFor(emulator, since)).toEqual(sent);
    expect(await outcomesOf(project)).toEqual({
      ...LEFT,
      gone: "succeeded",
      reporting: "succeeded",
      unsure: "succeeded",
      asked: "succeeded",
    });
  });

  test("wipes nobody a second time when its state is lost", async () => {
    const outcomes = await outcomesOf(project);
    const since = emulator.requests.length;
    await writeFile(project.stateFile, "");
    await project.initStack();

    const up = await project.up();

    expect(up).toMatchObject({ code: 0 });
    expect(sentFor(emulator, since)).toEqual([]);
    expect(await outcomesOf(project)).toEqual(outcomes);
    expect(leaksIn(up.text, STORY_CODES)).toEqual([]);
  });

  test("has an escrow that its reader still opens", async () => {
    const [name] = (await readdir(path.join(FIXTURE, "escrow"))).filter((file) => file.endsWith(".age"));

    const revealed = await project.command("reveal", [`file:${path.join(project.folder, "escrow", String(name))}`]);

    expect(revealed).toMatchObject({ code: 0 });
    expect(revealed.text).toMatch(/DMP[A-Z]+/);
  });
});

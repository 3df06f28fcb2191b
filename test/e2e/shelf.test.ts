import { readFile, writeFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { findingsIn } from "../../cli/drift/findings.ts";
import { type Emulator, startEmulator } from "../../emulator/graph/start-emulator.ts";
import type { JsonObject } from "../../providers/domain/json.ts";
import { RESOURCE_TYPE, SHELF_TYPE } from "../../providers/domain/project.ts";
import { publicOutputsIn, type ShelfOutputs } from "../../providers/pulumi/shelf-state.ts";
import { PulumiProject } from "../support/pulumi-project.ts";

const wipe = (name: string, more = "") => `  - name: ${name}
    device: { serialNumber: ${serialOf(name)} }
    playbook: unlock-and-wipe
    reason: Leaver returned the iPad
    expires: 2099-12-31
    acknowledge: [dataLoss, physicalPossession]
${more}`;
const escrow = (name: string, more = "") => `  - name: ${name}
    device: { serialNumber: ${serialOf(name)} }
    playbook: escrow-bypass-code
    reason: Before the summer refresh
${more}`;
const serialOf = (name: string) => `DMP${name.toUpperCase()}`;
const file = (...requests: readonly string[]) => `requests:\n${requests.join("")}`;
const NAMES = ["wiped", "kept", "mended"] as const;

/** One story, told in order. */
describe("finished requests with shelve", () => {
  let emulator: Emulator;
  let project: PulumiProject;
  let config: Record<string, string>;
  /** Outputs of each request before it went onto the shelf. */
  let before: ReadonlyMap<string, unknown>;

  beforeAll(async () => {
    const devices = NAMES.map((name) => ({ serialNumber: serialOf(name), operatingSystem: "iPadOS", isSupervised: true }));
    emulator = await startEmulator({ devices, checkInDelayMs: 50 });
    config = { graphEndpoint: emulator.url, wait: "20s" };
    project = await PulumiProject.create(config);
    await project.write("requests/a.yaml", all());
    await project.up();
    before = new Map([...(await project.resources())].map(([name, { outputs }]) => [name, outputs]));
    config = { ...config, shelve: "0d" };
    await project.configure(config);
  });

  afterAll(async () => {
    await project?.remove();
    await emulator?.close();
  });

  const all = (kept = escrow("kept")) => file(wipe("wiped"), kept, escrow("mended", "    onDrift: repeat\n"));
  const own = async () => [...(await project.resources()).keys()].sort();
  const shelf = () => `finished-${new Date().toISOString().slice(0, 7)}`;
  const shelved = async () => {
    const { outputs } = (await project.resources(SHELF_TYPE)).get(shelf()) ?? {};
    return outputs === undefined ? null : publicOutputsIn(outputs as unknown as ShelfOutputs);
  };
  const names = async () => (await shelved())?.map(({ request }) => request.name);
  const urnOf = (name: string) => `urn:pulumi:${project.stack}::device-lifecycle::${RESOURCE_TYPE}::${name}`;
  const sends = () => emulator.actionCalls.length;
  const flat = (text: string) => text.replaceAll(/\n +/g, " ");

  test("move only in a whole run: a target alone moves nobody, and one that was to move is written back", async () => {
    const sent = sends();

    const other = await project.up("--target", urnOf("mended"));
    const afterOther = [await own(), await names(), (await project.stackOutputs()).summary];
    const moving = await project.up("--target", urnOf("kept"));
    const afterMoving = [await own(), await names(), (await project.stackOutputs()).summary];
    const { shelve: _, ...without } = config;
    await project.configure(without);
    const back = await project.up();
    await project.configure(config);

    expect([other.code, moving.code, back.code]).toEqual([0, 0, 0]);
    expect(afterOther).toEqual([["kept", "mended", "wiped"], undefined, { succeeded: 3 }]);
    expect(afterMoving).toEqual([["mended", "wiped"], undefined, { succeeded: 3 }]);
    expect(await own()).toEqual(["kept", "mended", "wiped"]);
    expect(sends()).toBe(sent);
  });

  test("move to a shelf, which has their public outputs as they were; nothing is asked of Graph, and nothing is sent", async () => {
    const [asked, sent] = [emulator.requests.length, sends()];

    const preview = await project.npmRun("preview", []);
    const fast = await project.npmRun("preview", ["--fast"]);
    const up = await project.npmRun("up", ["--yes"]);

    const line = `2 finished requests move to the shelf ${shelf()}: "delete" only takes away resources of their own, and nothing is done to their devices`;
    for (const { code, text } of [preview, fast]) {
      expect(code).toBe(0);
      expect(flat(text)).toContain(line);
      expect(text).toContain("nothing to do");
      expect(text).not.toMatch(/not in the files|does not know|DMPWIPED/);
    }
    expect(up).toMatchObject({ code: 0, text: expect.stringContaining("3 requests: 3 done") });
    expect(await own()).toEqual(["mended"]);
    expect(await names()).toEqual(["kept", "wiped"]);
    for (const one of (await shelved()) ?? []) expect(before.get(one.request.name)).toMatchObject(one);
    expect([emulator.requests.length, sends()]).toEqual([asked, sent]);
    expect(await project.stackOutputs()).toMatchObject({
      summary: { succeeded: 3 },
      requests: { wiped: "succeeded", kept: "succeeded", mended: "succeeded" },
    });
  });

  test("stay there, without a change and without a request to Graph", async () => {
    const asked = emulator.requests.length;

    const preview = await project.run(["preview", "--expect-no-changes"]);

    expect(preview).toMatchObject({ code: 0, text: expect.stringContaining("3 unchanged") });
    expect(emulator.requests).toHaveLength(asked);
  });

  test("are finished moving by the next run, where one died between the shelf and the resources", async () => {
    const state = JSON.parse(await readFile(project.stateFile, "utf8"));
    const { resources } = state.checkpoint.latest;
    const mended = resources.find(({ urn }: { readonly urn: string }) => urn.endsWith("::mended"));
    const other = JSON.parse(JSON.stringify(mended).replaceAll("::mended", "::kept").replace('"id":"mended"', '"id":"kept"'));
    resources.push({ ...other, outputs: { ...(before.get("kept") as object), __provider: mended.outputs.__provider } });
    await writeFile(project.stateFile, JSON.stringify(state));
    const [sent, held] = [sends(), await shelved()];

    const up = await project.up();

    expect(up).toMatchObject({ code: 0, text: expect.stringContaining("1 deleted") });
    expect(await own()).toEqual(["mended"]);
    expect(await shelved()).toEqual(held);
    expect(sends()).toBe(sent);
  });

  test("are no targets: a run with a target does nothing to them", async () => {
    const held = await names();

    const gone = await project.up("--target", urnOf("wiped"));
    const other = await project.up("--target", urnOf("mended"));

    expect(gone).toMatchObject({ code: 1, text: expect.stringMatching(/Target '\S+wiped' could not be found in the stack/) });
    expect(other).toMatchObject({ code: 0, text: expect.stringContaining("3 unchanged") });
    expect(await names()).toEqual(held);
    expect(await project.stackOutputs()).toMatchObject({ summary: { succeeded: 3 } });
  });

  test("whose words were edited, or that left the files, change the shelf alone", async () => {
    const sent = sends();
    await project.write("requests/a.yaml", all(escrow("kept", "    ticket: INC-9\n")));
    const edited = await project.up();
    const held = await shelved();
    await project.write("requests/a.yaml", all(""));
    const cut = await project.up();
    const left = await names();
    await project.write("requests/a.yaml", all());
    const back = [await project.up(), await project.up()];

    expect([edited.code, cut.code, ...back.map(({ code }) => code)]).toEqual([0, 0, 0, 0]);
    expect(held).toMatchObject([{ request: { name: "kept", ticket: "INC-9" } }, { request: { name: "wiped", ticket: null } }]);
    expect(left).toEqual(["wiped"]);
    expect(await names()).toEqual(["kept", "wiped"]);
    expect(sends()).toBe(sent);
  });

  test("that drift are found by a refresh, told, and resources of their own after the next up", async () => {
    const sent = sends();
    emulator.reenrol(serialOf("kept"), { keepId: true });

    const found = await project.run(["refresh", "--yes", "--skip-preview"]);
    const looked = findingsIn([{ ...(await project.resources(SHELF_TYPE)).get(shelf())?.outputs } as unknown as JsonObject]);
    const preview = await project.npmRun("preview", []);
    const fast = await project.npmRun("preview", ["--fast"]);
    const up = await project.npmRun("up", ["--yes"]);

    expect(looked).toMatchObject({ looked: 2, unfinished: 0, found: [{ name: "kept", finding: "EnrolledAnew", state: "new" }] });
    expect(found.code).toBe(0);
    for (const { text } of [preview, fast]) {
      expect(flat(text)).toContain("1 finished request comes off its shelf, as a resource of its own");
      expect(flat(text)).toContain("drifted: the device was enrolled anew");
      expect(text).not.toContain("does not know");
    }
    expect(up).toMatchObject({ code: 0, text: expect.stringContaining("drifted") });
    expect(await own()).toEqual(["kept", "mended"]);
    expect((await project.resources()).get("kept")?.outputs).toMatchObject({
      outcome: "succeeded",
      drift: [{ kind: "EnrolledAnew" }],
    });
    expect(await names()).toEqual(["wiped"]);
    expect(await project.run(["preview", "--expect-no-changes"])).toMatchObject({ code: 0 });
    expect(sends()).toBe(sent);
  });

  test("that are asked for once more are resources of their own, and are performed", async () => {
    const sent = sends();
    await project.write("requests/a.yaml", all(escrow("kept", "    generation: 2\n")));

    const up = await project.up();

    expect(up.code).toBe(0);
    expect((await project.resources()).get("kept")?.outputs).toMatchObject({ outcome: "succeeded", request: { generation: 2 } });
    expect(sends()).toBe(sent);
  });

  test("wipe nobody again: not without the key, not after destroy, not after the state was lost", async () => {
    const sent = sends();
    emulator.reenrol(serialOf("wiped"));
    const { shelve: _, ...without } = config;

    await project.configure(without);
    const up = await project.up();
    const destroy = await project.run(["destroy", "--yes", "--skip-preview"]);
    await project.configure(config);
    const back = await project.up();
    const shelvedAgain = await project.up();

    await project.initStack();
    const afterLoss = [await project.up(), await project.up()].map(({ code }) => code);

    expect([up.code, destroy.code, back.code, shelvedAgain.code, ...afterLoss]).toEqual([0, 0, 0, 0, 0, 0]);
    expect(up.text).toMatch(/DeviceLifecycle wiped creat/);
    expect(await names()).toContain("wiped");
    expect(sends()).toBe(sent);
  });
});

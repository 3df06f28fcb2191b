import { access, mkdir, rename } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { type Emulator, startEmulator } from "../../emulator/graph/start-emulator.ts";
import { PulumiProject } from "../support/pulumi-project.ts";

const ALL = ["one", "two", "late"] as const;

const wipe = (name: string, serial: string, more = "") => `  - name: ${name}
    device: { serialNumber: ${serial} }
    playbook: unlock-and-wipe
    reason: Leaver returned the iPad
    expires: ${name === "late" ? "2020-01-31" : "2099-12-31"}
    acknowledge: [dataLoss, physicalPossession]
${more}`;
const serialOf = (name: string) => `DMP${name.toUpperCase()}`;
const file = (...requests: readonly string[]) => `requests:\n${requests.join("")}`;

/** One story, told in order. */
describe("archived requests", () => {
  let emulator: Emulator;
  let project: PulumiProject;

  beforeAll(async () => {
    const names = [...ALL, "listed"];
    const devices = names.map((name) => ({ serialNumber: serialOf(name), operatingSystem: "iPadOS", isSupervised: true }));
    emulator = await startEmulator({ devices, checkInDelayMs: 50 });
    project = await PulumiProject.create({ graphEndpoint: emulator.url, wait: "20s" });
    await project.write("requests/a.yaml", file(...ALL.map((name) => wipe(name, serialOf(name)))));
    await project.write("requests/list.yaml", file(wipe("list", "").replace("device: { serialNumber:  }", "devicesFrom: list.csv")));
    await project.write("requests/list.csv", `serialNumber\n${serialOf("listed")}\n`);
    await project.npmRun("up", ["--yes", "--skip-preview"]);
  });

  afterAll(async () => {
    await project?.remove();
    await emulator?.close();
  });

  const place = (...parts: readonly string[]) => path.join(project.folder, ...parts);
  const stores = () => [project.stack, "--ledger", `file:${place("ledger")}`];
  const archive = (...args: readonly string[]) =>
    project.command("archive", [...stores(), "--requests", place("requests"), "--playbooks", place("playbooks"), ...args]);
  const month = () => new Date().toISOString().slice(0, 7);
  const wipes = () => emulator.actionCalls.filter(({ action }) => action === "wipe").map(({ serialNumber }) => serialNumber);
  const known = async () => [...(await project.resources()).keys()].sort();
  const summary = async () => (await project.stackOutputs()).requests;

  test("are those that have ended: a wipe, a list with its devices, one that expired before anything was sent", async () => {
    expect(
      wipes()
        .map((serial) => `${serial}`)
        .toSorted(),
    ).toEqual(["DMPLISTED", "DMPONE", "DMPTWO"]);
    expect(await archive("--older-than", "1d")).toMatchObject({
      code: 0,
      text: expect.stringContaining("0 requests of 4 finished before"),
    });

    const { code, text } = await archive("--older-than", "0m");

    expect(code).toBe(0);
    expect(text).toContain("4 requests of 4 finished before");
    for (const name of ["a.yaml", "list.yaml", "list.csv"]) await access(place("archive", month(), name));
    expect(await known()).toEqual(["late", "list/DMPLISTED", "one", "two"]);
  });

  test("leave the state without a touch of their devices; the preview says so in one line", async () => {
    await project.write("requests/new.yaml", "requests: []\n");
    const asked = emulator.requests.length;

    const preview = await project.npmRun("preview", []);
    const up = await project.npmRun("up", ["--yes"]);

    expect(preview.code).toBe(0);
    expect(preview.text.replaceAll(/\n +/g, " ")).toContain(
      '4 finished requests are not in the files of this stack any more, archived or deleted: "delete" only forgets them, the ledger does not, and nothing happens to their devices',
    );
    expect(preview.text).not.toMatch(/- delete|\bone\b|DMPONE/);
    expect(up.code).toBe(0);
    expect(await known()).toEqual([]);
    expect(emulator.requests).toHaveLength(asked);
    expect(wipes()).toHaveLength(3);
  });

  test("are known to status, report and ledger", async () => {
    const status = await project.command("status", ["--ledger", `file:${place("ledger")}`]);
    const show = await project.command("ledger", ["show", "one", "--ledger", `file:${place("ledger")}`]);
    const report = await project.command("report", ["requests", "--month", month(), "--ledger", `file:${place("ledger")}`]);

    expect(status.text).toMatch(/^one +done/m);
    expect(status.text).toMatch(/^late +expired/m);
    expect(show.text).toContain("DMPONE");
    expect(report.text).toContain("DMPONE");
  });

  test("protect their devices as before: another request wipes none of them", async () => {
    emulator.reenrol(serialOf("one"));
    await project.write("requests/new.yaml", file(wipe("renamed", serialOf("one"))));

    const { code, text } = await project.up();

    expect(code).not.toBe(0);
    expect(text).toContain("error DLR402");
    expect(wipes()).toHaveLength(3);
    await project.write("requests/new.yaml", "requests: []\n");
  });

  test("that are put back are what they were, and nothing is sent", async () => {
    await rename(place("archive", month(), "a.yaml"), place("requests", "a.yaml"));
    await mkdir(place("archive", month()), { recursive: true });
    const asked = emulator.actionCalls.length;

    const { code } = await project.up();

    expect(code).toBe(0);
    expect(await summary()).toEqual({ late: "expired", one: "succeeded", two: "succeeded" });
    expect(emulator.actionCalls).toHaveLength(asked);
  });
});

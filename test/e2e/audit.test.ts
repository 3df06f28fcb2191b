import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { type Emulator, startEmulator } from "../../emulator/graph/start-emulator.ts";
import { parseRunFile } from "../../notify/run-file.ts";
import type { AuditedRecord } from "../../providers/domain/ledger-record.ts";
import { type OpenedLedger, openLedger } from "../../providers/ledger/open-ledger.ts";
import { jwt } from "../graph/graph-fixture.ts";
import { PulumiProject, type PulumiRun } from "../support/pulumi-project.ts";
import { testClock } from "../support/test-clock.ts";

const PHONES = ["PHONE0", "PHONE1", "PHONE2", "PHONE3", "PHONE4"] as const;
const PERMISSIONS = [
  ...["Read", "ReadWrite", "PrivilegedOperations"].map((one) => `DeviceManagementManagedDevices.${one}.All`),
  "DeviceManagementApps.Read.All",
];
const APPLICATION = "aaaaaaaa-1111-4111-8111-111111111111";
const wipe = (name: string, serial: string) =>
  `  - name: ${name}\n    device: { serialNumber: ${serial} }\n    steps: [wipe]\n    reason: Returned\n    expires: 2099-12-31\n    acknowledge: [dataLoss]\n`;

/** One story, told in order: what others do, and what became of a call whose answer was lost. */
describe("what Intune's audit shows", () => {
  let emulator: Emulator;
  let project: PulumiProject;
  let ledger: OpenedLedger;
  const env = { GRAPH_ACCESS_TOKEN: jwt({ aud: "https://graph.microsoft.com", roles: PERMISSIONS, appid: APPLICATION }) };

  beforeAll(async () => {
    const devices = PHONES.map((serialNumber) => ({ serialNumber, deviceName: serialNumber, operatingSystem: "Android", osVersion: "15" }));
    emulator = await startEmulator({ checkInDelayMs: 100, devices });
    project = await PulumiProject.create({ graphEndpoint: emulator.url, wait: "2s" });
    const location = `file:${path.join(project.folder, "ledger")}`;
    ledger = openLedger({ location, root: project.folder, isLoopbackGraph: true, clock: testClock(), uuid: randomUUID });
  });

  afterAll(async () => {
    await ledger?.close();
    await project?.remove();
    await emulator?.close();
  });

  const requests = (...all: readonly string[]) => project.write("requests/a.yaml", `requests:\n${all.join("")}`);
  const up = (...args: readonly string[]): Promise<PulumiRun> =>
    project.run(["up", "--yes", "--skip-preview", "--parallel", "1", ...args], env);
  const sent = () => emulator.actionCalls.map(({ action, serialNumber }) => `${action} ${serialNumber}`);
  const outcomes = async () => Object.fromEntries([...(await project.resources())].map(([name, { outputs }]) => [name, outputs.outcome]));
  const audited = async () => (await ledger.read()).records.filter((record): record is AuditedRecord => record.kind === "audited");
  const auditCalls = () => emulator.requests.filter(({ kind }) => kind === "audit").length;

  test("a wipe of ours is no news, and costs one request a run", async () => {
    await requests(wipe("first", "PHONE0"));
    const first = await up();
    await requests(wipe("first", "PHONE0"), wipe("unanswered", "PHONE1"));
    emulator.setFault({ device: "PHONE1", call: "wipe", effect: { kind: "result", state: "silent" } });
    emulator.setFault({ device: "PHONE1", call: "wipe", effect: { kind: "reset", applied: true } });
    const second = await up();

    expect(first.code).toBe(0);
    expect(second.code).not.toBe(0);
    expect(await outcomes()).toEqual({ first: "succeeded", unanswered: "ambiguous" });
    expect(`${first.text}${second.text}`).not.toContain("no request explains");
    expect(auditCalls()).toBe(2);
    expect((await audited()).flatMap(({ senders }) => senders)).toEqual([{ application: APPLICATION, user: null }]);
  });

  test("a wipe whose answer was lost is settled by it, without a person", async () => {
    const preview = await project.run(["preview"], env);
    const before = (await ledger.read()).records.length;
    const run = await up();

    expect(preview.text).toContain("unanswered: Intune's audit log shows that wipe was taken");
    expect(before).toBe((await ledger.read()).records.length - 3);
    expect(run.code).toBe(0);
    expect(await outcomes()).toEqual({ first: "succeeded", unanswered: "succeeded" });
    expect(sent()).toEqual(["wipe PHONE0", "wipe PHONE1"]);
    const evidence = (await ledger.recordsOf("unanswered#1")).find((record) => record.kind === "result" && record.result === "accepted");
    expect(evidence).toMatchObject({
      evidence: expect.any(String),
      detail: expect.stringContaining(`application ${APPLICATION}, device and time are those of our call`),
    });
  });

  test("a finished stack asks Graph nothing, and a scheduled one sees a wipe that was sent past it, once", async () => {
    emulator.act("PHONE2", "wipe");
    const asked = emulator.requests.length;
    await up();
    const askedBy = emulator.requests.length - asked;
    await project.configure({ graphEndpoint: emulator.url, wait: "2s", followOnly: true });
    const preview = await project.run(["preview"], env);
    const scheduled = await up();
    const again = await up();

    expect(askedBy).toBe(0);
    for (const { text, code } of [preview, scheduled]) {
      expect(code).toBe(0);
      expect(text).toMatch(
        /no request explains this: wipe of PHONE2 \(id [-0-9a-f]+\) at 20\S+Z by helpdesk@contoso\.example with Microsoft Intune portal extension/,
      );
    }
    expect(again.text).not.toContain("no request explains");
    expect((await audited()).flatMap(({ foreign }) => foreign)).toHaveLength(1);
  });

  test("more of them than foreignLimit set the brake, and the next wipe is not sent", async () => {
    await project.configure({ graphEndpoint: emulator.url, wait: "2s", foreignLimit: 1 });
    emulator.act("PHONE3", "retire");
    await requests(wipe("first", "PHONE0"), wipe("unanswered", "PHONE1"), wipe("stopped", "PHONE4"));

    const preview = await project.run(["preview"], env);
    const stopsBefore = await ledger.stops();
    const file = path.join(project.folder, "run.json");
    const run = await project.npmRun("up", ["--yes", "--skip-preview", "--parallel", "1", "--save-run", file], env);

    expect(preview.text).toContain(
      "up sets the brake: 2 actions of others on devices in 24 hours (wipe 1, retire 1), and foreignLimit is 1",
    );
    expect(preview.text).toContain("held: brake set: 2 actions of others");
    expect(stopsBefore).toEqual([]);
    expect(run.code).not.toBe(0);
    expect(run.text).toContain("the brake was set: 2 actions of others");
    expect(await ledger.stops()).toMatchObject([{ kind: "set", reason: expect.stringContaining("foreignLimit is 1") }]);
    expect(await outcomes()).toMatchObject({ stopped: "pending" });
    expect(parseRunFile(await readFile(file, "utf8"), file).events.filter(({ kind }) => kind !== "outcome")).toEqual([
      expect.objectContaining({ kind: "brake", state: "held", held: ["stopped"] }),
      expect.objectContaining({ kind: "brake", state: "set", reason: expect.stringContaining("foreignLimit is 1") }),
      expect.objectContaining({ kind: "foreignAction", action: "retire", who: expect.stringContaining("helpdesk@contoso.example") }),
    ]);
    expect(sent()).toEqual(["wipe PHONE0", "wipe PHONE1"]);
  });

  test("the same actions do not set it again once a person has resumed", async () => {
    await ledger.setBrake("resume", "anna", "it was the help desk");

    const run = await up();

    expect(run.code).toBe(0);
    expect(await ledger.stops()).toEqual([]);
    expect(await outcomes()).toMatchObject({ stopped: "succeeded" });
    expect(sent()).toEqual(["wipe PHONE0", "wipe PHONE1", "wipe PHONE4"]);
  });
});

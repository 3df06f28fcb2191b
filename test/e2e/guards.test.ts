import { randomUUID } from "node:crypto";
import { mkdir, rename, writeFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { type Emulator, startEmulator } from "../../emulator/graph/start-emulator.ts";
import { confirmWithIdentities } from "../../providers/escrow/file/confirmations.ts";
import { type OpenedLedger, openLedger } from "../../providers/ledger/open-ledger.ts";
import { settingsRecords } from "../../providers/rules/safety-settings.ts";
import { newKeyPair } from "../escrow/escrow-folder-fixture.ts";
import { jwt } from "../graph/graph-fixture.ts";
import { PulumiProject, type PulumiRun } from "../support/pulumi-project.ts";
import { testClock } from "../support/test-clock.ts";

const PHONES = ["PHONE0", "PHONE1", "PHONE2", "PHONE3"] as const;
const PERMISSIONS = ["Read", "ReadWrite", "PrivilegedOperations"].map((one) => `DeviceManagementManagedDevices.${one}.All`);

/** No run waits until Graph has told twice, half a minute apart, that a wiped device is gone. */
const SHORT = { wait: "1s" };

const request = (name: string, serial: string, rest: string) =>
  `  - name: ${name}\n    device: { serialNumber: ${serial} }\n    reason: Returned\n${rest}`;
const wipe = (index: number) =>
  request(`wipe-${index}`, PHONES[index] ?? "", "    steps: [wipe]\n    expires: 2099-12-31\n    acknowledge: [dataLoss]\n");
const sync = (name: string) => request(name, "PHONE3", "    steps: [syncDevice]\n");

/**
 * One story: the repository of an organisation, whose Graph is no loopback address, and somebody
 * who may send pull requests.
 */
describe("the guards of runs against Microsoft", () => {
  let emulator: Emulator;
  let project: PulumiProject;
  let ledger: OpenedLedger;
  let env: Readonly<Record<string, string>>;

  beforeAll(async () => {
    emulator = await startEmulator({
      checkInDelayMs: 100,
      devices: PHONES.map((serialNumber) => ({ serialNumber, deviceName: serialNumber, operatingSystem: "Android", osVersion: "15" })),
    });
    project = await PulumiProject.create({});
    await mkdir(path.join(project.folder, "escrow"), { mode: 0o700 });
    const location = `file:${path.join(project.folder, "ledger")}`;
    ledger = openLedger({ location, root: project.folder, isLoopbackGraph: false, clock: testClock(), uuid: randomUUID });
    env = {
      NODE_OPTIONS: `--import=${new URL("../support/graph-stand-in.ts", import.meta.url).href}`,
      GRAPH_STAND_IN: emulator.url,
      GRAPH_ACCESS_TOKEN: jwt({ aud: "https://graph.microsoft.com", roles: PERMISSIONS }),
    };
  });

  afterAll(async () => {
    await ledger?.close();
    await project?.remove();
    await emulator?.close();
  });

  /** Somebody opened challenges with these keys, or wrote that into the file. */
  async function recipients(...pairs: readonly (readonly [Awaited<ReturnType<typeof newKeyPair>>, "proven" | "listed"])[]): Promise<void> {
    const folder = path.join(project.folder, "escrow");
    await writeFile(path.join(folder, "recipients.txt"), pairs.map(([{ recipient }]) => `${recipient}\n`).join(""));
    await writeFile(path.join(folder, "confirmed.json"), "[]");
    for (const [{ recipient, identity }, standing] of pairs) {
      if (standing === "proven") await confirmWithIdentities([recipient], [identity], { folder, who: "anna", at: "", uuid: randomUUID });
    }
  }

  const requests = (...all: readonly string[]) => project.write("requests/a.yaml", `requests:\n${all.join("")}`);
  const up = (...args: readonly string[]): Promise<PulumiRun> => project.run(["up", "--yes", "--parallel", "1", ...args], env);
  const sent = () => emulator.actionCalls.map(({ action, serialNumber }) => `${action} ${serialNumber}`);
  const outcomes = async () => [...(await project.resources())].map(([name, { outputs }]) => [name, outputs.outcome]);
  const recorded = async (name: string) => settingsRecords((await ledger.read()).records).map(({ settings }) => settings[name]);

  const anna = newKeyPair();
  const attacker = newKeyPair();

  test("a preview refuses stores that cannot be relied on, all at once, with what to do", async () => {
    await project.configure({ ...SHORT, maxDestructive: 1, shard: "1/2" });
    await recipients([await anna, "listed"]);
    // Shard 1 of 2 takes wipe-0.
    await requests(wipe(0));

    const preview = await project.run(["preview"], { ...env, CI: "true" });

    expect(preview.code).not.toBe(0);
    expect(preview.text).toMatch(
      /there is no ledger in file:.*ledger, and without one nothing is sent: 1 request is not done\n\s+help: make it once: \.\/dlr ledger init/,
    );
    expect(preview.text).toMatch(/shard is 1\/2, and the ledger file:.* is a folder, which 2 stacks cannot share/);
    expect(preview.text).toMatch(
      /request wipe-0 \(.*wipe\) destroys data or puts a secret into escrow, and escrow \(file:.*\) and ledger \(file:.*\) would be gone with this CI runner/,
    );
    expect(preview.text).toMatch(
      /none of the 1 in .*recipients\.txt has proven that they can decrypt: age1\w+ \(line 1\)\n\s+help: .*\.\/dlr recipients confirm --identity/,
    );
    expect(sent()).toEqual([]);
  });

  test("the first run records its safety settings and goes on; a recipient without proof is left out and named", async () => {
    await project.configure({ ...SHORT, maxDestructive: 1 });
    await recipients([await anna, "proven"], [await attacker, "listed"]);
    await ledger.create();

    const run = await up("--skip-preview");

    expect(run).toMatchObject({ code: 0 });
    expect(run.text).toMatch(
      new RegExp(`warning: recipient ${(await attacker).recipient} \\(in line 2\\) is left out: .*\\./dlr recipients confirm`),
    );
    expect(run.text).not.toContain("safety settings");
    expect(sent()).toEqual(["wipe PHONE0"]);
    expect(await recorded("maxDestructive")).toEqual(["1"]);
    expect((await project.stackOutputs()).ledger).toMatch(/^file:.*ledger, made 20/);
  });

  test("a pull request that raises maxDestructive, swaps the reader and wipes everything destroys nothing: the run records what changed", async () => {
    await project.configure({ ...SHORT, maxDestructive: 100 });
    await recipients([await attacker, "proven"]);
    await requests(wipe(0), wipe(1), wipe(2), sync("sync-three"));

    const run = await up();

    const [preview = "", performed = ""] = run.text.split(/^Updating/m);
    const told = /recipients: 1 with proven keys, SHA-256 \w+ → 1 with proven keys, SHA-256 \w+; maxDestructive: 1 → 100\): (.*)/;
    expect(run).toMatchObject({ code: 0 });
    expect(told.exec(preview)?.[1]).toBe("up records that, and destroys, locks and escrows nothing; the up after it may");
    expect(told.exec(performed)?.[1]).toBe("this run records that, and destroys, locks and escrows nothing; the next run may");
    expect(performed).toMatch(/warning: pending: the safety settings changed since the last run .*; nothing was sent/);
    expect(sent()).toEqual(["wipe PHONE0", "syncDevice PHONE3"]);
    expect(await outcomes()).toEqual(
      expect.arrayContaining([
        ["wipe-0", "pending"],
        ["wipe-1", "pending"],
        ["wipe-2", "pending"],
        ["sync-three", "succeeded"],
      ]),
    );
    expect(await recorded("maxDestructive")).toEqual(["1", "100"]);
  });

  test("the next run may; dlr stop ends it between two sends", async () => {
    const ignore = emulator.on("applied", () => ledger.setBrake("stop", "anna@laptop", "this is no summer return"));

    const run = await up("--skip-preview");

    ignore();
    await ledger.setBrake("resume", "anna@laptop", "asked around");
    expect(run).toMatchObject({ code: 0 });
    expect(run.text).toMatch(
      /pending: the brake is set: this is no summer return \(set by anna@laptop at .*\); nothing is sent until: \.\/dlr resume/,
    );
    expect(sent().slice(2)).toEqual([expect.stringMatching(/^wipe PHONE[12]$/)]);
    const wiped = [...(await project.resources()).values()].map(({ outputs }) => outputs.steps[0]?.status);
    expect(wiped.filter((status) => status === "waiting")).toHaveLength(1);
  });

  test("a change of settings alone is a run too: the program records it", async () => {
    await project.configure({ ...SHORT, maxDestructive: 2, protected: ["*@board.example"] });
    await requests(wipe(0), sync("sync-three"));

    const run = await up("--skip-preview");

    expect(run).toMatchObject({ code: 0, text: expect.stringContaining('maxDestructive: 100 → 2; protected: [] → ["*@board.example"]') });
    expect(await recorded("maxDestructive")).toEqual(["1", "100", "2"]);
  });

  test("a fresh ledger beside a state that knows requests is refused, in the preview already", async () => {
    await ledger.close();
    await rename(path.join(project.folder, "ledger"), path.join(project.folder, "ledger-of-before"));
    await ledger.create();
    await requests(wipe(1));

    const preview = await project.run(["preview"], env);

    expect(preview.code).not.toBe(0);
    expect(preview.text).toMatch(
      /the ledger in file:.*ledger lacks what was done for 2 of the 2 requests that this stack's state holds: .*wipe-0#1 \(no record\).*; the last run used file:.*, made 20.*; nothing was sent\n\s+help: get that ledger back/,
    );
  });
});

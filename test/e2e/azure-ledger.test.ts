import { BlobServiceClient } from "@azure/storage-blob";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { type Emulator, startEmulator } from "../../emulator/graph/start-emulator.ts";
import { type Azurite, startAzurite } from "../support/azurite.ts";
import { PulumiProject, type PulumiRun } from "../support/pulumi-project.ts";
import { leaksIn } from "../support/secrets.ts";

const SERIAL = "DMPXK2ABCDEF";
const REQUEST = `requests:
  - name: returned
    device: { serialNumber: ${SERIAL} }
    playbook: unlock-and-wipe
    reason: Leaver returned the iPad
    expires: 2099-12-31
    acknowledge: [dataLoss, physicalPossession]
`;

/** One story, told in order: each part goes on from where the one before it ended. */
describe("two stacks and one ledger in Azure Storage", () => {
  let azurite: Azurite;
  let emulator: Emulator;
  let projects: readonly [PulumiProject, PulumiProject];
  let place: string;
  let env: Record<string, string>;

  beforeAll(async () => {
    azurite = await startAzurite();
    emulator = await startEmulator({ checkInDelayMs: 600_000 });
    place = `${azurite.account}/device-ledger`;
    env = { AZURE_STORAGE_CONNECTION_STRING: azurite.connectionString().reveal() };
    const config = { graphEndpoint: emulator.url, ledger: place, wait: "1h" };
    projects = [await PulumiProject.create(config), await PulumiProject.create(config)];
    for (const project of projects) await project.write("requests/a.yaml", REQUEST);
  });

  afterAll(async () => {
    for (const project of projects ?? []) await project.remove();
    await emulator?.close();
    await azurite?.stop();
  });

  const up = (project: PulumiProject): Promise<PulumiRun> => project.run(["up", "--yes", "--skip-preview"], env);
  const command = (name: string, ...args: readonly string[]): Promise<PulumiRun> =>
    projects[0].command(name, [...args, "--ledger", place], env);

  test("the ledger is made once, with its container", async () => {
    const first = await command("ledger", "init");
    const second = await command("ledger", "init");

    expect(first).toMatchObject({ code: 0, text: expect.stringContaining(`made an empty ledger in ${place}`) });
    expect(second).toMatchObject({ code: 3, text: expect.stringContaining("already") });
  });

  test("while one acts on a device the other does not, and is told who has it", async () => {
    const wiped = Promise.withResolvers<void>();
    emulator.on("answered", (call) => {
      if (call.action === "wipe") wiped.resolve();
    });
    const acting = up(projects[0]);
    await Promise.race([wiped.promise, acting.then(({ text }) => Promise.reject(new Error(`it ended before the wipe: ${text}`)))]);
    const other = await up(projects[1]);
    const sentWhileHeld = emulator.actionCalls.map((call) => call.action);
    emulator.checkIn(SERIAL);
    const first = await acting;

    expect(other.code).not.toBe(0);
    expect(other.text).toMatch(/is in use by process \d+ on .+, since .+ \(lease on .+\/device-ledger\/devices\/[0-9a-f]{32}\)/);
    expect(other.text).toMatch(/ends by itself within 60 seconds/);
    expect(sentWhileHeld).toEqual(["bypassActivationLock", "wipe"]);
    expect(first).toMatchObject({ code: 0 });
    expect((await projects[0].resources()).get("returned")?.outputs.outcome).toBe("succeeded");
  });

  test("the commands work on it: show, verify, stop, resume", async () => {
    const stop = await command("stop", "wrong devices");
    const [show, verify] = await Promise.all([command("ledger", "show"), command("ledger", "verify")]);
    const resume = await command("resume");

    expect(stop).toMatchObject({ code: 0, text: expect.stringContaining(place) });
    expect(show).toMatchObject({ code: 0, text: expect.stringMatching(/wipe[\s\S]*THE BRAKE IS SET: wrong devices/) });
    expect(verify).toMatchObject({ code: 0, text: expect.stringMatching(/every line .* is sound: records \d+, requests 1/) });
    expect(resume).toMatchObject({ code: 0, text: expect.stringContaining("wrong devices") });
  });

  test("no code is in it", async () => {
    const container = BlobServiceClient.fromConnectionString(azurite.connectionString().reveal()).getContainerClient("device-ledger");
    const text = (await container.getBlobClient("ledger-000001.jsonl").downloadToBuffer()).toString("utf8");

    expect(text).toContain("escrowed");
    expect(leaksIn(text, [emulator.device(SERIAL).bypassCode ?? "missing"])).toEqual([]);
  });
});

import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { type Emulator, startEmulator } from "../../emulator/graph/start-emulator.ts";
import { type Azurite, startAzurite } from "../support/azurite.ts";
import { PulumiProject, type PulumiRun } from "../support/pulumi-project.ts";

/** Several processes on hundreds of devices: this only ends what hangs. */
jest.setTimeout(900_000);

const SHARDS = 4;

/**
 * Stacks of one ledger that run at the same time, each a part of all requests, as the matrix of the
 * workflow `up` starts them.
 */
describe("four shards in four processes on one ledger in Azure Storage", () => {
  let azurite: Azurite;
  let emulator: Emulator | undefined;
  let projects: readonly PulumiProject[] = [];

  beforeAll(async () => {
    azurite = await startAzurite();
  });
  afterEach(async () => {
    await Promise.all(projects.map((project) => project.remove()));
    await emulator?.close();
  });
  afterAll(() => azurite?.stop());

  const env = () => ({ AZURE_STORAGE_CONNECTION_STRING: azurite.connectionString().reveal(), PULUMI_SKIP_CHECKPOINTS: "true" });

  async function shardsOf(count: number, throttle: "off" | object): Promise<Emulator> {
    const serials = Array.from({ length: count }, (_, index) => `PHONE${String(index).padStart(5, "0")}`);
    const devices = serials.map((serialNumber) => ({ serialNumber, operatingSystem: "Android", osVersion: "15" }));
    const started = await startEmulator({ checkInDelayMs: 50, devices, throttle });
    emulator = started;
    const ledger = `${azurite.account}/shards-${count}`;
    const common = { graphEndpoint: started.url, ledger, wait: "10m" };
    projects = await Promise.all(
      Array.from({ length: SHARDS }, (_, index) => PulumiProject.create({ ...common, shard: `${index + 1}/${SHARDS}` })),
    );
    const csv = ["serialNumber", ...serials, ""].join("\n");
    for (const project of projects) {
      await project.write("requests/fleet.csv", csv);
      await project.write(
        "requests/a.yaml",
        "requests:\n  - name: fleet\n    devicesFrom: fleet.csv\n    reason: All of them\n    steps: [syncDevice]\n",
      );
    }
    await projects[0]?.command("ledger", ["init", "--ledger", ledger], env());
    return started;
  }

  const up = () => Promise.all(projects.map((project) => project.run(["up", "--yes", "--skip-preview", "--parallel", "64"], env())));
  const troubles = (runs: readonly PulumiRun[]) =>
    runs.flatMap(({ code, text }) => (code === 0 ? [] : text.split("\n").filter((line) => /error|refused|failed/.test(line))));
  const outcomes = async () => {
    const summaries = await Promise.all(projects.map(async (project) => (await project.stackOutputs()).summary));
    const counts = new Map<string, number>();
    for (const summary of summaries)
      for (const [outcome, count] of Object.entries(Object(summary))) counts.set(outcome, (counts.get(outcome) ?? 0) + Number(count));
    return Object.fromEntries([...counts].filter(([, count]) => count > 0));
  };
  const refused = (double: Emulator) => double.requests.filter(({ status }) => status === 429).length;

  test("2,000 requests: each is sent once, and a second run sends nothing", async () => {
    const double = await shardsOf(2_000, "off");

    const first = await up();
    const again = await up();

    expect([first, again].map(troubles)).toEqual([[], []]);
    const sent = double.actionCalls.map(({ serialNumber }) => serialNumber);
    expect([sent.length, new Set(sent).size]).toEqual([2_000, 2_000]);
    expect(await outcomes()).toEqual({ succeeded: 2_000 });
  });

  test("under Intune's limits no call of them is refused", async () => {
    const double = await shardsOf(500, {});

    const runs = await up();

    expect(troubles(runs)).toEqual([]);
    expect(double.actionCalls).toHaveLength(500);
    expect(refused(double)).toBe(0);
    expect(await outcomes()).toEqual({ succeeded: 500 });
  });
});

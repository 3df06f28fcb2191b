import { Command } from "commander";
import { runCommand } from "../cli/support/run-command.ts";
import type { RecordedRequest } from "../emulator/graph/journal.ts";
import { startEmulator } from "../emulator/graph/start-emulator.ts";
import { PulumiProject, type PulumiRun } from "../test/support/pulumi-project.ts";

/**
 * Runs of the real engine on emulated devices: how time, Graph requests and state grow with the
 * number of requests.
 */
interface Figures {
  readonly requests: number;
  readonly rows: readonly { readonly what: string; readonly seconds: number; readonly graphCalls: number }[];
  readonly stateBytesPerRequest: number;
  /** Reads of device and code in one, right before a wipe, for each wipe that was sent. */
  readonly lastLooksPerWipe: number;
}

async function measure(count: number): Promise<Figures> {
  const devices = Array.from({ length: count }, (_, index) => ({
    serialNumber: serialOf(index),
    operatingSystem: "iPadOS",
    model: "iPad",
    isSupervised: true,
  }));
  const emulator = await startEmulator({ devices, throttle: "off" });
  const project = await PulumiProject.create({ graphEndpoint: emulator.url, wait: "10s", maxDestructive: String(count) });
  try {
    await project.write("requests/fleet.csv", `serialNumber\n${devices.map((device) => device.serialNumber).join("\n")}\n`);
    await project.write("requests/fleet.yaml", ESCROWS);
    const rows = [];
    for (const [what, run] of steps(project)) {
      const before = emulator.requests.filter((request) => !request.batched).length;
      const start = performance.now();
      const { code, text } = await run();
      if (code !== 0) throw new Error(`${what} of ${count} ended with ${code}:\n${text.slice(-2000)}`);
      rows.push({
        what,
        seconds: (performance.now() - start) / 1000,
        graphCalls: emulator.requests.filter((request) => !request.batched).length - before,
      });
    }
    const resources = [...(await project.resources()).values()];
    const state = JSON.stringify(resources).length;
    return {
      requests: count,
      rows,
      stateBytesPerRequest: Math.round(state / resources.length),
      lastLooksPerWipe: lastLooksPerWipe(emulator.requests),
    };
  } finally {
    await project.remove();
    await emulator.close();
  }
}

function steps(project: PulumiProject): readonly (readonly [string, () => Promise<PulumiRun>])[] {
  // As npm run up sets them.
  const parallel = { PULUMI_PARALLEL: "64", PULUMI_SKIP_CHECKPOINTS: "true" };
  return [
    ["preview", () => project.run(["preview"], parallel)],
    ["up", () => project.run(["up", "--yes", "--skip-preview"], parallel)],
    ["up, nothing to do", () => project.run(["up", "--yes", "--skip-preview"], parallel)],
    ["preview, nothing to do", () => project.run(["preview"], parallel)],
    ["up, wiping", () => wipeAll(project, parallel)],
  ];
}

/** The same devices again, to be wiped. */
async function wipeAll(project: PulumiProject, parallel: Readonly<Record<string, string>>): Promise<PulumiRun> {
  await project.write("requests/fleet.yaml", `${ESCROWS}${WIPES}`);
  return project.run(["up", "--yes", "--skip-preview"], parallel);
}

const ESCROWS = `requests:
  - name: fleet
    devicesFrom: fleet.csv
    playbook: escrow-bypass-code
    reason: Before the summer refresh
`;

const WIPES = `  - name: wipe-fleet
    devicesFrom: fleet.csv
    steps: [escrowBypassCode, wipe]
    reason: After the summer refresh
    expires: 2099-12-31
    acknowledge: [dataLoss, physicalPossession]
`;

/** Nothing but the last look asks for device and code in one. */
function lastLooksPerWipe(requests: readonly RecordedRequest[]): number {
  const looks = requests.filter(({ path }) => path.includes("activationLockBypassCode") && path.includes("deviceName"));
  return looks.length / requests.filter(({ method, path }) => method === "POST" && path.endsWith("/wipe")).length;
}

function serialOf(index: number): string {
  return `DMPX${String(index).padStart(8, "0")}`;
}

function print(figures: Figures, base: Figures): void {
  console.log(
    `\n${figures.requests} requests, ${figures.stateBytesPerRequest} bytes of state each, ${figures.lastLooksPerWipe.toFixed(2)} last looks for each wipe`,
  );
  for (const [index, row] of figures.rows.entries()) {
    const ratio = row.seconds / (base.rows[index]?.seconds ?? row.seconds);
    console.log(
      `  ${row.what.padEnd(24)} ${row.seconds.toFixed(1).padStart(7)} s   ${ratio.toFixed(2).padStart(6)} x ${base.requests} requests   ${String(row.graphCalls).padStart(5)} Graph requests`,
    );
  }
}

await runCommand(
  new Command("npm run bench --")
    .description(
      "Preview, up and up again through the real engine on emulated devices; ratios within one run count, seconds are this machine's.",
    )
    .option("--sizes <list>", "numbers of requests, with commas; the first is the base of the ratios", "3,100,300")
    .action(async ({ sizes }: { sizes: string }) => {
      const counts = sizes.split(",").map(Number);
      let base: Figures | undefined;
      for (const count of counts) {
        const figures = await measure(count);
        base ??= figures;
        print(figures, base);
      }
    }),
);

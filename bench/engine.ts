import { Command } from "commander";
import { runCommand } from "../cli/support/run-command.ts";
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
}

async function measure(count: number): Promise<Figures> {
  const devices = Array.from({ length: count }, (_, index) => ({
    serialNumber: serialOf(index),
    operatingSystem: "iPadOS",
    model: "iPad",
    isSupervised: true,
  }));
  const emulator = await startEmulator({ devices, throttle: "off" });
  const project = await PulumiProject.create({ graphEndpoint: emulator.url, wait: "10s" });
  try {
    await project.write("requests/fleet.csv", `serialNumber\n${devices.map((device) => device.serialNumber).join("\n")}\n`);
    await project.write(
      "requests/fleet.yaml",
      "requests:\n  - name: fleet\n    devicesFrom: fleet.csv\n    playbook: escrow-bypass-code\n    reason: Before the summer refresh\n",
    );
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
    const state = JSON.stringify([...(await project.resources()).values()]).length;
    return { requests: count, rows, stateBytesPerRequest: Math.round(state / count) };
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
  ];
}

function serialOf(index: number): string {
  return `DMPX${String(index).padStart(8, "0")}`;
}

function print(figures: Figures, base: Figures): void {
  console.log(`\n${figures.requests} requests, ${figures.stateBytesPerRequest} bytes of state each`);
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

import { writeFile } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "@jest/globals";
import { startEmulator } from "../../emulator/graph/start-emulator.ts";
import { PulumiProject } from "../support/pulumi-project.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const SERIAL = "DMPX00000001";

test("the engine starts the provider by this project's own host, whatever stands on PATH", async () => {
  const device = { serialNumber: SERIAL, operatingSystem: "iPadOS", model: "iPad", isSupervised: true } as const;
  const emulator = await startEmulator({ devices: [device] });
  const project = await PulumiProject.create({ graphEndpoint: emulator.url, wait: "10s" });
  const folder = await temporaryFolder();
  await writeFile(path.join(folder, "pulumi-resource-pulumi-nodejs"), "#!/bin/sh\necho another launcher >&2\nexit 1\n", { mode: 0o755 });
  await project.write(
    "requests/a.yaml",
    `requests:\n  - {name: a, device: {serialNumber: ${SERIAL}}, playbook: escrow-bypass-code, reason: Before the summer refresh}\n`,
  );

  const { code, text } = await project.run(["up", "--yes", "--skip-preview"], { PATH: `${folder}${path.delimiter}${project.path}` });
  const outcome = (await project.resources()).get("a")?.outputs.outcome;
  await project.remove();
  await emulator.close();

  expect(text).not.toContain("another launcher");
  expect([code, outcome]).toEqual([0, "succeeded"]);
});

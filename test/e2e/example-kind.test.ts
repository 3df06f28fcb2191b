import { symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "@jest/globals";
import { startEmulator } from "../../emulator/graph/start-emulator.ts";
import { PulumiProject } from "../support/pulumi-project.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const ROOT = path.resolve(import.meta.dirname, "../..");
const IPAD = "DMPXK2ABCDEF";

/** A program of its own that uses the kind of resource of the how-to, and nothing else. */
async function exampleProgram(serialNumber: string): Promise<string> {
  const folder = await temporaryFolder();
  for (const name of ["providers", "review", "test", "node_modules", "package.json", "Pulumi.yaml"]) {
    await symlink(path.join(ROOT, name), path.join(folder, name));
  }
  await writeFile(
    path.join(folder, "index.js"),
    `import { DeviceFacts } from "./test/example-kind/device-facts.ts";
const { device } = new DeviceFacts("leeds-0042", { serialNumber: "${serialNumber}" });
export default { name: device.apply(({ deviceName }) => deviceName) };
`,
  );
  return folder;
}

test("the kind of resource of the how-to runs in the real engine: up, refresh, destroy", async () => {
  const emulator = await startEmulator({});
  const project = await PulumiProject.create({ graphEndpoint: emulator.url }, await exampleProgram(IPAD));
  try {
    const up = await project.up();
    const made = await project.stackOutputs();
    emulator.act(IPAD, "setDeviceName", { deviceName: "LEEDS-0042" });
    emulator.checkIn(IPAD);
    const again = await project.up("--refresh");
    const seen = await project.stackOutputs();
    const destroy = await project.run(["destroy", "--yes", "--skip-preview"]);

    expect([up.code, again.code, destroy.code]).toEqual([0, 0, 0]);
    expect([made, seen]).toEqual([{ name: "Leeds iPad 0042" }, { name: "LEEDS-0042" }]);
    expect(emulator.actionCalls).toEqual([]);
  } finally {
    await project.remove();
    await emulator.close();
  }
});

test("and says in one line what is wrong", async () => {
  const emulator = await startEmulator({});
  const project = await PulumiProject.create({ graphEndpoint: emulator.url }, await exampleProgram("NOBODYS"));
  try {
    const up = await project.up();

    expect(up.code).not.toBe(0);
    expect(up.text).toContain("no device has serial number NOBODYS");
    expect(up.text).not.toMatch(/\n\s+at /);
  } finally {
    await project.remove();
    await emulator.close();
  }
});

import { chmod, readFile, symlink, truncate, writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, test } from "@jest/globals";
import { ensurePulumi } from "../../cli/pulumi/ensure-pulumi.ts";
import { FakeMachine } from "./fake-tools.ts";

/** A script may have anything behind its end. */
const AS_LARGE_AS_THE_CLI = 21_000_000;

/** A machine with a CLI that writes down when it is asked, by the name of what it is. */
async function machineWith(version: string, { bytes = AS_LARGE_AS_THE_CLI, name = "pulumi" } = {}) {
  const machine = await FakeMachine.create();
  const asked = path.join(machine.folder, "asked");
  const install = async (told: string) => {
    const file = path.join(machine.folder, name);
    await writeFile(file, `#!/bin/sh\necho ${told} >> '${asked}'\necho v${told}\nexit 0\n`);
    if (bytes > 0) await truncate(file, bytes);
    await chmod(file, 0o755);
    return file;
  };
  await writeFile(asked, "");
  await symlink(await install(version), path.join(machine.bin, "pulumi"));
  return { machine, install, asked: async () => (await readFile(asked, "utf8")).split("\n").filter((line) => line !== "") };
}

describe("the version of the CLI", () => {
  test("is asked once", async () => {
    const { machine, asked } = await machineWith("3.201.0");

    const found = [await ensurePulumi(machine.options()), await ensurePulumi(machine.options())];

    expect(found.map(({ version }) => version)).toEqual(["3.201.0", "3.201.0"]);
    expect(await asked()).toEqual(["3.201.0"]);
  });

  test("is asked again where the file is another one", async () => {
    const { machine, install, asked } = await machineWith("3.201.0");
    await ensurePulumi(machine.options());
    await install("3.202.0");

    const found = [await ensurePulumi(machine.options()), await ensurePulumi(machine.options())];

    expect(found.map(({ version }) => version)).toEqual(["3.202.0", "3.202.0"]);
    expect(await asked()).toEqual(["3.201.0", "3.202.0"]);
  });

  test.each([
    ["is small, as a version manager's script", { bytes: 0 }],
    ["is called otherwise behind its link, as a version manager's program", { name: "mise" }],
  ])("is asked each time of what %s: it may start another version tomorrow", async (_what, file) => {
    const { machine, asked } = await machineWith("3.201.0", file);

    for (let count = 0; count < 2; count++) await ensurePulumi(machine.options());

    expect(await asked()).toEqual(["3.201.0", "3.201.0"]);
  });

  test.each([
    ["others can write into the folder", (machine: FakeMachine) => chmod(machine.cache, 0o777)],
    ["the file is damaged", (machine: FakeMachine) => writeFile(path.join(machine.cache, "pulumi-versions.json"), '[{"file":1},')],
  ])("is asked again where %s", async (_what, spoil) => {
    const { machine, asked } = await machineWith("3.201.0");
    await ensurePulumi(machine.options());
    await spoil(machine);

    const { version } = await ensurePulumi(machine.options());

    expect(version).toBe("3.201.0");
    expect(await asked()).toHaveLength(2);
  });
});

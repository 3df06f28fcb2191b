import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, test } from "@jest/globals";
import { ensurePulumi } from "../../cli/pulumi/ensure-pulumi.ts";
import { FakeMachine } from "./fake-tools.ts";

describe("where the Pulumi CLI is taken from", () => {
  test("PATH comes before the cache", async () => {
    const machine = await FakeMachine.create();
    const command = await machine.pulumi("3.200.0");
    await machine.cached();

    const found = await ensurePulumi(machine.options());

    expect(found).toEqual({ command, pathPrefix: null, version: "3.200.0", from: "path" });
    expect(machine.said).toEqual([]);
  });

  test("one on PATH that is too old is named and passed over", async () => {
    const machine = await FakeMachine.create();
    const old = await machine.pulumi("3.199.9");
    await machine.cached();

    const found = await ensurePulumi(machine.options());

    expect(found).toEqual({
      command: path.join(machine.installation, "pulumi"),
      pathPrefix: machine.installation,
      version: "3.255.0",
      from: "cache",
    });
    expect(machine.said).toEqual([`pulumi: ${old} is 3.199.9, older than the 3.200.0 needed; looking further`]);
  });

  test("one on PATH that does not start is named and passed over", async () => {
    const machine = await FakeMachine.create();
    const broken = await machine.program("pulumi", "process.exit(126);");
    await machine.cached();

    const found = await ensurePulumi(machine.options());

    expect(found.from).toBe("cache");
    expect(machine.said).toEqual([`pulumi: ${broken} ends with exit code 126 when asked for its version; looking further`]);
  });

  test("the cache comes before the download and the compile", async () => {
    const machine = await FakeMachine.create();
    await machine.cached();
    await machine.go();

    const found = await ensurePulumi(machine.options({ PULUMI_DOWNLOAD: "http://127.0.0.1:9" }));

    expect(found.from).toBe("cache");
    expect(machine.said).toEqual([]);
    expect(await machine.calls("go")).toEqual([]);
  });

  test("relative entries of PATH are not looked at", async () => {
    const machine = await FakeMachine.create();
    await machine.pulumi("3.300.0");
    await machine.cached();

    const found = await ensurePulumi(machine.options({ PATH: path.relative(process.cwd(), machine.bin) }));

    expect(found.from).toBe("cache");
  });
});

describe("a cached CLI that does not work is thrown away and made anew", () => {
  test.each([
    ["ends with an error", "process.exit(1);", "ends with exit code 1 when asked for its version"],
    ["dies", "process.kill(process.pid, 'SIGSEGV'); setTimeout(() => {}, 60_000);", "was ended by SIGSEGV when asked for its version"],
    ["says nothing", "", "does not tell its version"],
  ])("it %s", async (_what, body, why) => {
    const machine = await FakeMachine.create();
    await machine.cached();
    await machine.program("pulumi", body, machine.installation);
    await machine.go();

    const found = await ensurePulumi(machine.options());

    expect(found.from).toBe("compiled");
    expect(machine.said).toContain(`pulumi: the CLI in ${machine.installation} ${why}; it is thrown away and made anew`);
    expect((await ensurePulumi(machine.options())).from).toBe("cache");
  });

  test("it is no program", async () => {
    const machine = await FakeMachine.create();
    await machine.cached();
    await writeFile(path.join(machine.installation, "pulumi"), Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0, 0, 0, 0]));
    await machine.go();

    const found = await ensurePulumi(machine.options());

    expect(found.from).toBe("compiled");
    expect(await readFile(found.command, "utf8")).toContain("echo v3.255.0");
  });

  test("its language host is missing", async () => {
    const machine = await FakeMachine.create();
    await machine.pulumi("3.255.0", "", machine.installation);
    await machine.go();

    const found = await ensurePulumi(machine.options());

    expect(found.from).toBe("compiled");
    expect(machine.said).toContain(`pulumi: the CLI in ${machine.installation} is incomplete; it is thrown away and made anew`);
  });
});

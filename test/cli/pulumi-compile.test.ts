import { readFile, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, test } from "@jest/globals";
import { cannotWrite } from "../../cli/pulumi/cache-folder.ts";
import { ensurePulumi } from "../../cli/pulumi/ensure-pulumi.ts";
import { FakeMachine } from "./fake-tools.ts";

describe("compiling the CLI from Go modules", () => {
  test("fetches modules, builds both programs, and installs them with their launchers in one step", async () => {
    const machine = await FakeMachine.create();
    await machine.go();

    const found = await ensurePulumi(machine.options({ GOFLAGS: "-mod=mod", GOOS: "plan9", GOWORK: "/elsewhere/go.work" }));

    expect(found).toEqual({
      command: path.join(machine.installation, "pulumi"),
      pathPrefix: machine.installation,
      version: "3.255.0",
      from: "compiled",
    });
    const calls = (await machine.calls("go")).map((call) => `${path.basename(call.cwd)}: ${call.args.slice(0, 2).join(" ")}`);
    expect(calls.slice(1)).toEqual([
      "pulumi: mod download",
      "pulumi-language-nodejs: mod download",
      "pulumi: build -trimpath",
      "pulumi-language-nodejs: build -trimpath",
    ]);
    const build = (await machine.calls("go")).at(-1);
    expect(build?.env).toMatchObject({ GOTOOLCHAIN: "local", GOFLAGS: "-mod=readonly", GOWORK: "off" });
    expect(build?.env).not.toHaveProperty("GOOS");
    expect(await machine.cacheEntries()).toEqual([path.basename(machine.installation)]);
  });

  test("starts the older language host so that Node runs the programs by itself", async () => {
    const machine = await FakeMachine.create();
    await machine.go();
    await ensurePulumi(machine.options());

    const launcher = path.join(machine.installation, "pulumi-language-nodejs");

    expect(await readFile(launcher, "utf8")).toContain('pulumi-language-nodejs-3.68.0" -typescript=false "$@"');
    expect((await stat(launcher)).mode & 0o111).toBe(0o111);
    expect((await stat(path.join(machine.installation, "pulumi-resource-pulumi-nodejs"))).mode & 0o111).toBe(0o111);
  });

  test("tells each part, and how long it takes", async () => {
    const machine = await FakeMachine.create();
    await machine.go();

    await ensurePulumi(machine.options());

    expect(machine.said).toEqual([
      "pulumi: no download: PULUMI_DOWNLOAD is off",
      "pulumi: compiling it with go1.26.8 instead",
      "pulumi: fetching the Go modules of the Pulumi CLI (up to a minute)",
      "pulumi: compiling the Pulumi CLI 3.255.0 (once; 4 to 12 minutes)",
      "pulumi: compiling its host for Node programs (half a minute)",
      expect.stringMatching(/^pulumi: 3\.255\.0 is installed in .* after \d+ s$/),
    ]);
  });
});

describe("when the CLI cannot be had", () => {
  test("without Go, all that was tried is named, and what to do", async () => {
    const machine = await FakeMachine.create();

    const attempt = ensurePulumi(machine.options());

    await expect(attempt).rejects.toMatchObject({
      disposition: "wrongUse",
      message: [
        "no Pulumi CLI can be had:",
        "  - pulumi is not on PATH",
        "  - no download: PULUMI_DOWNLOAD is off",
        "  - Go, which could compile it, is not on PATH",
      ].join("\n"),
      hint: expect.stringContaining("install Go >= 1.25.11"),
    });
    expect(await machine.cacheEntries()).toEqual([]);
  });

  test("a Go that is too old is named with its version", async () => {
    const machine = await FakeMachine.create();
    const go = await machine.go("1.25.10");

    const attempt = ensurePulumi(machine.options());

    await expect(attempt).rejects.toMatchObject({
      disposition: "wrongUse",
      message: expect.stringContaining(`${go} is go1.25.10, and compiling it needs at least 1.25.11`),
    });
    expect((await machine.calls("go")).map((call) => call.args)).toEqual([["version"]]);
  });

  test("a failed compile shows the end of what Go said, and keeps nothing", async () => {
    const machine = await FakeMachine.create();
    await machine.go("1.26.8", `console.error("first line\\nundefined: frobnicate"); process.exit(1);`);

    const attempt = ensurePulumi(machine.options());

    await expect(attempt).rejects.toMatchObject({
      disposition: "service",
      message: "compiling the Pulumi CLI 3.255.0 failed\n  | first line\n  | undefined: frobnicate",
    });
    expect(await machine.cacheEntries()).toEqual([]);
  });

  test("modules that cannot be fetched are told apart from a failed compile", async () => {
    const machine = await FakeMachine.create();
    await machine.program(
      "go",
      `if (args[0] === "version") console.log("go version go1.26.8 linux/amd64");
       if (args[0] === "mod") { console.error("dial tcp: lookup proxy: no such host"); process.exit(1); }`,
    );

    const attempt = ensurePulumi(machine.options());

    await expect(attempt).rejects.toMatchObject({
      disposition: "service",
      message: "the Go modules of the Pulumi CLI could not be fetched\n  | dial tcp: lookup proxy: no such host",
      hint: expect.stringContaining("go env GOPROXY"),
    });
  });

  test("a compiled program that does not start is not kept", async () => {
    const machine = await FakeMachine.create();
    await machine.program(
      "go",
      `if (args[0] === "version") console.log("go version go1.26.8 linux/amd64");
       if (args[0] === "build") fs.writeFileSync(args[args.indexOf("-o") + 1], "#!/bin/sh\\nexit 3\\n", { mode: 0o755 });`,
    );

    const attempt = ensurePulumi(machine.options());

    await expect(attempt).rejects.toThrow("the Pulumi CLI that was just made (compiled) ends with exit code 3");
    expect(await machine.cacheEntries()).toEqual([]);
  });

  test("a cache folder that cannot be made is named with the setting that moves it", async () => {
    const machine = await FakeMachine.create();
    await machine.go();
    await writeFile(machine.cache, "a file where the folder should be");

    const attempt = ensurePulumi(machine.options());

    await expect(attempt).rejects.toMatchObject({
      disposition: "wrongUse",
      message: expect.stringContaining(`the cache folder ${machine.cache} cannot be written`),
      hint: expect.stringContaining("DEVICE_LIFECYCLE_CACHE"),
    });
  });

  test.each(["ENOSPC", "EDQUOT"])("a full disk (%s) is told as one", (code) => {
    const full = Object.assign(new Error("write failed"), { code });

    const told = cannotWrite("/some/cache", full);

    expect(told).toMatchObject({ disposition: "wrongUse", message: expect.stringContaining("no disk space is left"), cause: full });
  });

  test("an error that is not about the folder stays what it is", () => {
    const other = new Error("something else");

    expect(cannotWrite("/some/cache", other)).toBe(other);
  });
});

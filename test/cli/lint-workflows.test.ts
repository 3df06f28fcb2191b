import { chmod, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { beforeEach, expect, jest, test } from "@jest/globals";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { SpawnedCommand } from "./spawned-command.ts";

jest.setTimeout(60_000);

const TOOL = `actionlint-1.7.12-${process.platform}-${process.arch}`;

let bin: string;
let cache: string;

beforeEach(async () => {
  const folder = await temporaryFolder();
  [bin, cache] = [path.join(folder, "bin"), path.join(folder, "cache")];
  for (const one of [bin, cache]) await mkdir(one);
});

async function program(file: string, script: string): Promise<void> {
  await writeFile(file, `#!/bin/sh\n${script}\n`);
  await chmod(file, 0o755);
}

const lint = (env: Readonly<Record<string, string>> = {}, files: readonly string[] = []) =>
  new SpawnedCommand("lint-workflows.ts", files, { PATH: bin, HOME: path.dirname(bin), DEVICE_LIFECYCLE_CACHE: cache, ...env }).ended;

test("without Go a person is told in one line, and goes on; CI does not", async () => {
  const [person, ci] = [await lint(), await lint({ CI: "true" })];

  expect(person.stderr).toBe(
    `the workflows are not checked: actionlint is not in ${cache}, and Go, which could compile it, is not on PATH; CI checks them (https://go.dev/dl/ has Go)\n`,
  );
  expect([person.code, ci.code]).toEqual([0, 1]);
});

test("it is compiled once, from the versions that are pinned, and every workflow is handed to it", async () => {
  const flags = path.join(path.dirname(bin), "flags");
  const tool = `printf '#!/bin/sh\\necho "$@"\\nexit 1\\n' > "$5"; /bin/chmod 755 "$5"`;
  await program(path.join(bin, "go"), `echo "$GOFLAGS $GOTOOLCHAIN" > "${flags}"; ${tool}`);

  const [first, second] = [await lint(), await lint()];

  expect(await readFile(flags, "utf8")).toBe("-mod=readonly local\n");
  expect(first.stderr.split("\n")[0]).toBe("compiling actionlint 1.7.12, once");
  expect(await readdir(cache)).toEqual([TOOL]);
  expect([first.code, second.code]).toEqual([1, 1]);
  for (const name of ["follow", "preview", "up-stack", "up", "validate"]) expect(second.stderr).toContain(`/.github/workflows/${name}.yml`);
});

test("what cannot be compiled is told, leaves nothing behind, and fails CI", async () => {
  await program(path.join(bin, "go"), `echo half > "$5"; echo "no network" >&2; exit 1`);

  const run = await lint({ CI: "true" });

  expect([run.code, run.stderr]).toEqual([1, expect.stringContaining("actionlint could not be compiled:\nno network")]);
  expect(await readdir(cache)).toEqual([]);
});

test("its complaints are shown, and fail the check", async () => {
  await program(path.join(cache, TOOL), `echo "a.yml:1:1: unknown key"; exit 1`);
  const wrong = await lint({}, ["a.yml"]);
  await program(path.join(cache, TOOL), "exit 0");
  const right = await lint({}, ["a.yml"]);

  expect([wrong.code, wrong.stderr, right.code, right.stderr]).toEqual([1, "a.yml:1:1: unknown key\n", 0, ""]);
});

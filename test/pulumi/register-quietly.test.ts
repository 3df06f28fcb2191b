import { execFileSync } from "node:child_process";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { expect, test } from "@jest/globals";

const at = (file: string) => JSON.stringify(pathToFileURL(path.resolve(import.meta.dirname, "../..", file)).href);

/** What a process of Node's own prints: jest has stack traces of its own kind. */
function printed(code: string): unknown {
  const script = `const { registerQuietly } = await import(${at("providers/pulumi/program/register-quietly.ts")}); ${code}`;
  return JSON.parse(execFileSync(process.execPath, ["--input-type=module", "-e", script], { encoding: "utf8" }));
}

test("while resources are registered no stack trace is taken, and afterwards one line of each is", () => {
  const said = printed(`
    const within = registerQuietly(() => { Error.stackTraceLimit = Infinity; return new Error("x").stack ?? null; });
    try { registerQuietly(() => { throw new Error("y"); }); } catch {}
    console.log(JSON.stringify([within, new Error("x").stack.split("\\n").length]));`);

  expect(said).toEqual([null, 2]);
});

test("the SDK registers with an empty stack trace, and sends no line for the debug log", () => {
  const said = printed(`
    const { Resource } = (await import(${at("node_modules/@pulumi/pulumi/resource.js")})).default;
    const settings = (await import(${at("node_modules/@pulumi/pulumi/runtime/settings.js")})).default;
    const log = (await import(${at("node_modules/@pulumi/pulumi/log/index.js")})).default;
    let calls = 0;
    settings.getEngine = () => ({ log: () => calls++ });
    const trace = registerQuietly(() => Resource.stackTrace(0));
    await log.debug("x");
    console.log(JSON.stringify([trace, calls]));`);

  expect(said).toEqual([[], 0]);
});

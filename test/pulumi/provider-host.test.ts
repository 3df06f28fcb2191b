import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { access, constants, readFile, writeFile } from "node:fs/promises";
import { type AddressInfo, createServer, type Socket } from "node:net";
import path from "node:path";
import { setTimeout } from "node:timers/promises";
import { credentials } from "@grpc/grpc-js";
import { describe, expect, test } from "@jest/globals";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import { CreateRequest, InvokeRequest, InvokeResponse } from "@pulumi/pulumi/proto/provider_pb.js";
import { Empty } from "google-protobuf/google/protobuf/empty_pb.js";
import { Struct } from "google-protobuf/google/protobuf/struct_pb.js";
import { parse } from "yaml";
import { temporaryFolder } from "../support/temporary-folder.ts";

const ROOT = path.resolve(import.meta.dirname, "../..");
const HOST = path.join(ROOT, "providers/pulumi/host");
const SDK = path.join(ROOT, "node_modules/@pulumi/pulumi");

interface Ended {
  readonly stdout: string;
  /** Packages of which the process has loaded a module, and whether V8 was given flags. */
  readonly packages: readonly string[];
  readonly hasFlags: boolean;
}

/** Runs a script in the project's folder, and ends it once it has said enough. */
async function run(
  args: readonly string[],
  { env = {}, isDone }: { env?: Record<string, string>; isDone?: (stdout: string) => boolean } = {},
): Promise<Ended> {
  const reporter = path.join(await temporaryFolder(), "reporter.cjs");
  await writeFile(reporter, REPORTER);
  const { TRACEPARENT: _, ...inherited } = process.env;
  const child = spawn(process.execPath, ["--require", reporter, ...args], {
    cwd: ROOT,
    env: { ...inherited, ...env },
    stdio: ["ignore", "pipe", "ignore"],
  });
  let stdout = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
    if (isDone?.(stdout) === true) child.kill("SIGTERM");
  });
  await new Promise((resolve) => child.once("close", resolve));
  const [said = "", report = "{}"] = stdout.split("\nREPORT ");
  return { stdout: said, ...(JSON.parse(report) as Omit<Ended, "stdout">) };
}

const REPORTER = `
process.once("SIGTERM", () => process.exit(0));
process.on("exit", () => {
  // What only stands in for a module was looked for nowhere.
  const names = Object.keys(require.cache).filter((file) => require.cache[file].paths !== undefined);
  const packages = names.map((file) => /node_modules\\/((?:@[^/]+\\/)?[^/]+)/.exec(file)?.[1]).filter(Boolean);
  let hasFlags = true;
  try { new Function("return %IsSmi(1)"); } catch { hasFlags = false; }
  console.log("\\nREPORT " + JSON.stringify({ packages: [...new Set(packages)], hasFlags }));
});
`;

describe("the provider's host", () => {
  const start = ["-e", `process.argv.push("host", "127.0.0.1:1"); import(${JSON.stringify(path.join(HOST, "dynamic-provider.js"))})`];
  const isListening = (stdout: string) => /^\d+\n/.test(stdout);

  test("tells the engine its port, and loads no TypeScript and no installer", async () => {
    const { stdout, packages } = await run(start, { isDone: isListening });

    expect(Number(stdout)).toBeGreaterThan(0);
    expect(packages).toEqual(expect.arrayContaining(["@pulumi/pulumi", "@grpc/grpc-js"]));
    for (const name of ["typescript", "@npmcli/arborist", "js-yaml", "source-map"]) expect(packages).not.toContain(name);
  });

  test("keeps what it compiled although it is killed", async () => {
    const cache = await temporaryFolder();

    const first = await foundCompiled(start, cache);
    const second = await foundCompiled(start, cache);

    expect(first).toEqual([]);
    expect(second.length).toBeGreaterThan(100);
  });

  test.each([
    ["our provider", 'console.log("configured");', "provider/session.ts"],
    [
      "what its first work loaded",
      'require("yaml"); provider.create({ request: { name: "a" } }).catch(() => console.log("ended"));',
      "/yaml/",
    ],
  ])("keeps %s", async (_what, then, kept) => {
    const cache = await temporaryFolder();
    const configured = `const provider = require("./providers/pulumi/provider.ts");
      provider.configure({ config: { get: () => undefined } });`;

    await foundCompiled(["-e", `${configured}${then}`], cache);
    const second = await foundCompiled(["-e", `${configured}${then}`], cache);

    expect(second).toContainEqual(expect.stringContaining(kept));
  });

  test("tells our provider that the engine was interrupted, and answers it as ever", async () => {
    const listen = `import("./providers/pulumi/provider/interrupted.ts").then(({ onceInterrupted }) => {
      onceInterrupted(() => console.log("interrupted"));
      process.argv.push("host", "127.0.0.1:1");
      return import(${JSON.stringify(path.join(HOST, "dynamic-provider.js"))});
    }).then(() => setTimeout(() => console.log("late"), 60_000));`;
    const child = spawn(process.execPath, ["-e", listen], { cwd: ROOT, stdio: ["ignore", "pipe", "ignore"] });
    let said = "";
    const port = new Promise<string>((resolve) => {
      child.stdout.setEncoding("utf8").on("data", (text: string) => {
        said += text;
        const [first = ""] = said.split("\n", 1);
        if (/^\d+$/.test(first)) resolve(first);
      });
    });
    const client = new ResourceProviderClient(`127.0.0.1:${await port}`, credentials.createInsecure());

    const answered = await new Promise((resolve) => client.cancel(new Empty(), (error: unknown) => resolve(error ?? "answered")));

    client.close();
    child.kill("SIGKILL");
    await new Promise((resolve) => child.once("close", resolve));
    expect(answered).toBe("answered");
    expect(said.split("\n").slice(1)).toEqual(["interrupted", ""]);
  });

  test("answers the program's early question with nothing, and ends itself once the engine is gone", async () => {
    const { client, child, ended, killEngine } = await hosted();

    const answer = await new Promise((resolve) =>
      client.invoke(new InvokeRequest(), (error: unknown, response: unknown) => resolve(error ?? response)),
    );
    client.close();
    const lived = child.exitCode === null;
    killEngine();

    expect(answer).toBeInstanceOf(InvokeResponse);
    expect(lived).toBe(true);
    expect(await ended).toEqual([1, null]);
  });

  test("goes on to the end of what is under way when the engine is gone, and ends itself then", async () => {
    const { client, ended, killEngine } = await hosted();
    const folder = await temporaryFolder();
    const [begun, done] = ["begun", "done"].map((name) => path.join(folder, name));
    const code = `exports.handler = () => ({ create: async () => {
      const { writeFileSync } = require("node:fs");
      writeFileSync(${JSON.stringify(begun)}, "");
      await new Promise((resolve) => setTimeout(resolve, 3_000));
      writeFileSync(${JSON.stringify(done)}, "");
      return { id: "a", outs: {} };
    } })`;
    const request = new CreateRequest();
    request.setProperties(Struct.fromJavaScript({ __provider: code }));
    client.create(request, () => undefined);
    while (!existsSync(String(begun))) await setTimeout(20);

    killEngine();

    expect(await ended).toEqual([1, null]);
    client.close();
    await access(String(done));
  });

  test("is what Pulumi.yaml names for the SDK's providers, on every system", async () => {
    const project: unknown = parse(await readFile(path.join(ROOT, "Pulumi.yaml"), "utf8"));

    expect(project).toMatchObject({ plugins: { providers: [{ name: "pulumi-nodejs", path: "providers/pulumi/host" }] } });
    await access(path.join(HOST, "pulumi-resource-pulumi-nodejs"), constants.X_OK);
    expect(await readFile(path.join(HOST, "pulumi-resource-pulumi-nodejs.cmd"), "utf8")).toContain("dynamic-provider.js");
  });
});

/** The host, beside an engine that only listens. */
async function hosted() {
  const engine = createServer().listen(0, "127.0.0.1");
  await once(engine, "listening");
  const connections: Socket[] = [];
  engine.on("connection", (socket) => connections.push(socket));
  const args = [path.join(HOST, "dynamic-provider.js"), `127.0.0.1:${(engine.address() as AddressInfo).port}`];
  const child = spawn(process.execPath, args, { cwd: ROOT, stdio: ["ignore", "pipe", "ignore"] });
  const ended = once(child, "close");
  const [said] = await once(child.stdout.setEncoding("utf8"), "data");
  const client = new ResourceProviderClient(`127.0.0.1:${String(said).trim()}`, credentials.createInsecure());
  const killEngine = () => {
    engine.close();
    for (const socket of connections) socket.destroy();
  };
  return { client, child, ended, killEngine };
}

/**
 * Files of a start that Node found compiled. The process is killed once it has said something, as
 * the engine does.
 */
async function foundCompiled(args: readonly string[], cache: string): Promise<readonly string[]> {
  const env = { NODE_COMPILE_CACHE: cache, NODE_DEBUG_NATIVE: "COMPILE_CACHE" };
  const child = spawn(process.execPath, args, { cwd: ROOT, env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (said += text));
  child.stdout.once("data", () => child.kill("SIGKILL"));
  await new Promise((resolve) => child.once("close", resolve));
  return said.split("\n").filter((line) => line.includes("was accepted"));
}

describe("the program's process", () => {
  const lighten = ["--require", path.join(HOST, "lighten-program.cjs")];

  async function program(args: readonly string[], env: Record<string, string> = {}): Promise<Ended> {
    const file = path.join(await temporaryFolder(), "program.js");
    await writeFile(file, "");
    const place = ["--monitor", "127.0.0.1:1", "--engine", "127.0.0.1:1", "--project", "p", "--stack", "s"];
    return run([...args.slice(0, 2), path.join(SDK, "cmd/run/index.js"), ...place, ...args.slice(2), file], { env });
  }

  test("is started without what only serialized closures, traces and source maps need, and without flags for V8", async () => {
    const { packages, hasFlags } = await program(lighten);

    expect(packages).toContain("@pulumi/pulumi");
    for (const name of ["@opentelemetry/sdk-trace-node", "require-in-the-middle", "source-map"]) expect(packages).not.toContain(name);
    expect(hasFlags).toBe(false);
  });

  test("has all of it where a run is traced", async () => {
    const traced = await program([...lighten, "--tracing=http://127.0.0.1:1/api/v1/spans"]);
    const child = await program(lighten, { TRACEPARENT: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01" });

    for (const { packages, hasFlags } of [traced, child]) {
      expect(packages).toEqual(expect.arrayContaining(["@opentelemetry/sdk-trace-node", "source-map"]));
      expect(hasFlags).toBe(true);
    }
  });

  test("leaves every other process of Node's as it is", async () => {
    const { packages } = await run([...lighten, "-e", ""]);

    expect(packages).toEqual([]);
  });
});

describe("a part in place of a module", () => {
  /** What a process of Node's prints that has a part in place of a whole module. */
  async function standing(code: string): Promise<unknown> {
    const folder = await temporaryFolder();
    await writeFile(path.join(folder, "whole.cjs"), "console.log('loaded'); exports.small = 'whole'; exports.large = 1;");
    const prelude = `const { standIn } = require(${JSON.stringify(path.join(HOST, "stand-in.cjs"))});
      const file = ${JSON.stringify(path.join(folder, "whole.cjs"))};
      const say = (value) => console.log(JSON.stringify(value) ?? "undefined");`;
    const { stdout } = await run(["-e", `${prelude}\n${code}`]);
    return stdout.trim().split("\n");
  }

  test("answers for itself, and loads the whole once for anything else", async () => {
    const said = await standing(`standIn(file, { small: "part" });
      const module = require(file);
      say(module.small); say(module.large); say(module.other); say(require(file).small);`);

    expect(said).toEqual(['"part"', "loaded", "1", "undefined", '"whole"']);
  });

  test("lists what the whole has", async () => {
    const said = await standing(
      `standIn(file, { small: "part" }); const module = require(file); say("large" in module); say({ ...module });`,
    );

    expect(said).toEqual(["loaded", "true", '{"small":"part","large":1}']);
  });

  test("is not put in place of what is loaded", async () => {
    const said = await standing(`require(file); standIn(file, { small: "part" }); say(require(file).small);`);

    expect(said).toEqual(["loaded", '"whole"']);
  });
});

import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer, type Socket } from "node:net";
import path from "node:path";
import { expect, test } from "@jest/globals";
import { closedPort } from "../support/closed-port.ts";
import { policyOf } from "../support/fakes-policies.ts";

const ROOT = path.resolve(import.meta.dirname, "../..");

test("a process that has policies alone ends with its engine, and not before", async () => {
  const sockets: Socket[] = [];
  const engine = createServer((socket) => sockets.push(socket)).listen(0, "127.0.0.1");
  await once(engine, "listening");
  const address = engine.address();
  const settings = { "device-lifecycle:graphEndpoint": `http://127.0.0.1:${await closedPort()}` };
  const code = `process.argv.push("127.0.0.1:${typeof address === "object" ? address?.port : ""}");
    const provider = require("./providers/pulumi/policy-provider.ts");
    provider.configure({ config: { get: (key) => (${JSON.stringify(settings)})[key] } });
    provider.read("a", { policy: ${JSON.stringify(policyOf())}, id: null }).catch(() => {}).finally(() => console.log("looked"));
    setInterval(() => {}, 60_000);`;
  const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", "-e", code], {
    cwd: ROOT,
    stdio: ["ignore", "pipe", "inherit"],
    // Where it does not end by itself.
    timeout: 60_000,
  });
  try {
    await once(child.stdout, "data");
    expect(child.exitCode).toBeNull();

    engine.close();
    for (const socket of sockets) socket.destroy();
    const [exitCode] = await once(child, "exit");

    expect(exitCode).toBe(1);
  } finally {
    child.kill("SIGKILL");
    engine.close();
  }
});

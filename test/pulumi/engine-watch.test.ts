import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer, type Server, type Socket } from "node:net";
import { afterEach, describe, expect, test } from "@jest/globals";
import { watchEngine } from "../../providers/pulumi/provider/engine-watch.ts";

const children: ChildProcess[] = [];

afterEach(() => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
});

const LISTENS = 'const s = require("node:net").createServer(() => {}).listen(0, "127.0.0.1", () => console.log(s.address().port))';

/** A process that listens, as the engine does, and its address as Pulumi hands it to a provider. */
async function startEngine(): Promise<{ readonly child: ChildProcess; readonly argument: string }> {
  const child = spawn(process.execPath, ["-e", LISTENS], { stdio: ["ignore", "pipe", "inherit"] });
  children.push(child);
  const [port] = await once(child.stdout ?? process.stdin, "data");
  return { child, argument: `127.0.0.1:${String(port).trim()}` };
}

function watch(...arguments_: readonly string[]) {
  const { promise: gone, resolve } = Promise.withResolvers<void>();
  return { gone, ...watchEngine(["node", "provider", ...arguments_], resolve) };
}

describe("an engine", () => {
  test("that listens lives, also while it is too busy to answer", async () => {
    const { child, argument } = await startEngine();
    const { lives } = watch(argument);

    const quick = await lives();
    child.kill("SIGSTOP");

    expect([quick, await lives(), await lives()]).toEqual([true, true, true]);
  });

  test("that was killed does not live at the next look, and is told of once", async () => {
    const { child, argument } = await startEngine();
    const { lives, gone } = watch(argument);
    const before = await lives();

    child.kill("SIGKILL");
    await once(child, "exit");

    expect([before, await lives()]).toEqual([true, false]);
    await gone;
  });

  test("that nobody names always lives", async () => {
    expect(await watch("--logtostderr", "127.0.0.1:x", "10.0.0.1:80").lives()).toBe(true);
  });

  test("that only ends a connection lives", async () => {
    const sockets: Socket[] = [];
    const server: Server = createServer((socket) => sockets.push(socket)).listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    let isGone = false;
    const { lives } = watchEngine([`127.0.0.1:${typeof address === "object" ? address?.port : ""}`], () => {
      isGone = true;
    });
    await once(server, "connection");

    for (const socket of sockets) socket.destroy();
    await once(server, "connection");

    expect([isGone, await lives()]).toEqual([false, true]);
    for (const socket of sockets) socket.destroy();
    server.close();
  });
});

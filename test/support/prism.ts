import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const require = createRequire(import.meta.url);
const PRISM = require.resolve("@stoplight/prism-cli");

export interface Prism {
  readonly url: string;
  stop(): Promise<void>;
}

/**
 * Prism as a process of its own that holds every call to `upstream` and every answer against an
 * OpenAPI description, and refuses what does not fit:
 * https://docs.stoplight.io/docs/prism/f51bcc80a02db-validation-proxy
 */
export async function startPrism(document: object, upstream: string): Promise<Prism> {
  const folder = await mkdtemp(path.join(tmpdir(), "device-lifecycle-prism-"));
  const file = path.join(folder, "contract.json");
  await writeFile(file, JSON.stringify(document));
  const port = await freePort();
  const options = ["--errors", "--no-multiprocess", "--verboseLevel", "error", "--host", "127.0.0.1", "--port", `${port}`];
  const child = spawn(process.execPath, [PRISM, "proxy", ...options, file, upstream], { stdio: ["ignore", "pipe", "pipe"] });
  const stop = async () => {
    await end(child);
    await rm(folder, { recursive: true, force: true });
  };
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (chunk: string) => {
      output = (output + chunk).slice(-4_000);
    });
  const url = `http://127.0.0.1:${port}`;
  try {
    while (!(await isReady(url))) {
      if (!isRunning(child)) throw new Error(`Prism ended before it was ready:\n${output}`);
      await sleep(50);
    }
  } catch (error) {
    await stop();
    throw error;
  }
  return { url, stop };
}

/** Whoever else took the port in the meantime does not answer like Prism. */
async function isReady(url: string): Promise<boolean> {
  try {
    const answer = await fetch(url);
    return isPrismProblem(answer.headers.get("content-type"), await answer.text());
  } catch {
    return false;
  }
}

/** True for an answer that Prism gives instead of the server behind it. */
function isPrismProblem(contentType: string | null | undefined, body: string): boolean {
  return contentType?.startsWith("application/problem+json") === true && body.includes("stoplight.io/prism/errors");
}

function isRunning(child: ChildProcess): boolean {
  return child.exitCode === null && child.signalCode === null;
}

async function end(child: ChildProcess): Promise<void> {
  if (!isRunning(child)) return;
  const exit = once(child, "exit");
  child.kill("SIGKILL");
  await exit;
}

/** Prism cannot be asked which port it was given, so it is told one. */
async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

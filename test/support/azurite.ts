import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { Redacted } from "../../providers/domain/redacted.ts";

const MAIN = fileURLToPath(import.meta.resolve("azurite/dist/src/blob/main.js"));
const ACCOUNT = "devicelifecycle";

/** Microsoft's own double of Azure Storage, in memory, on a free port, with a key of its own. */
export interface Azurite {
  /** `http://127.0.0.1:PORT/ACCOUNT` */
  readonly account: string;
  /** Without `account`, for Azurite itself; with it, for a proxy in front of it. */
  connectionString(account?: string): Redacted<string>;
  stop(): Promise<void>;
}

export async function startAzurite(): Promise<Azurite> {
  const key = randomBytes(32).toString("base64");
  const flags = ["--inMemoryPersistence", "--silent", "--skipApiVersionCheck", "--disableTelemetry"];
  const server = spawn(process.execPath, [MAIN, "--blobPort", "0", ...flags], {
    env: { ...process.env, AZURITE_ACCOUNTS: `${ACCOUNT}:${key}` },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = once(server, "exit");
  let said = "";
  const address = new Promise<string>((resolve) => {
    server.stdout.setEncoding("utf8").on("data", (text: string) => {
      said += text;
      const found = /successfully listens on (http:\/\/\S+)/.exec(said)?.[1];
      if (found !== undefined) resolve(`${found}/${ACCOUNT}`);
    });
  });
  const account = await Promise.race([address, ended.then(([code]) => Promise.reject(new Error(`Azurite ended with ${code}: ${said}`)))]);
  return {
    account,
    connectionString: (at = account) =>
      new Redacted(`DefaultEndpointsProtocol=http;AccountName=${ACCOUNT};AccountKey=${key};BlobEndpoint=${at};`),
    stop: async () => {
      server.kill("SIGKILL");
      await ended;
    },
  };
}

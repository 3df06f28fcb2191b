import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { Redacted } from "../../providers/domain/redacted.ts";
import type { Certificate } from "./certificate.ts";

const MAIN = fileURLToPath(import.meta.resolve("azurite/dist/src/blob/main.js"));
const ACCOUNT = "devicelifecycle";

/** Microsoft's own double of Azure Storage, in memory, on a free port, with a key of its own. */
export interface Azurite {
  /** `http://127.0.0.1:PORT/ACCOUNT` */
  readonly account: string;
  readonly port: number;
  readonly accountName: string;
  readonly key: Redacted<string>;
  /** Without `account`, for Azurite itself; with it, for a proxy in front of it. */
  connectionString(account?: string): Redacted<string>;
  stop(): Promise<void>;
}

export interface AzuriteOptions {
  readonly accountName?: string;
  /**
   * With it: https, and tokens of Entra's are taken, as far as audience, issuer and time are right.
   */
  readonly certificate?: Certificate;
}

export async function startAzurite({ accountName = ACCOUNT, certificate }: AzuriteOptions = {}): Promise<Azurite> {
  const key = randomBytes(32).toString("base64");
  const folder = await mkdtemp(path.join(tmpdir(), "device-lifecycle-azurite-"));
  const flags = [
    "--inMemoryPersistence",
    "--silent",
    "--skipApiVersionCheck",
    "--disableTelemetry",
    ...(await httpsFlags(certificate, folder)),
  ];
  const server = spawn(process.execPath, [MAIN, "--blobPort", "0", ...flags], {
    env: { ...process.env, AZURITE_ACCOUNTS: `${accountName}:${key}` },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = once(server, "exit");
  let said = "";
  const address = new Promise<string>((resolve) => {
    server.stdout.setEncoding("utf8").on("data", (text: string) => {
      said += text;
      const found = /successfully listens on (https?:\/\/\S+)/.exec(said)?.[1];
      if (found !== undefined) resolve(`${found}/${accountName}`);
    });
  });
  const account = await Promise.race([address, ended.then(([code]) => Promise.reject(new Error(`Azurite ended with ${code}: ${said}`)))]);
  return {
    account,
    port: Number(new URL(account).port),
    accountName,
    key: new Redacted(key),
    connectionString: (at = account) =>
      new Redacted(
        `DefaultEndpointsProtocol=${new URL(at).protocol.slice(0, -1)};AccountName=${accountName};AccountKey=${key};BlobEndpoint=${at};`,
      ),
    stop: async () => {
      server.kill("SIGKILL");
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function httpsFlags(certificate: Certificate | undefined, folder: string): Promise<readonly string[]> {
  if (certificate === undefined) return [];
  const [key, cert] = [path.join(folder, "key.pem"), path.join(folder, "cert.pem")];
  await writeFile(key, certificate.key, { mode: 0o600 });
  await writeFile(cert, certificate.cert);
  return ["--oauth", "basic", "--key", key, "--cert", cert];
}

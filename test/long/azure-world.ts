import { spawn } from "node:child_process";
import { cp, mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { BlobServiceClient } from "@azure/storage-blob";
import { PROJECT_FOLDER } from "../../cli/support/project-folder.ts";
import { type Entra, startEntra } from "../../emulator/entra/entra.ts";
import { conventionalNames } from "../../infrastructure/naming.ts";
import { GOOD_CONFIG } from "../infrastructure/azure-config.ts";
import type { AzureDouble } from "../infrastructure/azure-double.ts";
import { ProviderServer } from "../infrastructure/provider-server.ts";
import type { SdkTypes } from "../infrastructure/sdk-types.ts";
import { type Azurite, startAzurite } from "../support/azurite.ts";
import { createCertificateFor } from "../support/certificate.ts";
import type { PulumiRun } from "../support/pulumi-project.ts";
import { type RestDouble, startRestDouble } from "../support/rest-double.ts";
import { type StorageGate, startStorageGate } from "../support/storage-gate.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { trustCertificates } from "../support/trust-certificates.ts";
import { startTunnel, type Tunnel } from "../support/tunnel.ts";

export const NAMES = conventionalNames({ base: "devices", ...GOOD_CONFIG });
export const BLOB_HOST = `${NAMES.storageAccount}.blob.core.windows.net`;

const APPLICATION = { clientId: "aaaaaaaa-0000-4000-8000-000000000001", secret: "s3cret-of-the-owner" };

/** Properties are looked at elsewhere: reading the SDK's types takes seconds. */
const ANY_TYPES = { check: () => [] } as unknown as SdkTypes;

/**
 * A cloud on this machine, under its own names: login service, resource manager, Graph, storage,
 * and azure-native's plugin; and a copy of the project.
 */
export class AzureWorld {
  readonly root: string;
  readonly resourceManager: RestDouble;
  readonly graph: RestDouble;
  readonly gate: StorageGate;
  readonly tunnel: Tunnel;
  readonly env: Readonly<Record<string, string>>;
  readonly #azurite: Azurite;
  readonly #stops: readonly (() => unknown)[];

  private constructor(
    parts: Pick<AzureWorld, "root" | "resourceManager" | "graph" | "gate" | "tunnel" | "env">,
    azurite: Azurite,
    stops: readonly (() => unknown)[],
  ) {
    this.root = parts.root;
    this.resourceManager = parts.resourceManager;
    this.graph = parts.graph;
    this.gate = parts.gate;
    this.tunnel = parts.tunnel;
    this.env = parts.env;
    this.#azurite = azurite;
    this.#stops = stops;
  }

  static async start(azure: AzureDouble): Promise<AzureWorld> {
    const certificate = await createCertificateFor(["management.azure.com", "graph.microsoft.com", BLOB_HOST]);
    const [azurite, entra, resourceManager, graph, provider, root] = await Promise.all([
      startAzurite({ accountName: NAMES.storageAccount, certificate }),
      startEntra({ certificate, tenantId: GOOD_CONFIG.tenantId, applications: [APPLICATION] }),
      startRestDouble(certificate),
      startRestDouble(certificate),
      ProviderServer.start(azure, ANY_TYPES),
      copyProject(),
    ]);
    const gate = await startStorageGate(azurite.port, certificate);
    const ports = { "management.azure.com": resourceManager.port, "graph.microsoft.com": graph.port, [BLOB_HOST]: gate.port };
    const tunnel = await startTunnel(new Map(Object.entries(ports)));
    const authorities = path.join(root, "authorities.pem");
    await writeFile(authorities, certificate.cert);
    const env = environment({ root, authorities, tunnel, entra, providerPort: provider.port });
    const untrust = trustCertificates(certificate.cert);
    const stops = [
      tunnel,
      gate,
      entra,
      resourceManager,
      graph,
      { close: provider.stop },
      { close: untrust },
      { close: () => azurite.stop() },
    ].map((server) => () => server.close());
    return new AzureWorld({ root, resourceManager, graph, gate, tunnel, env }, azurite, stops);
  }

  async stop(): Promise<void> {
    for (const stop of this.#stops) await stop();
  }

  /** `dlr setup-azure` in the copy of the project. */
  setUp(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<PulumiRun> {
    return new Promise((resolve, reject) => {
      const child = spawn(process.execPath, [path.join(this.root, "setup.mjs"), ...args], {
        cwd: this.root,
        env: { ...this.env, ...env },
        stdio: ["ignore", "pipe", "pipe"],
      });
      let text = "";
      for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
      child.once("error", reject);
      child.once("close", (code) => resolve({ code: code ?? 1, text }));
    });
  }

  /** A file of the project; null where there is none. */
  read(name: string): Promise<string | null> {
    return readFile(path.join(this.root, name), "utf8").catch(() => null);
  }

  /** As the program in infrastructure/ makes it. */
  async makeContainer(name: string): Promise<void> {
    await BlobServiceClient.fromConnectionString(this.#azurite.connectionString().reveal()).getContainerClient(name).create();
  }
}

async function copyProject(): Promise<string> {
  const root = await temporaryFolder();
  const from = (name: string) => path.join(PROJECT_FOLDER, name);
  await cp(from("infrastructure"), path.join(root, "infrastructure"), {
    recursive: true,
    filter: (source) => !/node_modules|Pulumi\..+\.yaml$/.test(path.relative(PROJECT_FOLDER, source)),
  });
  for (const name of ["providers", "node_modules", "infrastructure/node_modules"]) await symlink(from(name), path.join(root, name));
  await cp(from("Pulumi.yaml"), path.join(root, "Pulumi.yaml"));
  await mkdir(path.join(root, "bin"));
  const modules = ["cli/setup-azure/setup-azure-command.ts", "cli/support/run-command.ts"].map((name) => pathToFileURL(from(name)).href);
  await writeFile(
    path.join(root, "setup.mjs"),
    `import { setupAzureCommand } from ${JSON.stringify(modules[0])};
import { runCommand } from ${JSON.stringify(modules[1])};
await runCommand(setupAzureCommand({ env: process.env, root: ${JSON.stringify(root)}, say: (line) => console.error(line) }));
`,
  );
  return root;
}

interface Surroundings {
  readonly root: string;
  /** Path of the certificates to trust. */
  readonly authorities: string;
  readonly tunnel: Tunnel;
  readonly entra: Entra;
  readonly providerPort: number;
}

function environment({ root, authorities, tunnel, entra, providerPort }: Surroundings): Record<string, string> {
  const inherited = Object.entries(process.env).filter(([name]) => !/^(CI|GRAPH_|AZURE_|ARM_|PULUMI_|npm_)/.test(name));
  return {
    ...(Object.fromEntries(inherited) as Record<string, string>),
    PATH: `${path.join(root, "bin")}${path.delimiter}${process.env.PATH ?? ""}`,
    NODE_COMPILE_CACHE: path.join(tmpdir(), "device-lifecycle-compile-cache"),
    HTTPS_PROXY: tunnel.url,
    NO_PROXY: "127.0.0.1,localhost",
    NODE_USE_ENV_PROXY: "1",
    NODE_EXTRA_CA_CERTS: authorities,
    AZURE_AUTHORITY_HOST: entra.url,
    AZURE_TENANT_ID: GOOD_CONFIG.tenantId,
    AZURE_CLIENT_ID: APPLICATION.clientId,
    AZURE_CLIENT_SECRET: APPLICATION.secret,
    AZURE_SUBSCRIPTION_ID: GOOD_CONFIG.subscriptionId,
    PULUMI_HOME: path.join(root, ".pulumi-home"),
    PULUMI_DOWNLOAD: "off",
    PULUMI_DEBUG_PROVIDERS: `azure-native:${providerPort}`,
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
  };
}

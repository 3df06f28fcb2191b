import { execFileSync } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { afterEach, describe, expect, test } from "@jest/globals";
import { ensurePulumi } from "../../cli/pulumi/ensure-pulumi.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { FakeMachine } from "./fake-tools.ts";

const ARCHIVE = `pulumi-v3.255.0-${process.platform}-${process.arch}.tar.gz`;
const servers: Server[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

/** A place that releases are downloaded from; its address is a value for PULUMI_DOWNLOAD. */
async function releases(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/sdk`;
}

/** An archive with the layout of Pulumi's: everything in a folder `pulumi`. */
async function releaseArchive(script: string): Promise<Buffer> {
  const folder = await temporaryFolder();
  await mkdir(path.join(folder, "pulumi"));
  await writeFile(path.join(folder, "pulumi", "pulumi"), script, { mode: 0o755 });
  await writeFile(path.join(folder, "pulumi", "pulumi-language-nodejs"), "#!/bin/sh\n", { mode: 0o755 });
  execFileSync("tar", ["-czf", path.join(folder, "release.tar.gz"), "-C", folder, "pulumi"]);
  return await readFile(path.join(folder, "release.tar.gz"));
}

function serveRelease(archive: Buffer, sum = createHash("sha256").update(archive).digest("hex")): RequestListener {
  return (request, response) => {
    if (request.url === "/sdk/pulumi-3.255.0-checksums.txt") response.end(`${"0".repeat(64)}  other.tar.gz\n${sum}  ${ARCHIVE}\n`);
    else if (request.url === `/sdk/${ARCHIVE}`) response.end(archive);
    else response.writeHead(404).end();
  };
}

async function machineWithTar(): Promise<FakeMachine> {
  const machine = await FakeMachine.create();
  for (const tool of ["tar", "gzip"]) await machine.borrow(tool);
  return machine;
}

describe("the official download", () => {
  test("is checked, unpacked and installed, without Go", async () => {
    const machine = await machineWithTar();
    const archive = await releaseArchive("#!/bin/sh\necho v3.255.0\n");

    const found = await ensurePulumi(machine.options({ PULUMI_DOWNLOAD: await releases(serveRelease(archive)) }));

    expect(found).toEqual({
      command: path.join(machine.installation, "pulumi"),
      pathPrefix: machine.installation,
      version: "3.255.0",
      from: "download",
    });
    expect(await machine.cacheEntries()).toEqual([path.basename(machine.installation)]);
    expect((await ensurePulumi(machine.options())).from).toBe("cache");
  });

  test("is not used when it is not what Pulumi published", async () => {
    const machine = await machineWithTar();
    await machine.go();
    const archive = await releaseArchive("#!/bin/sh\necho v3.255.0\n");

    const found = await ensurePulumi(machine.options({ PULUMI_DOWNLOAD: await releases(serveRelease(archive, "a".repeat(64))) }));

    expect(found.from).toBe("compiled");
    expect(machine.said).toContainEqual(expect.stringMatching(/^pulumi: no download: what came is not what Pulumi published \(sha256 /));
  });

  test("is not used when it does not start here", async () => {
    const machine = await machineWithTar();
    await machine.go();
    const archive = await releaseArchive("#!/bin/sh\nexit 127\n");

    const found = await ensurePulumi(machine.options({ PULUMI_DOWNLOAD: await releases(serveRelease(archive)) }));

    expect(found.from).toBe("compiled");
    expect(machine.said).toContain("pulumi: no download: the downloaded CLI ends with exit code 127 when asked for its version");
  });

  test("that unpacks badly is not used", async () => {
    const machine = await machineWithTar();
    await machine.go();

    const found = await ensurePulumi(machine.options({ PULUMI_DOWNLOAD: await releases(serveRelease(Buffer.from("this is no archive"))) }));

    expect(found.from).toBe("compiled");
    expect(machine.said).toContainEqual(expect.stringMatching(/^pulumi: no download: it could not be unpacked:/));
  });

  test.each<[string, RequestListener, string]>([
    ["is refused", (_request, response) => response.writeHead(403).end(), "127.0.0.1:PORT answered 403 for pulumi-3.255.0-checksums.txt"],
    ["is not listed", (_request, response) => response.end("nothing here\n"), `Pulumi's list of checksums does not name ${ARCHIVE}`],
    ["never answers", () => {}, "nothing came for 0.3 s, after 0 MB"],
    ["breaks off", (request) => request.socket.destroy(), "fetch failed (UND_ERR_SOCKET)"],
    [
      "stalls half-way",
      (request, response) => {
        if (request.url?.endsWith("checksums.txt")) response.end(`${"0".repeat(64)}  ${ARCHIVE}\n`);
        else response.writeHead(200, { "content-length": "1000000" }).write("a beginning");
      },
      "nothing came for 0.3 s, after 0 MB",
    ],
  ])("that %s gives way to the compile, with the reason", async (_what, listener, why) => {
    const machine = await machineWithTar();
    await machine.go();
    const address = await releases(listener);

    const found = await ensurePulumi(machine.options({ PULUMI_DOWNLOAD: address, PULUMI_DOWNLOAD_SECONDS: "0.3" }));

    expect(found.from).toBe("compiled");
    expect(machine.said).toContain(`pulumi: no download: ${why.replace("PORT", new URL(address).port)}`);
  });

  test("that is slow and never silent is waited for, and told in megabytes", async () => {
    const machine = await machineWithTar();
    const archive = await releaseArchive(`#!/bin/sh\necho v3.255.0\n#${randomBytes(1_000_000).toString("hex")}\n`);
    const whole = serveRelease(archive);
    const slow: RequestListener = (request, response) => {
      if (!request.url?.endsWith(".tar.gz")) return whole(request, response);
      response.writeHead(200, { "content-length": String(archive.length) });
      const size = Math.ceil(archive.length / 8);
      const send = (from: number) => {
        response.write(archive.subarray(from, from + size));
        if (from + size < archive.length) setTimeout(() => send(from + size), 900);
        else response.end();
      };
      send(0);
    };

    const found = await ensurePulumi(machine.options({ PULUMI_DOWNLOAD: await releases(slow), PULUMI_DOWNLOAD_SECONDS: "4" }));

    expect(found.from).toBe("download");
    expect(machine.said).toContainEqual(expect.stringMatching(/^pulumi: still downloading the Pulumi CLI .*, [01] of 1 MB, \d+ s so far$/));
  });

  test("that nobody serves gives way to the compile, with the reason", async () => {
    const machine = await FakeMachine.create();
    await machine.go();
    const address = await releases(() => {});
    servers.splice(0).forEach((server) => {
      server.close();
    });

    const found = await ensurePulumi(machine.options({ PULUMI_DOWNLOAD: address }));

    expect(found.from).toBe("compiled");
    expect(machine.said).toContain("pulumi: no download: fetch failed (ECONNREFUSED)");
  });

  test("is never fetched in the clear from elsewhere", async () => {
    const machine = await FakeMachine.create();
    await machine.go();

    const found = await ensurePulumi(machine.options({ PULUMI_DOWNLOAD: "http://pulumi.example/sdk" }));

    expect(found.from).toBe("compiled");
    expect(machine.said).toContain('pulumi: no download: PULUMI_DOWNLOAD is neither "off" nor an https address');
  });
});

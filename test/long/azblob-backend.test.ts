import { mkdir, readdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { BlobServiceClient, type ContainerClient } from "@azure/storage-blob";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { type Emulator, startEmulator } from "../../emulator/graph/start-emulator.ts";
import { PROJECT } from "../../providers/domain/project.ts";
import { type Azurite, startAzurite } from "../support/azurite.ts";
import { startFaultyProxy } from "../support/faulty-proxy.ts";
import { PulumiProject, type PulumiRun } from "../support/pulumi-project.ts";

const SERIAL = "DMPXK2ABCDEF";
const REQUEST = `requests:
  - name: returned
    device: { serialNumber: ${SERIAL} }
    playbook: unlock-and-wipe
    reason: Leaver returned the iPad
    expires: 2099-12-31
    acknowledge: [dataLoss, physicalPossession]
`;

/** One story, told in order: each part goes on from where the one before it ended. */
describe("state in Azure Storage", () => {
  let azurite: Azurite;
  let emulator: Emulator;
  let project: PulumiProject;
  let container: ContainerClient;
  let env: Record<string, string>;
  let lock: { readonly name: string; readonly content: Buffer };

  beforeAll(async () => {
    azurite = await startAzurite();
    container = BlobServiceClient.fromConnectionString(azurite.connectionString().reveal()).getContainerClient("state");
    await container.create();
    emulator = await startEmulator({ checkInDelayMs: 600_000 });
    project = await PulumiProject.create({ graphEndpoint: emulator.url, wait: "1h" });
    await project.write("requests/a.yaml", REQUEST);
    env = {
      PULUMI_BACKEND_URL: `azblob://state?protocol=http&domain=127.0.0.1:${azurite.port}&localemu=true`,
      AZURE_STORAGE_ACCOUNT: azurite.accountName,
      AZURE_STORAGE_KEY: azurite.key.reveal(),
    };
  });

  afterAll(async () => {
    await project?.remove();
    await emulator?.close();
    await azurite?.stop();
  });

  const up = (): Promise<PulumiRun> => project.run(["up", "--yes", "--skip-preview"], env);
  const npmRunUp = (): Promise<PulumiRun> =>
    project.command(
      "up",
      ["--yes", "--skip-preview", "--stack", project.stack, "--config-file", path.join(project.folder, "Pulumi.yaml")],
      env,
    );
  const sent = () => emulator.actionCalls.map(({ action }) => action);

  async function blobs(prefix: string): Promise<readonly string[]> {
    const names: string[] = [];
    for await (const { name } of container.listBlobsFlat({ prefix })) names.push(name);
    return names;
  }

  test("a stack is made in the container", async () => {
    const folder = path.join(project.folder, "init");
    await mkdir(folder);
    await writeFile(path.join(folder, "Pulumi.yaml"), `name: ${PROJECT}\nruntime: nodejs\n`);

    const init = await project.run(["stack", "init", "-C", folder], env);

    expect(init).toMatchObject({ code: 0 });
    expect(await blobs(`.pulumi/stacks/${PROJECT}/`)).toContain(`.pulumi/stacks/${PROJECT}/${project.stack}.json`);
  });

  test("while one run acts another is refused by Pulumi's lock, with who holds it, and sends nothing", async () => {
    const wiped = Promise.withResolvers<void>();
    emulator.on("answered", (call) => {
      if (call.action === "wipe") wiped.resolve();
    });
    const acting = up();
    await Promise.race([wiped.promise, acting.then(({ text }) => Promise.reject(new Error(`it ended before the wipe: ${text}`)))]);
    const other = await up();
    const sentWhileHeld = sent();
    const [name = ""] = await blobs(".pulumi/locks/");
    lock = { name, content: await container.getBlobClient(name).downloadToBuffer() };
    emulator.checkIn(SERIAL);
    const first = await acting;

    expect(other.code).not.toBe(0);
    expect(other.text).toMatch(/the stack is currently locked by 1 lock\(s\)[\s\S]*created by .+@.+ \(pid \d+\)/);
    expect(sentWhileHeld).toEqual(["bypassActivationLock", "wipe"]);
    expect(first).toMatchObject({ code: 0 });
    expect(await blobs(".pulumi/locks/")).toEqual([]);
  });

  test("the lock of a run that died stays, and `dlr up` says what to type", async () => {
    await container.getBlockBlobClient(lock.name).upload(lock.content, lock.content.length);

    const refused = await npmRunUp();

    expect(refused.code).not.toBe(0);
    expect(refused.text).toContain("pulumi cancel");
    expect(await blobs(".pulumi/locks/")).toEqual([lock.name]);
  });

  test("after `cancel` a refresh finds all as it was, and sends nothing", async () => {
    const before = sent();
    const cancel = await project.run(["cancel", "--yes"], env);
    const refresh = await project.run(["refresh", "--yes", "--skip-preview"], env);

    expect(cancel).toMatchObject({ code: 0 });
    expect(refresh).toMatchObject({ code: 0, text: expect.stringMatching(/2 unchanged/) });
    expect(sent()).toEqual(before);
    expect(await blobs(".pulumi/locks/")).toEqual([]);
  });

  test("a preview needs to read, and nothing more", async () => {
    const proxy = await startFaultyProxy(new URL(azurite.account).origin);
    proxy.decide = ({ method }) =>
      ["GET", "HEAD"].includes(method) ? null : { status: 403, code: "AuthorizationPermissionMismatch", when: "before" };
    const url = env.PULUMI_BACKEND_URL?.replace(`:${azurite.port}`, `:${new URL(proxy.url).port}`) ?? "";

    const preview = await project.run(["preview"], { ...env, PULUMI_BACKEND_URL: url });
    await proxy.close();

    expect(preview).toMatchObject({ code: 0, text: expect.stringMatching(/2 unchanged/) });
    expect(new Set(proxy.requests.map(({ method }) => method))).toEqual(new Set(["GET", "HEAD"]));
  });

  test("state moves to another backend by export and import", async () => {
    const file = path.join(project.folder, "moved.json");

    const exported = await project.run(["stack", "export", "--file", file], env);
    const imported = await project.run(["stack", "import", "--file", file]);

    expect([exported.code, imported.code]).toEqual([0, 0]);
    expect((await project.resources()).get("returned")?.outputs.outcome).toBe("succeeded");
  });

  test("in a folder a run's lock keeps others out as well, until `cancel`", async () => {
    const file = path.join(project.folder, "state", lock.name);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, lock.content);
    const before = sent();

    const refused = await project.up();
    const cancel = await project.run(["cancel", "--yes"]);

    expect(refused.code).not.toBe(0);
    expect(refused.text).toContain("currently locked by 1 lock(s)");
    expect(cancel).toMatchObject({ code: 0 });
    expect([await readdir(path.dirname(file)), sent()]).toEqual([[], before]);
  });
});

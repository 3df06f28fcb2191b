import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { beforeAll, describe, expect, jest, test } from "@jest/globals";
import { askPulumi, findPulumi, type PulumiCommand } from "../../cli/pulumi/ask-pulumi.ts";
import { checkedSettings, readStackSettings, stackNames } from "../../cli/support/stack-settings.ts";
import { configuredPlace } from "../../cli/support/store-locations.ts";
import { renderWhere } from "../../cli/support/where.ts";
import { ConfigurationError } from "../../providers/domain/errors.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

/** The real CLI is asked many times. */
jest.setTimeout(120_000);

const PROJECT = `name: device-lifecycle
runtime: nodejs
config:
  device-lifecycle:ledger: file:shared-ledger
  cloud: china
`;

let pulumi: PulumiCommand;
let root: string;

async function set(stack: string, ...args: readonly string[]): Promise<void> {
  const result = await askPulumi(pulumi, ["config", "set", "--stack", stack, ...args]);
  if (result.kind !== "exited" || result.code !== 0) throw new Error(JSON.stringify(result));
}

/** What is thrown, as one text. */
async function errorOf(work: () => unknown): Promise<string> {
  const error: unknown = await Promise.resolve()
    .then(work)
    .catch((thrown: unknown) => thrown);
  if (!(error instanceof ConfigurationError)) throw new Error(`no ConfigurationError: ${String(error)}`);
  return `${error.message}\n${error.hint}`;
}

beforeAll(async () => {
  root = await temporaryFolder();
  await mkdir(join(root, "state"));
  await writeFile(join(root, "Pulumi.yaml"), PROJECT);
  const inherited = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("PULUMI_")));
  const env = {
    ...inherited,
    PULUMI_BACKEND_URL: pathToFileURL(join(root, "state")).href,
    PULUMI_CONFIG_PASSPHRASE: "for tests",
    PULUMI_HOME: join(root, "home"),
  };
  pulumi = { ...(await findPulumi({ env, root: join(import.meta.dirname, "../.."), say: () => {} })), root };
  for (const stack of ["prod", "dev"]) await askPulumi(pulumi, ["stack", "init", stack, "--no-select"]);
  await set("prod", "ledger", "--secret", "https://stdlprod.blob.core.chinacloudapi.cn/ledger");
  await set("prod", "--path", "protected[0]", "ceo@*");
  await set("dev", "graphEndpoint", "http://localhost:8787");
});

describe("the settings of a stack, as Pulumi reads them", () => {
  test("are the project's, its own over them, and opened secrets", async () => {
    const settings = await readStackSettings(pulumi, "prod");

    expect(settings).toMatchObject({
      stack: "prod",
      project: "device-lifecycle",
      secrets: ["https://stdlprod.blob.core.chinacloudapi.cn/ledger"],
    });
    expect(settings.values).toEqual({
      "device-lifecycle:cloud": "china",
      "device-lifecycle:ledger": "https://stdlprod.blob.core.chinacloudapi.cn/ledger",
      "device-lifecycle:protected": '["ceo@*"]',
    });
    expect(configuredPlace("ledger", settings)).toBe("https://stdlprod.blob.core.chinacloudapi.cn/ledger");
    expect(renderWhere({ settings, ledger: configuredPlace("ledger", settings) }, null)).toBe(
      "stack prod · ledger stdlprod/ledger · Microsoft (china) · brake off",
    );
  });

  test("say where an emulator's stack is, and what the program takes by default", async () => {
    const settings = await readStackSettings(pulumi, "dev");

    expect(configuredPlace("escrow", settings)).toBe("file:emulator-stores/escrow");
    expect(configuredPlace("ledger", settings)).toBe("file:shared-ledger");
    expect(renderWhere({ settings, ledger: "file:shared-ledger" })).toBe(
      "stack dev · ledger file:shared-ledger · EMULATOR http://localhost:8787",
    );
  });

  test("are those of the selected stack where none is named, and an error where none is selected", async () => {
    expect(await errorOf(() => readStackSettings(pulumi, undefined))).toMatch(/none is selected\n.*dev and prod/);

    await askPulumi(pulumi, ["stack", "select", "dev"]);
    expect((await readStackSettings(pulumi, undefined)).stack).toBe("dev");
    expect((await readStackSettings({ ...pulumi, env: { ...pulumi.env, PULUMI_STACK: "prod" } }, undefined)).stack).toBe("prod");
  });

  test("of a mistyped stack are an error, and no stack or file is made", async () => {
    const before = await readdir(root);

    expect(await errorOf(() => readStackSettings(pulumi, "prdo"))).toMatch(
      /^there is no stack "prdo" \(did you mean "prod"\?\)\nthere are dev and prod; a new one is made on purpose only: .* stack init prdo$/,
    );
    expect(await readdir(root)).toEqual(before);
    expect([...((await stackNames(pulumi)) ?? [])].sort()).toEqual(["dev", "prod"]);
  });

  test("are read as ever while a crash's torn note keeps Pulumi from the stack, and stay out of that", async () => {
    const [before, dev] = [await readStackSettings(pulumi, "prod"), await readStackSettings(pulumi, "dev")];
    const stacks = join(root, "state/.pulumi/stacks/device-lifecycle");
    const note = await readFile(join(stacks, "prod.json.attrs"));
    await writeFile(join(stacks, "prod.json.attrs"), "");
    const files = await readdir(stacks);

    const torn = await readStackSettings(pulumi, "prod");
    const other = await readStackSettings(pulumi, "dev");
    const names = await stackNames(pulumi);
    const mistyped = await errorOf(() => readStackSettings(pulumi, "prdo"));
    const unnamed = await errorOf(() => readStackSettings({ ...pulumi, env: { ...pulumi.env, PULUMI_STACK: "prod" } }, undefined));
    const after = await readFile(join(stacks, "prod.json.attrs"), "utf8");
    const filesAfter = await readdir(stacks);
    await writeFile(join(stacks, "prod.json.attrs"), note);

    expect(torn).toEqual(before);
    expect(other).toEqual(dev);
    expect([...(names ?? [])].sort()).toEqual(["dev", "prod"]);
    expect(mistyped).toContain('did you mean "prod"?');
    expect(unnamed).toMatch(
      /^no stack is named, and the selected one cannot be told while the state of prod cannot be read\n.*dev and prod/,
    );
    expect(after).toBe("");
    expect(filesAfter).toEqual(files);
  });

  test("may stand in another file", async () => {
    await writeFile(join(root, "other.yaml"), "config:\n  device-lifecycle:ledger: file:other\n");

    expect(configuredPlace("ledger", await readStackSettings(pulumi, "dev", join(root, "other.yaml")))).toBe("file:other");
  });

  test("whose secrets cannot be opened here name no ledger: it has to be said", async () => {
    const { PULUMI_CONFIG_PASSPHRASE: _, ...env } = pulumi.env;
    const settings = await readStackSettings({ ...pulumi, env }, "prod");

    expect(settings.values["device-lifecycle:cloud"]).toBe("china");
    expect(await errorOf(() => configuredPlace("ledger", settings))).toMatch(
      /is a secret that cannot be opened here:\n[\s\S]*PULUMI_CONFIG_PASSPHRASE[\s\S]*--ledger PLACE names it/,
    );
  });

  test("that are wrong name no store by default, and what they name outright all the same", async () => {
    const settings = { stack: "prod", project: "device-lifecycle", secrets: ["s3cret"], unseen: { keys: [], why: "" } };
    const wrong = { ...settings, values: { "device-lifecycle:ledgr": "file:mine", "device-lifecycle:maxDestructive": "s3cret" } };

    expect(await errorOf(() => configuredPlace("ledger", wrong))).toMatch(
      /nobody can tell which ledger the stack prod means:[\s\S]*ledgr is not known[\s\S]*--ledger PLACE names the ledger all the same/,
    );
    expect(await errorOf(() => checkedSettings(wrong))).not.toContain("s3cret");
    expect(configuredPlace("ledger", { ...wrong, values: { ...wrong.values, "device-lifecycle:ledger": "file:mine" } })).toBe("file:mine");
  });
});

describe("the line that says where a command is", () => {
  const of = (values: Readonly<Record<string, string>>) => ({
    stack: "prod",
    project: "device-lifecycle",
    secrets: [],
    unseen: { keys: [], why: "" },
    values,
  });

  test.each<[Readonly<Record<string, string>>, string, string | null | undefined, string]>([
    [
      { "device-lifecycle:tenant": "72f988bf-0000-4000-8000-2d7cd011db47" },
      "file:ledger",
      null,
      "stack prod · ledger file:ledger · Microsoft (global), tenant 72f988bf-0000-4000-8000-2d7cd011db47 · brake off",
    ],
    [
      {},
      "https://stdl.blob.core.windows.net/ledger?sig=hidden",
      "wrong\ndevices",
      "stack prod · ledger stdl/ledger · Microsoft (global) · THE BRAKE IS SET: wrong devices",
    ],
    [
      { "device-lifecycle:graphEndpoint": "http://anna:hidden@127.0.0.1:8787" },
      "http://127.0.0.1:10000/devstoreaccount1/l",
      undefined,
      "stack prod · ledger 127.0.0.1:10000/devstoreaccount1/l · EMULATOR http://127.0.0.1:8787",
    ],
    [
      { "device-lifecycle:graphEndpoint": "http://127.0.0.1.evil.example" },
      "https://hidden@:0",
      undefined,
      "stack prod · ledger at an address that cannot be read · Microsoft (global)",
    ],
  ])("with %j, %s and the brake %j", (values, ledger, brake, text) => {
    expect(renderWhere({ settings: of(values), ledger }, brake)).toBe(text);
  });
});

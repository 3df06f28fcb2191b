import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import { beforeAll, describe, expect, jest, test } from "@jest/globals";
import { askPulumi, findPulumi, type PulumiCommand } from "../../cli/pulumi/ask-pulumi.ts";
import { exportedResources } from "../../cli/support/exported-state.ts";
import { plainSettings } from "../../cli/support/plain-settings.ts";
import { readStackSettings } from "../../cli/support/stack-settings.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

/** The real CLI is asked. */
jest.setTimeout(120_000);

const PROJECT = "name: device-lifecycle\nruntime: nodejs\nmain: index.js\n";

function settingsOf(config: string, project = PROJECT): ReturnType<typeof plainSettings> {
  return plainSettings(`encryptionsalt: v1:salt\nconfig:\n  ${config}\n`, project);
}

/** Each form that is read here, with what Pulumi makes of it. */
const PLAIN: Readonly<Record<string, readonly [string, string]>> = {
  "device-lifecycle:ledger": ["file:ledger", "file:ledger"],
  "device-lifecycle:escrow": ["https://kv-prod.vault.azure.net # the vault", "https://kv-prod.vault.azure.net"],
  "device-lifecycle:graphEndpoint": ["http://127.0.0.1:8787", "http://127.0.0.1:8787"],
  "device-lifecycle:wait": ["2m", "2m"],
  "device-lifecycle:shard": ["1/4", "1/4"],
  "device-lifecycle:maxDestructive": ["40", "40"],
  "device-lifecycle:maxDisruptive": ["'0'", "0"],
  "device-lifecycle:followOnly": ["true", "true"],
  "device-lifecycle:requireReview": ["false", "false"],
  "device-lifecycle:requests": ['"devices/my requests"', "devices/my requests"],
  "device-lifecycle:playbooks": ["''", ""],
  "device-lifecycle:protected": ['["ceo@*", board-ipad, \'a "b" c\']', '["ceo@*","board-ipad","a \\"b\\" c"]'],
  "device-lifecycle:policies": ["/srv/intune/policies", "/srv/intune/policies"],
};

/** What only Pulumi knows, or what readers of YAML do not agree on. */
const NOT_PLAIN = [
  "a:b: yes",
  "a:b: Off",
  "a:b: ~",
  "a:b:",
  "a:b: null",
  "a:b: 007",
  "a:b: 0x1f",
  "a:b: 1_000",
  "a:b: 1.5",
  "a:b: 1e3",
  "a:b: -5",
  "a:b: .inf",
  "a:b: 2026-01-01",
  "a:b: 12:30:45",
  "a:b: 99999999999999999999",
  'a:b: "a\\tb"',
  "a:b: 'it''s'",
  "a:b: caf\u00e9",
  "a:b: |\n    x",
  "a:b: &x y",
  "a:b: !!str y",
  "a:b: {c: d}",
  "a:b: [1, 2]",
  "a:b: [yes]",
  "a:b: [x, [y]]",
  "a:b: ['<b>']",
  "a:b: &l [x]",
  "a:b:\n    secure: v1:xyz",
  "b: x",
  "'a:b': x",
  "a:b: x\n  a:b: y",
  "a:b: x\n  a:c: *x",
  "a:b: [x",
];

describe("a setting that every YAML reads alike", () => {
  test.each(Object.entries(PLAIN))("%s: %p", (key, [written, text]) => {
    expect(settingsOf(`${key}: ${written}`)).toEqual({ [key]: text });
  });
});

describe("a setting that is left to Pulumi", () => {
  test.each(NOT_PLAIN)("%j", (config) => {
    expect(settingsOf(config)).toBeNull();
  });

  test.each([
    ["an environment", "environment:\n  - prod\n", PROJECT],
    ["a key that nobody knows", "newKey: x\n", PROJECT],
    ["settings of the project", "", `${PROJECT}config: {}\n`],
    ["a folder of the project's for stacks' files", "", `${PROJECT}stackConfigDir: stacks\n`],
    ["a second document", "---\na: b\n", PROJECT],
    ["a project that is none", "", "- x\n"],
  ])("beside %s", (_what, more, project) => {
    expect(plainSettings(`config:\n  a:b: x\n${more}`, project)).toBeNull();
  });

  test("a file without settings has none", () => {
    expect(plainSettings("encryptionsalt: v1:salt\n", PROJECT)).toEqual({});
    expect(plainSettings("config: {}\n", PROJECT)).toEqual({});
  });
});

describe("beside the real CLI", () => {
  let pulumi: PulumiCommand;
  /** The same, with a CLI that is none: whoever asks it gets nothing. */
  let unasked: PulumiCommand;

  beforeAll(async () => {
    const root = await temporaryFolder();
    await mkdir(join(root, "state"));
    await writeFile(join(root, "Pulumi.yaml"), PROJECT);
    const inherited = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("PULUMI_")));
    const own = { PULUMI_BACKEND_URL: pathToFileURL(join(root, "state")).href, PULUMI_CONFIG_PASSPHRASE: "for tests" };
    const found = await findPulumi({ env: { ...inherited, ...own }, root: join(import.meta.dirname, "../.."), say: () => {} });
    pulumi = { ...found, root };
    unasked = { ...pulumi, command: join(root, "no-such-command") };
    await askPulumi(pulumi, ["stack", "init", "prod", "--no-select"]);
    const config = Object.entries(PLAIN).map(([key, [written]]) => `  ${key}: ${written}\n`);
    await writeFile(join(root, "Pulumi.prod.yaml"), `config:\n${config.join("")}`);
    await writeFile(join(root, "other.yaml"), "config:\n  device-lifecycle:wait: 5m\n");
  });

  test("the settings are the same, and it was not asked for them", async () => {
    const asked = await askPulumi(pulumi, ["config", "--json", "--show-secrets", "--stack", "prod"]);
    const said: Record<string, { value: string }> = JSON.parse(asked.kind === "exited" ? asked.stdout : "");

    const { values, secrets, unseen, project } = await readStackSettings(unasked, "prod");

    expect(Object.fromEntries(Object.entries(said).map(([key, { value }]) => [key, value]))).toEqual(values);
    expect(Object.keys(values)).toHaveLength(Object.keys(PLAIN).length);
    expect({ secrets, unseen, project }).toEqual({ secrets: [], unseen: { keys: [], why: "" }, project: "device-lifecycle" });
  });

  test("a file that stands in for the stack's own is read from the project's folder", async () => {
    expect((await readStackSettings(unasked, "organization/device-lifecycle/prod", "other.yaml")).values).toEqual({
      "device-lifecycle:wait": "5m",
    });
  });

  test("a stack that is not there, and one of another project, are left to it", async () => {
    await expect(readStackSettings(pulumi, "nobody")).rejects.toThrow('there is no stack "nobody"');
    await expect(readStackSettings(pulumi, "organization/other/prod")).rejects.toThrow();
  });

  test("resources of the state are the same, and it was not asked for them", async () => {
    const urn = "urn:pulumi:prod::device-lifecycle::pulumi:pulumi:Stack::device-lifecycle-prod";
    const stack = { urn, custom: false, type: "pulumi:pulumi:Stack", outputs: { summary: { succeeded: 3 }, requests: { a: "succeeded" } } };
    const file = join(pulumi.root, "exported.json");
    const exported = async () => {
      await askPulumi(pulumi, ["stack", "export", "--stack", "prod", "--file", file]);
      return JSON.parse(await readFile(file, "utf8"));
    };
    const state = await exported();
    await writeFile(file, JSON.stringify({ ...state, deployment: { ...state.deployment, resources: [stack] } }));
    await askPulumi(pulumi, ["stack", "import", "--stack", "prod", "--file", file]);

    const here = await exportedResources(unasked, "prod");
    const { resources } = (await exported()).deployment;

    expect(here).toMatchObject([stack]);
    expect(here).toEqual(resources);
    expect(await exportedResources(unasked, "nobody")).toBeNull();
  });

  describe("a state that is left to it", () => {
    const KEPT = { version: 3, checkpoint: { latest: { resources: [{ type: "x", outputs: { a: "b" } }] } } };
    const text = JSON.stringify(KEPT);
    const write = async (name: string, content: string | Buffer) => {
      await writeFile(join(pulumi.root, "state", ".pulumi", "stacks", name), content);
    };

    test.each<[string, string, string | Buffer]>([
      ["has a secret", "secret.json", text.replace('"a":', '"4dabf18193072939515e22adb298388d":')],
      ["is of a version that we do not know", "newer.json", JSON.stringify({ ...KEPT, version: 4 })],
      ["is compressed", "packed.json.gz", gzipSync(text)],
    ])("%s", async (_how, file, content) => {
      await write(join("device-lifecycle", file), content);
      await write(join("device-lifecycle", "plain.json"), text);

      expect(await exportedResources(unasked, file.replace(/\.json.*$/, ""))).toBeNull();
      expect(await exportedResources(unasked, "plain")).toEqual(KEPT.checkpoint.latest.resources);
    });

    test("is another project's, whose settings stand in a file of the same name", async () => {
      await mkdir(join(pulumi.root, "state", ".pulumi", "stacks", "other"), { recursive: true });
      await write(join("other", "prod.json"), text);

      await expect(readStackSettings(unasked, "organization/other/prod")).rejects.toThrow("cannot be read");
    });
  });
});

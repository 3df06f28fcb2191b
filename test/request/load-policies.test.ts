import { mkdir, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, test } from "@jest/globals";
import { renderDiagnostic } from "../../providers/domain/diagnostic.ts";
import { loadRequests } from "../../providers/request/load-requests.ts";
import { GROUP_A, GROUP_B, POLICY_ID } from "../support/fakes-policies.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const GOOD = `name: a, platforms: [iOS], groups: { include: [${GROUP_A}] }`;

async function load(files: Readonly<Record<string, string>>) {
  const root = await temporaryFolder();
  for (const folder of ["requests", "policies"]) await mkdir(path.join(root, folder));
  for (const [name, text] of Object.entries(files)) await writeFile(path.join(root, "policies", name), text);
  return loadRequests({ root, requests: "requests", playbooks: "playbooks", policies: "policies" });
}

const one = (entry: string) => load({ "a.yaml": `policies:\n  - { ${entry} }\n` });

describe("policies in files", () => {
  test("are one of each platform, by name, with ids as Graph writes them", async () => {
    const { policies, diagnostics, files } = await load({
      "b.yaml": `policies:\n  - name: both\n    title: Lock allowed\n    platforms: [macOS, iOS]\n    groups: { include: [allDevices, ${GROUP_A.toUpperCase()}], exclude: [${GROUP_B}] }\n`,
      "a.yaml": `policies:\n  - { name: old, platforms: [iOS], groups: { include: [] }, adopt: ${POLICY_ID.toUpperCase()}, accept: 0123456789ab }\n`,
    });

    expect(diagnostics).toEqual([]);
    expect(files).toEqual(["policies/a.yaml", "policies/b.yaml"]);
    const groups = { include: [GROUP_A, "allDevices"], exclude: [GROUP_B] };
    const none = { adopt: null, accept: null, source: { file: "policies/b.yaml", line: 2, column: 5 } };
    expect(policies).toEqual([
      { name: "both/iOS", title: "Lock allowed (iOS)", platform: "iOS", groups, ...none },
      { name: "both/macOS", title: "Lock allowed (macOS)", platform: "macOS", groups, ...none },
      {
        name: "old",
        title: null,
        platform: "iOS",
        groups: { include: [], exclude: [] },
        adopt: POLICY_ID,
        accept: "0123456789ab",
        source: { file: "policies/a.yaml", line: 2, column: 5 },
      },
    ]);
  });

  test("need not be there, and are read only where somebody says the folder", async () => {
    const root = await temporaryFolder();
    await mkdir(path.join(root, "requests"));
    const folders = { root, requests: "requests", playbooks: "playbooks" };

    expect(await loadRequests({ ...folders, policies: "policies" })).toMatchObject({ policies: [], diagnostics: [] });
    expect(await loadRequests(folders)).toMatchObject({ policies: [], diagnostics: [] });
  });

  test.each<[string, readonly string[]]>([
    ["platforms: [iOS], groups: { include: [] }", ["2:5: error DLR014: name is missing"]],
    [GOOD.replace("name: a", "name: A"), ["2:13: error DLR016: name has the wrong form"]],
    [GOOD.replace("iOS", "iPadOS"), ['2:28: error DLR015: an item of platforms cannot be "iPadOS"']],
    [GOOD.replace("[iOS]", "[]"), ["2:27: error DLR015: platforms is an empty list"]],
    [GOOD.replace(GROUP_A, "Leeds"), ["error DLR015: an item of include has the wrong form"]],
    [
      GOOD.replace("include", "includes"),
      ["error DLR014: include is missing", 'error DLR011: unknown key "includes" (did you mean "include"?)'],
    ],
    [`${GOOD}, adopt: iPads`, ["error DLR015: adopt has the wrong form"]],
    [`${GOOD}, accept: 0123456789ab`, ["error DLR019: accept is for an adopted policy alone"]],
    [`${GOOD}, title: T, adopt: ${POLICY_ID}`, ["error DLR019: an adopted policy keeps its name in Intune"]],
    [`${GOOD.replace("[iOS]", "[iOS, macOS]")}, adopt: ${POLICY_ID}`, ["error DLR019: one adopted policy is of one platform"]],
    [GOOD.replace(" }", `, exclude: [${GROUP_A.toUpperCase()}] }`), ["error DLR015: the group"]],
    [GOOD.replace(GROUP_A, `${GROUP_A}, ${GROUP_A}`), ["error DLR015: include holds this twice"]],
    [`${GOOD}, id: x`, ['error DLR011: unknown key "id"']],
    ["name: a", ["DLR014: platforms is missing", "DLR014: groups is missing"]],
  ])("{ %s } is told at its place", async (entry, expected) => {
    const { diagnostics } = await one(entry);

    const texts = diagnostics.map(renderDiagnostic);
    expect(texts).toHaveLength(expected.length);
    for (const [index, text] of expected.entries()) expect(texts[index]).toContain(text);
    for (const { hint } of diagnostics) expect(hint ?? "write").not.toContain("device:");
  });

  test("are named once, and adopt a policy once, over all files", async () => {
    const { diagnostics, policies } = await load({
      "a.yaml": `policies:\n  - { ${GOOD} }\n  - { name: x, platforms: [iOS], groups: { include: [] }, adopt: ${POLICY_ID} }\n`,
      "b.yaml": `policies:\n  - { ${GOOD} }\n  - { name: y, platforms: [iOS], groups: { include: [] }, adopt: ${POLICY_ID.toUpperCase()} }\n`,
    });

    expect(diagnostics.map(renderDiagnostic).map((text) => text.split("\n")[0])).toEqual([
      'policies/b.yaml:2:13: error DLR017: policy "a" stands at policies/a.yaml:2:13 already',
      expect.stringMatching(/^policies\/b\.yaml:3:\d+: error DLR017: adopt "5B1C2D3E-.*" stands at policies\/a\.yaml:3:\d+ already$/),
    ]);
    expect(policies.map(({ name }) => name)).toEqual(["a", "x"]);
  });

  test.each<[string, string, string]>([
    ["requests: []\n", "DLR011", "requests have a folder of their own: devices/requests"],
    ["policies: &a [*a]\n", "DLR", ""],
    ["policies: []\n---\npolicies: []\n", "DLR", ""],
    ["", "DLR", ""],
    [`policies:\n  - { ${GOOD} }\n`.replace("name: a", "name: a\u202e"), "DLR029", ""],
    [`policies:\n\t- { ${GOOD} }\n`, "DLR", ""],
    [`policies:\n  - { ${GOOD}, name: b }\n`, "DLR", ""],
  ])("%j is a mistake as it is in requests", async (text, code, hint) => {
    const { diagnostics, policies } = await load({ "a.yaml": text });

    expect(diagnostics.length).toBeGreaterThan(0);
    expect(diagnostics[0]?.code).toContain(code);
    expect(diagnostics[0]?.hint ?? "").toContain(hint);
    expect(policies).toEqual([]);
  });

  test("are told that they are in the folder of requests", async () => {
    const root = await temporaryFolder();
    await mkdir(path.join(root, "requests"));
    await writeFile(path.join(root, "requests", "a.yaml"), `policies:\n  - { ${GOOD} }\n`);

    const { diagnostics } = await loadRequests({ root, requests: "requests", playbooks: "playbooks" });

    expect(diagnostics[0]?.hint).toBe("policies have a folder of their own: devices/policies");
  });

  test("are not read through a link", async () => {
    const root = await temporaryFolder();
    await mkdir(path.join(root, "requests"));
    await symlink(root, path.join(root, "policies"));

    const { diagnostics } = await loadRequests({ root, requests: "requests", playbooks: "playbooks", policies: "policies" });

    expect(diagnostics.map(({ message }) => message).join()).toContain("symbolic link");
  });
});

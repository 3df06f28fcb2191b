import { cpSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "@jest/globals";
import { loadRequests } from "../../providers/request/load-requests.ts";
import { loadMarked } from "./marked-files.ts";

const DEVICES = path.resolve(import.meta.dirname, "../../devices");
const EXAMPLES = readdirSync(path.join(DEVICES, "examples")).filter((name) => name.endsWith(".yaml"));

describe("the examples", () => {
  test("are without mistakes, all together", async () => {
    const { requests, diagnostics } = await loadRequests({ root: DEVICES, requests: "examples", playbooks: "playbooks" });

    expect(diagnostics).toEqual([]);
    expect(requests.map((request) => request.name)).toContain("summer-return/DMPZK2AB0002");
  });

  test.each(EXAMPLES)("%s names its schema and loads by itself", async (name) => {
    const text = readFileSync(path.join(DEVICES, "examples", name), "utf8");

    const { requests, diagnostics } = await loadMarked({ [`requests/${name}`]: text }, (folder) =>
      cpSync(path.join(DEVICES, "examples/summer-return.csv"), path.join(folder, "requests/summer-return.csv")),
    );

    expect(text.split("\n")[0]).toBe("# yaml-language-server: $schema=../schema/requests.schema.json");
    expect(diagnostics).toEqual([]);
    expect(requests.length).toBeGreaterThan(0);
  });
});

test.each([
  ["devices/requests/README.md", "requests"],
  ["devices/playbooks/README.md", "playbooks"],
  ["README.md", "requests"],
])("the YAML in %s is without mistakes", async (page, folder) => {
  const readme = readFileSync(path.join(DEVICES, "..", page), "utf8");
  const blocks = [...readme.matchAll(/```yaml\n([\s\S]*?)```/g)].map((match) => match[1] ?? "");

  const { requests, playbooks, diagnostics } = await loadMarked(
    Object.fromEntries(blocks.map((text, index) => [`${folder}/${index}.yaml`, text])),
  );

  expect(diagnostics).toEqual([]);
  expect(requests.length + playbooks.length).toBe(1);
});

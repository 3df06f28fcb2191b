import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { renderDiagnostic } from "../../providers/domain/diagnostic.ts";
import { LanguageServer } from "../support/language-server.ts";
import { loadText } from "./marked-files.ts";

const ROOT = path.resolve(import.meta.dirname, "../..");
const json = (name: string) => JSON.parse(readFileSync(path.join(ROOT, ".vscode", name), "utf8"));
const EXAMPLES = readdirSync(path.join(ROOT, "devices/examples")).filter((name) => name.endsWith(".yaml"));

interface Completion {
  readonly label: string;
  readonly documentation?: string | { readonly value: string };
}

let server: LanguageServer;

beforeAll(async () => {
  server = await LanguageServer.start(json("settings.json"));
});

afterAll(() => server.stop());

/** What the server completes at the `‸` of a text. */
async function completions(file: string, marked: string): Promise<ReadonlyMap<string, string>> {
  const before = marked.slice(0, marked.indexOf("‸")).split("\n");
  await server.open(file, marked.replace("‸", ""));
  const answer = await server.ask("completion", file, before.length - 1, before.at(-1)?.length ?? 0);
  const { items } = answer as { readonly items: readonly Completion[] };
  return new Map(
    items.map(({ label, documentation = "" }) => [label, typeof documentation === "string" ? documentation : documentation.value]),
  );
}

const REQUEST = "requests:\n  - name: a\n    device: { serialNumber: S1 }\n    reason: r\n";

describe("an editor with the settings of this project", () => {
  test("completes the playbooks, with what they do", async () => {
    const found = await completions("devices/requests/playbook.yaml", `${REQUEST}    playbook: ‸\n`);

    expect([...found.keys()]).toEqual(
      expect.arrayContaining(["escrow-bypass-code", "reset-passcode", "retire", "unlock", "unlock-and-wipe"]),
    );
    expect(found.get("unlock-and-wipe")).toBe("Escrow the bypass code, take the Activation Lock off, erase the device (destroys data).");
  });

  test("completes the steps, of requests and of playbooks", async () => {
    const ofRequest = await completions("devices/requests/deep/steps.yaml", `${REQUEST}    steps:\n      - ‸\n`);
    const ofPlaybook = await completions("devices/playbooks/steps.yml", "playbooks:\n  - name: mine\n    steps:\n      - ‸\n");

    expect(ofRequest.get("wipe")).toMatch(/^Erase the device .*destroys data/);
    expect(ofPlaybook.get("syncDevice")).toMatch(/^\w/);
  });

  test("completes the keys of a request and the words that it may hold", async () => {
    const keys = await completions("devices/requests/keys.yaml", `${REQUEST}    ‸\n`);
    const words = await completions("devices/requests/words.yaml", `${REQUEST}    acknowledge:\n      - ‸\n`);

    expect([...keys.keys()]).toEqual(expect.arrayContaining(["playbook", "steps", "expires", "acknowledge", "onDrift"]));
    expect(keys.has("name")).toBe(false);
    expect([...words.keys()]).toEqual(expect.arrayContaining(["dataLoss", "physicalPossession", "personalDevice", "noBypassCode"]));
  });

  test("says under the pointer what a key means", async () => {
    const file = "devices/requests/hover.yaml";
    await server.open(file, `${REQUEST}    expires: 2026-12-31\n`);

    expect(JSON.stringify(await server.ask("hover", file, 4, 6))).toContain("Last day (UTC) on which this may run, YYYY-MM-DD");
  });

  test("marks a mistake at its place", async () => {
    const text = `${REQUEST}    playbook: unlock\n    raeson: r\n    generation: two\n`;

    const found = await server.open("devices/requests/mistakes.yaml", text);

    expect(found.map(({ range: { start }, message }) => `${start.line}:${start.character} ${message}`).sort()).toEqual([
      expect.stringMatching(/^5:4 Property raeson is not allowed/),
      expect.stringMatching(/^6:16 .*Expected "integer"/),
    ]);
  });

  test.each(["wipe", "mine-of-this-project"])("marks nothing of a request whose playbook is %s", async (playbook) => {
    expect(await server.open(`devices/requests/${playbook}.yaml`, `${REQUEST}    playbook: ${playbook}\n`)).toEqual([]);
  });

  test.each(EXAMPLES)("marks nothing of devices/examples/%s", async (name) => {
    const file = `devices/examples/${name}`;

    expect(await server.open(file, readFileSync(path.join(ROOT, file), "utf8"))).toEqual([]);
  });
});

interface Snippet {
  readonly prefix: string;
  readonly body: readonly string[];
}

/** The text of a snippet when every stop is left as it is. */
function expand({ body }: Snippet): string {
  return body
    .join("\n")
    .replaceAll(/\$\{CURRENT_YEAR\}/g, "2026")
    .replaceAll(/\$\{\d\|([^,]*),[^}]*\}/g, "$1")
    .replaceAll(/\$\{\d:([^}]*)\}/g, "$1")
    .replaceAll(/(?<!\\)\$\d/g, "")
    .replaceAll("\\$", "$");
}

describe("the snippets", () => {
  const snippets: readonly Snippet[] = Object.values(json("device-lifecycle.code-snippets"));
  const texts = snippets.map((snippet) => [snippet.prefix, expand(snippet)] as const);
  const ofRequests = texts.filter(([prefix]) => prefix !== "requests");
  const file = (text: string) => `requests:\n${text.replaceAll(/^(?=.)/gm, "  ")}`;

  test("are for a file, a leaver, a list and a lost device", () => {
    expect(texts.map(([prefix]) => prefix)).toEqual(["requests", "leaver", "list", "lost"]);
    expect(texts[0]?.[1]).toBe("# yaml-language-server: $schema=../schema/requests.schema.json\nrequests:\n  ");
  });

  test.each(ofRequests)("%s is a request without a mistake", async (prefix, text) => {
    const { diagnostics } = await loadText(file(text));

    expect(diagnostics.filter(({ code }) => code !== "DLR010")).toEqual([]);
    expect(await server.open(`devices/requests/snippet-${prefix}.yaml`, file(text))).toEqual([]);
  });
});

test("the task that validates shows each mistake at its place", async () => {
  const [task] = json("tasks.json").tasks;
  const { pattern } = task.problemMatcher;
  const { diagnostics } = await loadText(`${REQUEST}    playbook: retyre\n`);

  const [first = "", ...others] = diagnostics.map(renderDiagnostic).join("\n").split("\n");
  const found = new RegExp(pattern.regexp).exec(first) ?? [];

  const keys = ["file", "line", "column", "severity", "code", "message"];
  expect(Object.fromEntries(keys.map((key) => [key, found[pattern[key]]]))).toEqual({
    file: "requests/a.yaml",
    line: "5",
    column: "15",
    severity: "error",
    code: "DLR012",
    message: 'unknown playbook "retyre" (did you mean "retire"?)',
  });
  expect(others.filter((line) => new RegExp(pattern.regexp).test(line))).toEqual([]);
  expect(JSON.parse(readFileSync(path.join(ROOT, "package.json"), "utf8")).scripts[task.script]).toBe("node cli/validate.ts");
});

import { describe, expect, test } from "@jest/globals";
import { ESCROW_STORES, escrowedAt, escrowPlaceAt } from "../../providers/escrow/escrow-stores.ts";
import { LEDGER_STORES, ledgerPlaceAt } from "../../providers/ledger/ledger-stores.ts";
import { gitFiles, textOf } from "./pages.ts";

const PAGES = gitFiles("docs/how-to-*.md");

/** What stands in backquotes and begins with a folder of ours. */
function namedIn(page: string): readonly string[] {
  return [...textOf(page).matchAll(/`((?:providers|test|cli|emulator|docs|infrastructure)\/[^`\s]*)`/g)].flatMap(([, name]) => name ?? []);
}

describe.each(PAGES)("%s", (page) => {
  test("names files and folders that are there", () => {
    const files = gitFiles();

    expect(namedIn(page).length).toBeGreaterThan(5);
    expect(namedIn(page).filter((name) => !files.some((file) => file === name || file.startsWith(name.replace(/\/?$/, "/"))))).toEqual([]);
  });

  test("is led to from the page on how it is built", () => {
    expect(textOf("docs/architecture.md")).toContain(`](${page.slice("docs/".length)})`);
  });
});

describe("how to add a store", () => {
  const page = textOf("docs/how-to-add-a-store.md");
  const rules = { root: "/", vaultSuffixes: [], blobSuffixes: [], isLoopbackGraph: false };

  test("says of every member of an escrow store who asks it", () => {
    const store = ESCROW_STORES.flatMap(Object.keys).filter((member) => member !== "form");
    const place = Object.keys(escrowPlaceAt("file:escrow", rules));
    const entry = Object.keys(escrowedAt("file:escrow/0123456789abcdef0123456789abcdef.age", "/"));

    const unsaid = [...store, ...place, ...entry].filter((member) => !page.includes(`\`${member}\``));

    expect(unsaid).toEqual([]);
  });

  test("names what a ledger's place is asked besides", () => {
    expect(Object.keys(ledgerPlaceAt("file:ledger", rules))).toEqual(["noun", "isOfOneMachine", "open", "awaitFree"]);
    expect(page).toContain("`awaitFree`");
  });

  test("is about stores that the page on stores describes", () => {
    const stores = textOf("docs/stores.md");

    expect([...ESCROW_STORES, ...LEDGER_STORES].filter(({ form }) => !stores.includes(`\`${form}\``))).toEqual([]);
  });
});

describe("how to add an action", () => {
  const page = textOf("docs/how-to-add-an-action.md");

  test("names every file of the action table", () => {
    const families = gitFiles("providers/domain/actions/actions-*.ts");

    expect(families.length).toBeGreaterThan(3);
    expect(families.filter((file) => !page.includes(`\`${file}\``))).toEqual([]);
  });

  test("names every test of the table and of all its actions", () => {
    const tests = gitFiles("test/domain/*.test.ts", "test/*/every-action.test.ts").filter((file) => !file.endsWith("/redacted.test.ts"));

    expect(tests.filter((file) => !page.includes(`\`${file}\``))).toEqual([]);
  });
});

describe("how to add a rule", () => {
  const page = textOf("docs/how-to-add-a-rule.md");

  test("shows the rule that is tested", () => {
    const [, shown] = /```ts\n([\s\S]*?)```/.exec(page) ?? [];

    expect(textOf("test/example-rule/seen-lately-rule.ts")).toContain(shown);
  });

  test("names what a rule decides beside what every rule has", () => {
    const [, definition = ""] = textOf("providers/rules/rule.ts").split("export interface RuleText");
    const members = [...definition.matchAll(/^ {2}readonly (\w+)\?: (?:true|string|\(facts: RuleFacts\)|readonly [NU]\[\])/gm)];

    expect(members.length).toBe(5);
    expect(members.filter(([, name]) => !page.includes(`\`${name}\``)).map(([, name]) => name)).toEqual([]);
  });
});

describe("how to add a kind of resource", () => {
  test("names every function that Pulumi calls of the kind that there is", async () => {
    const page = textOf("docs/how-to-add-a-kind-of-resource.md");
    const functions = Object.keys(await import("../../providers/pulumi/provider.ts"));

    expect(functions.filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
  });
});

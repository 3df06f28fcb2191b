import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { describe, expect, test } from "@jest/globals";
import { COMMANDS } from "../../cli/commands.ts";
import { mapInPool } from "../../providers/support/map-in-pool.ts";
import { PAGES, ROOT, textOf } from "./pages.ts";

const { scripts } = JSON.parse(textOf("package.json")) as { readonly scripts: Readonly<Record<string, string>> };

const NAMES = COMMANDS.map(({ name }) => name);

/** These hand their arguments to other people's programs: what they take is not ours to say. */
const HANDS_ON = ["pulumi", "up", "preview", "test", "test:long"];
const GROUPS = ["ledger", "recipients", "report", "people"];

/** A command as a page prints it. */
interface Printed {
  readonly page: string;
  readonly text: string;
  readonly script: string;
  /** The command of a group, such as `init` of `ledger`. */
  readonly command: string | undefined;
  readonly options: readonly string[];
}

/**
 * Pages of other people's packages are none of ours, and what a test fixture prints is none either.
 */
const OWN = PAGES.filter((page) => !page.startsWith("test/fixtures/"));

function printedIn(page: string): readonly Printed[] {
  const found = textOf(page).matchAll(/(?:npm run (?:-s )?|\bdlr )([a-z][\w:-]*)(?:(?<=npm run [\w:-]+) --)?(?: ([^`\n|#]*))?/g);
  return [...found].map(([text, script = "", given = ""]) => {
    const words = given
      .replaceAll(/"[^"]*"|'[^']*'/g, "TEXT")
      .split(/\s+/)
      .map((word) => word.replace(/[,;.:)]+$/, ""));
    const command = GROUPS.includes(script) ? words[0] : undefined;
    return {
      page,
      text,
      script,
      command,
      options: words.filter((word) => /^--[a-z]/.test(word)),
    };
  });
}

const PRINTED = OWN.flatMap(printedIn);

/** Each is a process of its own. */
const HELPS_AT_ONCE = 3;

const helps = new Map<string, Promise<string>>();

/** What a command says of itself. */
function helpOf({ script, command }: Pick<Printed, "script" | "command">): Promise<string> {
  const line = ["cli/dlr.js", script, ...(command === undefined ? [] : [command]), "--help"];
  const key = line.join(" ");
  const known = helps.get(key) ?? promisify(execFile)(process.execPath, line, { cwd: ROOT }).then(({ stdout }) => stdout);
  helps.set(key, known);
  return known;
}

describe("each command that a page prints", () => {
  test("names a script that there is", () => {
    expect(PRINTED.length).toBeGreaterThan(200);
    expect(
      PRINTED.filter(({ script }) => !(script in scripts) && !NAMES.includes(script)).map(({ page, text }) => `${page}: ${text}`),
    ).toEqual([]);
  });

  test("is the command itself; its npm script stands in one place", () => {
    const aliases = PRINTED.filter(
      ({ page, text, script }) => text.startsWith("npm run") && NAMES.includes(script) && page !== "CHANGELOG.md",
    );

    expect(aliases.map(({ page, text }) => `${page}: ${text}`)).toEqual(["docs/set-up.md: npm run up -- prod"]);
  });

  test("has options and a command that its --help tells", async () => {
    const own = PRINTED.filter(({ script }) => NAMES.includes(script) && !HANDS_ON.includes(script));
    const wrong = await mapInPool(own, HELPS_AT_ONCE, async (printed) => {
      const help = await helpOf(printed);
      const isOfGroup =
        printed.command === undefined || help.includes(` dlr ${printed.script} ${printed.command} `) || printed.command === "";
      const unknown = printed.options.filter((option) => !new RegExp(`(^|\\s)${option}\\b`, "m").test(help));
      return isOfGroup && unknown.length === 0 ? [] : [`${printed.page}: ${printed.text}`];
    });

    expect(wrong.flat()).toEqual([]);
  });
});

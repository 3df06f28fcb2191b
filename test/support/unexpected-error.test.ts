import { randomBytes } from "node:crypto";
import { mkdir, readdir, readFile, stat, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, test } from "@jest/globals";
import { Redacted } from "../../providers/domain/redacted.ts";
import { tellUnexpected } from "../../providers/support/unexpected-error.ts";
import { temporaryFolder } from "./temporary-folder.ts";

const secret = () => randomBytes(20).toString("hex").toUpperCase();
const LOG = path.join(".device-lifecycle", "log");

async function tell(error: unknown, { env = {}, root }: { env?: Record<string, string>; root?: string } = {}) {
  const folder = root ?? (await temporaryFolder());
  const text = tellUnexpected(error, { root: folder, env });
  const files = await readdir(path.join(folder, LOG)).catch(() => []);
  const log = files.length === 0 ? null : await readFile(path.join(folder, LOG, files[0] ?? ""), "utf8");
  return { text, log, files, folder };
}

describe("what people read of an unexpected error", () => {
  test("is its kind and where the details are, never what it says", async () => {
    const { text, files } = await tell(new TypeError("whatever it says"));

    expect(text).toBe(`DLR901: unexpected error (TypeError); details: ${path.join(LOG, files[0] ?? "")}; please report it`);
  });

  test("in CI says that the details go with the runner", async () => {
    expect((await tell(new TypeError("x"), { env: { CI: "true" } })).text).toMatch(
      /\.log, which goes with this CI runner; please report it$/,
    );
  });

  test.each<[string, unknown, string]>([
    ["the system's", Object.assign(new Error("open /home/anna/x"), { code: "EACCES" }), "Error, EACCES"],
    ["one with a code of any form", Object.assign(new Error("x"), { code: "S3cret" }), "Error"],
    ["one with a name of any form", Object.assign(new Error("x"), { name: "S3cret is 4K7Q1" }), "Error"],
    ["a text", "4K7Q1", "thrown string"],
    ["nothing", undefined, "thrown undefined"],
    ["one of another realm", { name: "TypeError", message: "4K7Q1" }, "thrown object"],
  ])("of %s is a word of a closed form", async (_, error, kind) => {
    expect((await tell(error)).text).toMatch(new RegExp(`^DLR901: unexpected error \\(${kind}\\); details: `));
  });

  test("of one that fails whoever looks at it is told all the same", async () => {
    const fail = () => {
      throw new Error("4K7Q1");
    };
    const error = Object.defineProperties(new Error("x"), { name: { get: fail }, stack: { get: fail }, cause: { get: fail } });
    const proxy = new Proxy(error, { get: fail, getPrototypeOf: fail, has: fail });

    expect((await tell(error)).text).toMatch(/^DLR901: unexpected error \(unknown\); details: .*; please report it$/);
    expect((await tell(proxy)).text).toMatch(/^DLR901: unexpected error \(thrown object\); details: .*; please report it$/);
  });
});

describe("the details of an unexpected error", () => {
  test("are where it came from and what caused it, for the user alone", async () => {
    const error = new TypeError("outer", { cause: new RangeError("inner", { cause: "a text" }) });

    const { log, files, folder } = await tell(error);

    expect(log).toMatch(/TypeError: outer\n {4}at .*unexpected-error\.test\.ts:\d+/);
    expect(log).toMatch(/caused by RangeError: inner\n {4}at /);
    expect(log).toContain("caused by a thrown string: a text");
    expect((await stat(path.join(folder, LOG, files[0] ?? ""))).mode & 0o777).toBe(0o600);
    expect((await stat(path.join(folder, LOG))).mode & 0o777).toBe(0o700);
  });

  test("of one process are in one file, and fill no disk", async () => {
    const { folder } = await tell(new Error("first"));
    const { log, files } = await tell(new Error("second"), { root: folder });
    await writeFile(path.join(folder, LOG, files[0] ?? ""), "x".repeat(1024 * 1024));
    const full = await tell(new Error("third"), { root: folder });

    expect(files).toHaveLength(1);
    expect(log).toMatch(/first[\s\S]*second/);
    expect(full.log).toHaveLength(1024 * 1024);
    expect(full.text).toContain("details: ");
  });

  test("have no secret that was known, in any form, nor parts of it", async () => {
    const code = new Redacted(secret());
    const [text, env] = [code.reveal(), { GRAPH_ACCESS_TOKEN: secret(), HOME: "/home/anna" }];
    const base64 = Buffer.from(`{"code":"${text}"}`).toString("base64");

    const { log } = await tell(new SyntaxError(`${text} ${base64} "${text.slice(3, 14)}"... ${env.GRAPH_ACCESS_TOKEN} ${env.HOME}`), {
      env,
    });

    expect(log).toMatch(/^SyntaxError: <redacted> .*"<redacted>"\.\.\. <redacted> \/home\/anna$/m);
    expect(log).not.toContain(base64);
  });

  test("have nothing that looks like a bypass code, though nobody read one", async () => {
    const { log } = await tell(new Error("ABCDE-12345-ABCD-1234-ABCD-1234 and passcode=4711"));

    expect(log).toContain("Error: <redacted> and passcode=<redacted>");
  });

  test("of a secret as long as a book are written without it", async () => {
    const long = new Redacted(secret().repeat(1_000)).reveal();

    const { log } = await tell(new SyntaxError(`Invalid regular expression: /${long}/`));

    expect(log).toContain("SyntaxError: Invalid regular expression: /<redacted>/");
  });

  test("steer no terminal", async () => {
    expect((await tell(new Error("\u001b[2J"))).log).not.toContain("\u001b");
  });

  test("that cannot be written are said to be lost", async () => {
    const [file, link, elsewhere] = [await temporaryFolder(), await temporaryFolder(), await temporaryFolder()];
    await writeFile(path.join(file, ".device-lifecycle"), "not a folder");
    await mkdir(path.join(elsewhere, "log"));
    await symlink(elsewhere, path.join(link, ".device-lifecycle"));

    const texts = [file, link].map((root) => tellUnexpected(new TypeError("x"), { root, env: {} }));

    expect(texts[0]).toMatch(/^DLR901: unexpected error \(TypeError\); no log could be written \(Error, E\w+\); please report it$/);
    expect(texts[1]).toContain("no log could be written (Error)");
    expect(await readdir(path.join(elsewhere, "log"))).toEqual([]);
  });
});

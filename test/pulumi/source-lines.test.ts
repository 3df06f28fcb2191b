import { symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import type { Diagnostic } from "../../providers/domain/diagnostic.ts";
import { withSourceLines } from "../../providers/pulumi/program/source-lines.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

function mistake(line: number, changes: Partial<Diagnostic> = {}, file = "a.yaml"): Diagnostic {
  return { code: "DLR301", severity: "error", message: "no device", location: { file, line, column: 3 }, ...changes };
}

async function folderWith(text: string | Uint8Array): Promise<string> {
  const root = await temporaryFolder();
  await writeFile(join(root, "a.yaml"), text);
  return root;
}

test("a line is shown as validate shows it: what stands behind a word for a secret is hidden", async () => {
  const root = await folderWith(
    [
      "requests:",
      "  - name: a",
      "    device: { serialNumber: DMPXK2ABCDEF } # old passcode: 47114711",
      '    note: "activationLockBypassCode": "AB12-CD34"',
      "    PassWord: hunter2, and more\r",
      "    device: plain",
    ].join("\n"),
  );

  const [comment, quoted, password, plain] = withSourceLines(
    [3, 4, 5, 6].map((line) => mistake(line)),
    root,
  ).map(({ sourceLine }) => sourceLine);

  expect(comment).toBe("    device: { serialNumber: DMPXK2ABCDEF } # old passcode: ********");
  expect(quoted).not.toContain("AB12");
  expect(password).not.toContain("hunter2");
  expect(password).not.toContain("\r");
  expect(plain).toBe("    device: plain");
});

test("a line that the loader gave stays, and a byte order mark moves no line", async () => {
  const root = await folderWith("\ufefffirst\nsecond\n");

  const [given, first] = withSourceLines([mistake(2, { sourceLine: "given" }), mistake(1)], root);

  expect(given?.sourceLine).toBe("given");
  expect(first?.sourceLine).toBe("first");
});

test("where there is no such line or no such file any more, none is shown", async () => {
  const root = await folderWith("one\n");
  const secret = await folderWith("not of this folder");
  await symlink(join(secret, "a.yaml"), join(root, "link.yaml"));
  await writeFile(join(root, "bytes.yaml"), Buffer.from([0xff, 0xfe, 0x41]));
  const asked = [mistake(9), mistake(2), mistake(1, {}, "gone.yaml"), mistake(1, {}, "link.yaml"), mistake(1, {}, "bytes.yaml")];

  expect(withSourceLines(asked, root)).toEqual(asked);
});

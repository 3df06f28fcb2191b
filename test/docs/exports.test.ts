import { expect, test } from "@jest/globals";
import { gitFiles, textOf } from "./pages.ts";

const FOLDERS = ["providers", "review", "cli", "emulator", "infrastructure"];
const EXPORT = /^export (?:default )?(?:declare )?(?:abstract )?(?:async )?(?:function|const|class|interface|type)\*? (?![{*])/;

/** True where the line before ends a doc comment: a plain comment does not show in an editor. */
function hasDocComment(lines: readonly string[], index: number): boolean {
  const end = lines[index - 1] ?? "";
  if (!end.endsWith("*/")) return false;
  const start = lines.slice(0, index).findLast((line) => line.trimStart().startsWith("/*"));
  return start?.trimStart().startsWith("/**") === true;
}

function undocumentedIn(file: string): readonly string[] {
  const lines = textOf(file).split("\n");
  return lines.flatMap((line, index) => (EXPORT.test(line) && !hasDocComment(lines, index) ? [`${file}:${index + 1}`] : []));
}

test("every export has a doc comment right before it", () => {
  const undocumented = gitFiles(...FOLDERS.map((folder) => `${folder}/*.ts`)).flatMap(undocumentedIn);

  expect(undocumented).toEqual([]);
});

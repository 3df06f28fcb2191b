import { expect, test } from "@jest/globals";
import { gitFiles, textOf } from "./pages.ts";

const FOLDERS = ["providers", "review", "notify", "report", "cli", "emulator", "infrastructure"];
const EXPORT = /^export (?:default )?(?:declare )?(?:abstract )?(?:async )?(?:function|const|class|interface|type)\*? (?![{*])/;

/** True where a doc comment with words ends in the line before: editors show no plain comment. */
function hasDocComment(lines: readonly string[], index: number): boolean {
  const start = lines.slice(0, index).findLastIndex((line) => line.trimStart().startsWith("/*"));
  return /^\/\*\*.*\w.*\*\/$/s.test(lines.slice(Math.max(0, start), index).join("\n"));
}

function undocumentedIn(file: string): readonly string[] {
  const lines = textOf(file).split("\n");
  return lines.flatMap((line, index) => (EXPORT.test(line) && !hasDocComment(lines, index) ? [`${file}:${index + 1}`] : []));
}

test("every export has a doc comment right before it", () => {
  const undocumented = gitFiles(...FOLDERS.map((folder) => `${folder}/*.ts`)).flatMap(undocumentedIn);

  expect(undocumented).toEqual([]);
});

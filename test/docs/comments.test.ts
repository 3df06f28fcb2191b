import { expect, test } from "@jest/globals";
import { gitFiles, textOf } from "./pages.ts";

const WIDTH = 100;

/** A comment line that could be broken and was not; an address cannot be. */
function isTooWide(line: string): boolean {
  const [, indent = "", text = ""] = /^(\s*(?:\/\/|\/\*\*?|\*) )(.*)$/.exec(line) ?? [];
  return text !== "" && line.length > WIDTH && /\S \S/.test(text.slice(0, Math.max(0, WIDTH - indent.length)));
}

test("comments keep to 100 columns", () => {
  const wide = gitFiles("*.ts").flatMap((file) =>
    textOf(file)
      .split("\n")
      .flatMap((line, index) => (isTooWide(line) ? `${file}:${index + 1}` : [])),
  );

  expect(wide).toEqual([]);
});

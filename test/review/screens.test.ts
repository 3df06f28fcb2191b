import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "@jest/globals";
import { SCREENS } from "../support/screens.ts";

const GOLDEN = path.join(import.meta.dirname, "golden", "screens");
const ROOT = path.resolve(import.meta.dirname, "../..");

describe("the pictures of the README", () => {
  test.each(SCREENS.map((screen) => [screen.name, screen] as const))(
    "%s shows what our code renders today (UPDATE_SCREENS=1 npm run test:long -- screens takes it anew)",
    (name, { markdown }) => {
      const file = path.join(GOLDEN, `${name}.md`);
      if (process.env.UPDATE_SCREENS === "1") writeFileSync(file, markdown);

      expect(markdown).toBe(readFileSync(file, "utf8"));
    },
  );

  test.each(SCREENS.map((screen) => [screen.name, screen] as const))(
    "%s is shown there, with words for who cannot see it",
    (name, { title }) => {
      const readme = readFileSync(path.join(ROOT, "README.md"), "utf8");

      expect(readme).toContain(`![${title}](docs/images/${name}.png)`);
      expect(
        readFileSync(path.join(ROOT, "docs", "images", `${name}.png`))
          .subarray(1, 4)
          .toString(),
      ).toBe("PNG");
    },
  );
});

import { expect, test } from "@jest/globals";
import { gitFiles, textOf } from "./pages.ts";

const ROOMS = ["providers", "cli", "review", "notify", "emulator", "infrastructure", "index.ts"];

/**
 * Data from disk or from the wire is what a parser or a type guard has found it to be. A copy of
 * our own data, made with a reviver, is neither.
 */
test.each([
  ["is called something else by way of unknown", /\bas unknown as\b/],
  ["is believed to have the form that was hoped for", /JSON\.parse\([^;,]*\) as (?!unknown\b)/],
])("nothing that was read %s", (_name, cast) => {
  const found = gitFiles(...ROOMS).flatMap((file) => (file.endsWith(".ts") && cast.test(textOf(file)) ? [file] : []));

  expect(found).toEqual([]);
});

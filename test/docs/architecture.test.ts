import { expect, test } from "@jest/globals";
import { gitFiles, textOf } from "./pages.ts";

const page = textOf("docs/architecture.md");

/** What stands in backquotes and begins with a folder of ours. */
const named = [
  ...page.matchAll(/`((?:providers|test|cli|emulator|infrastructure)\/[^`\s]*|index\.ts|\.dependency-cruiser\.cjs)`/g),
].flatMap(([, name]) => name ?? []);

test("every file and folder that the page on architecture names is there", () => {
  const files = gitFiles();

  expect(named.length).toBeGreaterThan(25);
  expect(named.filter((name) => !files.some((file) => file === name || file.startsWith(name.replace(/\/?$/, "/"))))).toEqual([]);
});

test("every room under providers/ is in the picture", () => {
  const rooms = new Set(gitFiles("providers/*").flatMap((file) => file.split("/")[1] ?? []));

  expect([...rooms].filter((room) => !page.includes(`${room}/`))).toEqual([]);
});

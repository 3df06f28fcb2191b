import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { findOnPath } from "../../cli/pulumi/find-on-path.ts";
import { pageOf, SCREENS, type Screen } from "../support/screens.ts";

const ROOT = path.resolve(import.meta.dirname, "../..");
const WIDTH = 1000;

/** Debian's Chromium, or whatever the machine has under one of these names. */
const NAMES = ["chromium", "chromium-browser", "google-chrome"] as const;
const found = await Promise.all(NAMES.map((name) => findOnPath(name, process.env)));
const browser = found.find((file) => file !== null);
const inBrowser = browser === undefined ? describe.skip : describe;
if (browser === undefined) console.warn("no Chromium on this machine: nobody looks at the pictures of the README");

inBrowser("what people see, in a real browser", () => {
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "device-lifecycle-screens-"));
  });

  afterAll(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  async function open(screen: Screen, ...args: readonly string[]): Promise<string> {
    const page = path.join(folder, `${screen.name}.html`);
    await writeFile(page, pageOf(screen));
    const common = ["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", `--user-data-dir=${path.join(folder, "profile")}`];
    const size = `--window-size=${WIDTH},${screen.height}`;
    const { stdout } = await promisify(execFile)(String(browser), [...common, size, ...args, pathToFileURL(page).href]);
    return stdout;
  }

  test.each(SCREENS.map((screen) => [screen.name, screen] as const))("%s fits the width, as a picture", async (name, screen) => {
    const taken = path.join(folder, `${name}.png`);
    await open(screen, `--screenshot=${taken}`);
    const picture = await readFile(taken);
    if (process.env.UPDATE_SCREENS === "1") await writeFile(path.join(ROOT, "docs", "images", `${name}.png`), picture);

    // https://www.w3.org/TR/png-3/#11IHDR
    expect([picture.readUInt32BE(16), picture.readUInt32BE(20)]).toEqual([WIDTH, screen.height]);
    expect(await open(screen, "--dump-dom")).toContain("<title>fits</title>");
  });
});

import { findOnPath } from "../../cli/pulumi/find-on-path.ts";

/** Debian's Chromium, or whatever the machine has under one of these names. */
const NAMES = ["chromium", "chromium-browser", "google-chrome"] as const;

/** The browser of this machine; undefined where there is none. */
export async function findBrowser(): Promise<string | undefined> {
  const found = await Promise.all(NAMES.map((name) => findOnPath(name, process.env)));
  return found.find((file) => file !== null) ?? undefined;
}

/**
 * The CLI that is downloaded or compiled when there is none. Later versions are not served as Go
 * modules.
 */
export const PULUMI_VERSION = "3.255.0";

/**
 * The last Node language host that is a package of a served Go module; a downloaded CLI brings its
 * own.
 */
export const LANGUAGE_HOST_VERSION = "3.68.0";

/** A `pulumi` found on PATH must be at least this one. */
export const OLDEST_PULUMI = "3.200.0";

/** What tools/pulumi/go.mod demands; with GOTOOLCHAIN=local an older Go refuses. */
export const OLDEST_GO = "1.25.11";

type Version = readonly [major: number, minor: number, patch: number];

/**
 * The first `1.2.3`, `v1.2` or `go1.26rc1` in a text; null when there is none. A missing patch
 * number counts as 0.
 */
export function parseVersion(text: string): Version | null {
  const found = /(\d+)\.(\d+)(?:\.(\d+))?/.exec(text);
  return found === null ? null : [Number(found[1]), Number(found[2]), Number(found[3] ?? 0)];
}

/** Pre-release marks are ignored: `3.200.0-alpha.1` counts as 3.200.0. */
export function isAtLeast(text: string, oldest: string): boolean {
  const version = parseVersion(text);
  const floor = parseVersion(oldest);
  if (version === null || floor === null) return false;
  for (const [place, number] of version.entries()) {
    const other = floor[place] ?? 0;
    if (number !== other) return number > other;
  }
  return true;
}

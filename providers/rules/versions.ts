/**
 * Compares dotted versions by number: 10.0.19045 > 10.0.9. The build behind a version, as in `14.4
 * (23E214)`, does not count.
 */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [versionNumbers(a), versionNumbers(b)];
  for (let part = 0; part < Math.max(left.length, right.length); part++) {
    const difference = (left[part] ?? 0) - (right[part] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

function versionNumbers(version: string): readonly number[] {
  const [dotted] = /\d+(\.\d+)*/.exec(version) ?? ["0"];
  return dotted.split(".").map(Number);
}

/** The stack that the arguments name, in each spelling that Pulumi takes; the last one counts. */
export function stackNamed(args: readonly string[]): string | null {
  return optionValues(args, "--stack", "-s").at(-1) ?? null;
}

/**
 * Values of an option of Pulumi's in the order of the arguments: `--stack a`, `--stack=a`, `-s a`,
 * `-s=a`, `-sa`.
 */
export function optionValues(args: readonly string[], long: string, short?: string): readonly string[] {
  const end = args.indexOf("--");
  const said = end === -1 ? args : args.slice(0, end);
  return said.flatMap((arg, place) => {
    if (arg === long || arg === short) return said[place + 1] ?? [];
    if (arg.startsWith(`${long}=`)) return arg.slice(long.length + 1) || [];
    if (short === undefined || arg.startsWith("--") || !arg.startsWith(short)) return [];
    return arg.slice(short.length).replace(/^=/, "") || [];
  });
}

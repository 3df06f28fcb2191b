/** An option of ours among arguments that are Pulumi's. */
export interface Taken {
  /** The last one counts; null where it is not said. */
  readonly value: string | null;
  /** The arguments without it, in their order. */
  readonly rest: readonly string[];
}

/**
 * Takes `--name VALUE` and `--name=VALUE` out of the arguments; what stands behind `--` is left
 * alone.
 */
export function takeOption(args: readonly string[], name: string): Taken {
  const rest: string[] = [];
  let value: string | null = null;
  const end = args.indexOf("--");
  const said = end === -1 ? args : args.slice(0, end);
  for (let place = 0; place < said.length; place++) {
    const arg = said[place] ?? "";
    if (arg === name) value = said[++place] ?? "";
    else if (arg.startsWith(`${name}=`)) value = arg.slice(name.length + 1);
    else rest.push(arg);
  }
  return { value, rest: [...rest, ...(end === -1 ? [] : args.slice(end))] };
}

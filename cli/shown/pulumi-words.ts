/** What stands for one option, or one other word, among arguments of Pulumi's. */
export interface Word {
  /** `--yes` of `--yes=false`; a word that is no option stands for itself. */
  readonly name: string;
  /** Null where none is said. */
  readonly value: string | null;
  /** The arguments that it is made of, as they came. */
  readonly args: readonly string[];
}

/**
 * Options of `up` and `preview` whose value may be the next argument, whatever that looks like:
 * `--message --yes` says yes to nothing.
 */
const TAKE_VALUES: ReadonlySet<string> = new Set(
  "-c --config --config-file --event-log --exclude --import-file -m --message --override-env -p --parallel --plan --policy-pack --policy-pack-config --replace --save-plan --secrets-provider -s --stack -t --target --target-replace --color -C --cwd --memprofilerate --otel-traces --profiling --tracing --tracing-header -v --verbose".split(
    " ",
  ),
);

/** Short options without a value may stand together: `-yf`. */
const TOGETHER = /^-[yfdj]{2,}$/;

/** The words before `--`, and what follows as it came. */
export function readWords(args: readonly string[]): { readonly words: readonly Word[]; readonly rest: readonly string[] } {
  const words: Word[] = [];
  for (let place = 0; place < args.length; place++) {
    const arg = args[place] ?? "";
    const next = args[place + 1];
    if (arg === "--") return { words, rest: args.slice(place) };
    if (TOGETHER.test(arg))
      words.push(
        ...arg
          .slice(1)
          .split("")
          .map((letter) => wordOf(`-${letter}`)),
      );
    else if (TAKE_VALUES.has(arg) && next !== undefined) {
      words.push({ name: arg, value: next, args: [arg, next] });
      place++;
    } else words.push(wordOf(arg));
  }
  return { words, rest: [] };
}

function wordOf(arg: string): Word {
  const equals = arg.startsWith("-") ? arg.indexOf("=") : -1;
  if (equals !== -1) return { name: arg.slice(0, equals), value: arg.slice(equals + 1), args: [arg] };
  const short = arg.slice(0, 2);
  const isShort = arg.length > 2 && !arg.startsWith("--") && TAKE_VALUES.has(short);
  return isShort ? { name: short, value: arg.slice(2), args: [arg] } : { name: arg, value: null, args: [arg] };
}

/** Whether a switch is on: the last one counts, and `--yes=false` is off, as Pulumi reads it. */
export function isOn(words: readonly Word[], names: readonly string[]): boolean {
  const last = words.findLast(({ name }) => names.includes(name));
  return last !== undefined && !/^(0|f|false)$/i.test(last.value ?? "");
}

/** The arguments without some of the words. */
export function withoutWords(args: readonly string[], names: readonly string[]): readonly string[] {
  const { words, rest } = readWords(args);
  return [...words.filter(({ name }) => !names.includes(name)).flatMap((word) => word.args), ...rest];
}

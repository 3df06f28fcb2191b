import type { StoreOptions } from "./store-locations.ts";

/**
 * Writes a command of ours as a person would type it: for the same stack and ledger as the one that
 * runs now.
 */
export type CommandWriter = (script: string, ...args: readonly string[]) => string;

/** Quotes what a shell would take apart; commands of Pulumi get no `--ledger`. */
export function commandWriter({ stack, ledger }: StoreOptions): CommandWriter {
  return (script, ...args) => {
    const places = [...option("--stack", stack), ...(OF_PULUMI.includes(script) ? [] : option("--ledger", ledger))];
    const words = [...args, ...places].map(quoted).join(" ");
    return words === "" ? `npm run ${script}` : `npm run ${script} -- ${words}`;
  };
}

/** These hand their arguments to Pulumi, which takes the ledger from the stack alone. */
const OF_PULUMI: readonly string[] = ["up", "preview"];

function option(name: string, value: string | undefined): readonly string[] {
  return value === undefined ? [] : [name, value];
}

/** Double quotes mean the same to every shell as long as nothing in them does more. */
function quoted(word: string): string {
  if (/^[\p{L}\p{N}@%+=:,./_#-]+$/u.test(word) && !word.startsWith("#")) return word;
  if (!/["$`\\!%]/.test(word)) return `"${word}"`;
  return `'${word.replaceAll("'", "'\\''")}'`;
}

import { printableJson } from "../../providers/domain/diagnostic.ts";
import type { SetUpOptions } from "../pulumi/options.ts";
import { oneStack } from "../support/one-stack.ts";
import { shellAtHand } from "../support/shell-at-hand.ts";
import { examine } from "./examine.ts";
import { exitCodeOf, renderRow, renderTotals } from "./render-rows.ts";
import type { Row } from "./row.ts";

interface Flags {
  readonly stack?: string;
  readonly json?: true;
}

type Options = Omit<SetUpOptions, "signal">;

/** `dlr doctor`: looks at everything, and changes nothing. Gives the exit code. */
export async function doctor(word: string | undefined, { stack, json }: Flags, options: Options): Promise<number> {
  return await diagnose(oneStack(word, stack), options, json === true);
}

/**
 * Tells row by row how a stack stands; `stack` undefined: the selected one. Gives the exit code.
 */
export async function diagnose(stack: string | undefined, options: Options, asJson: boolean): Promise<number> {
  const rows: Row[] = [];
  await examine({ options, stack, shell: shellAtHand(options.env, process.platform) }, (row) => {
    rows.push(row);
    if (!asJson) console.log(renderRow(row));
  });
  if (asJson) console.log(printableJson(rows));
  else console.log(`\n${renderTotals(rows)}`);
  return exitCodeOf(rows);
}

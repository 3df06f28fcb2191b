import { printable } from "../../providers/domain/diagnostic.ts";
import type { Mistake } from "./wanted.ts";

/** For a terminal: what is wrong, then what to do about it. */
export function renderMistake({ where, message, hint }: Mistake): string {
  const help = hint === "" ? "" : `\n  help: ${printable(hint)}`;
  return `error: ${where === "" ? "" : `${printable(where)}: `}${printable(message)}${help}`;
}

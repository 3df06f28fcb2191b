import { codePointOf } from "../../providers/support/look-alikes.ts";

/**
 * The first character that a reviewer would not see, such as `U+200B`; null where there is none.
 * Stricter than the loader, for here nobody wrote a file by hand. Tabs and line ends count where
 * `lines` does not say that they may stand.
 */
export function unseenIn(text: string, lines: "one" | "several" = "one"): string | null {
  const unseen = lines === "one" ? UNSEEN : UNSEEN_IN_LINES;
  const [found] = unseen.exec(text.toWellFormed()) ?? [];
  return found === undefined ? null : codePointOf(found);
}

const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}]/u;
const UNSEEN_IN_LINES = new RegExp(`(?![\\n\\r\\t])${UNSEEN.source}`, "u");

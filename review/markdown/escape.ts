/** Longest text in a cell, in characters: the whole stands in the review. */
const MOST = 160;

/**
 * A text of somebody else's as a code span: in one, Markdown knows no other markup, and GitHub,
 * Azure DevOps and GitLab neither mention nor link anything. What could end the span, the cell or
 * the line is spelled out, and so is what nobody sees.
 */
export function code(text: string, most: number = MOST): string {
  const visible = cut(text.toWellFormed(), most).replaceAll("\t", " ").replace(STEERING, spelled);
  return visible.trim() === "" ? EMPTY : `\`${visible}\``;
}

const EMPTY = "–";

/**
 * Backticks end a span and bars a cell. A backslash is none to a span, and one to the table around
 * it, so that it is spelled out too. The rest is not seen: controls, line and paragraph separators,
 * marks of direction and joining, private and unassigned characters, and combining marks, which
 * would be drawn over their neighbours. `##[` is a command to Azure Pipelines where the Markdown is
 * printed into its log.
 */
const STEERING = /[`|\\\p{Cc}\p{Zl}\p{Zp}\p{Cf}\p{Co}\p{Cn}]|(?<=\p{M})\p{M}|#(?=#[a-z]*\[)/giu;

function spelled(character: string): string {
  return `\\u{${character.codePointAt(0)?.toString(16)}}`;
}

/** By characters as people count them, so that no pile of accents is longer than it looks. */
function cut(text: string, most: number): string {
  const characters = Array.from(text.slice(0, most * 4));
  if (characters.length <= most && text.length <= most * 4) return text;
  return `${characters.slice(0, most - 1).join("")}…`;
}

import { printable } from "../../providers/domain/diagnostic.ts";

const MARKS: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

/**
 * A text for the inside of an element or of a quoted attribute; what nobody sees is spelled out,
 * for a page may be printed to a terminal.
 */
export function escapeHtml(text: string): string {
  return printable(text.toWellFormed()).replaceAll(/[&<>"']/g, (mark) => MARKS[mark] ?? mark);
}

/**
 * Data for a script element of type `application/json`: nothing in it ends the element, opens a
 * comment or steers a terminal.
 * Source:
 * https://html.spec.whatwg.org/multipage/scripting.html#restrictions-for-contents-of-script-elements
 */
export function scriptJson(value: unknown): string {
  return JSON.stringify(value).replaceAll(/[<\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]|(?<=#)#/gu, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
}

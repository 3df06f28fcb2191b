/** What a comment of ours begins with: which stack it is about, and which commit. */
export interface Marker {
  /** Its last part: a refusal is told before anybody knows organization and project. */
  readonly stack: string;
  readonly head: string | null;
}

const BEGIN = "<!-- device-lifecycle:review ";

/** A comment of HTML, which readers do not see; names are spelled so that none of them ends it. */
export function renderMarker({ stack, head }: Marker): string {
  return `${BEGIN}stack=${spelled(shortName(stack))} head=${head === null ? "-" : spelled(head)} -->`;
}

/** Null for a text that does not begin with a marker: one further down was quoted by somebody. */
export function parseMarker(body: string): Marker | null {
  const [, stack, head] = /^<!-- device-lifecycle:review stack=([^\s>]+) head=([^\s>]+) -->(?:\r?\n|$)/.exec(body) ?? [];
  if (stack === undefined || head === undefined) return null;
  try {
    return { stack: decodeURIComponent(stack), head: head === "-" ? null : decodeURIComponent(head) };
  } catch {
    return null;
  }
}

/** Two hyphens may end a comment too. */
function spelled(text: string): string {
  return encodeURIComponent(text.toWellFormed()).replaceAll("-", "%2D");
}

/** `ORGANIZATION/PROJECT/NAME` is `NAME`. */
export function shortName(stack: string): string {
  return stack.slice(stack.lastIndexOf("/") + 1) || stack;
}

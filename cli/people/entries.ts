import { isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from "yaml";

/** One request or playbook of a file, and where it stands. */
export interface Entry {
  readonly name: string;
  /** Its first line and its last; the first of the file is 1. */
  readonly from: number;
  readonly to: number;
  /** The CSV file of a request for many devices, as written; null for others. */
  readonly devicesFrom: string | null;
}

/** In a file that the loader has found right; nothing for any other. */
export function entriesOf(text: string, list: "requests" | "playbooks"): readonly Entry[] {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const entries = document.get(list);
  if (!isSeq<Node>(entries)) return [];
  return entries.items.flatMap((item) => {
    if (!isMap(item) || !item.range) return [];
    const name = textAt(item.get("name", true));
    // A block ends where the next line begins.
    const [first, last] = item.range;
    return name === null
      ? []
      : [
          {
            name,
            from: lines.linePos(first).line,
            to: lines.linePos(Math.max(first, last - 1)).line,
            devicesFrom: textAt(item.get("devicesFrom", true)),
          },
        ];
  });
}

function textAt(node: unknown): string | null {
  return isScalar(node) && typeof node.value === "string" ? node.value : null;
}

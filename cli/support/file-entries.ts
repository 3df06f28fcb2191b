import { isMap, isScalar, isSeq, LineCounter, parseDocument, type YAMLMap } from "yaml";

/** One request or playbook of a file; lines are counted from 0. */
export interface FileEntry {
  /** Empty where it has none. */
  readonly name: string;
  /** The list that it names, as it is written. */
  readonly devicesFrom: string | null;
  /** Line of its first key. */
  readonly first: number;
  /** Last line that has something of its value. */
  readonly last: number;
}

/** The entries of a file in its order. */
export interface FileEntries {
  readonly entries: readonly FileEntry[];
  /** They stand between brackets. */
  readonly isFlow: boolean;
  /** The whole text is YAML. */
  readonly isSound: boolean;
}

/** Null for a text that has no such list. */
export function readFileEntries(text: string, list: "requests" | "playbooks"): FileEntries | null {
  const counter = new LineCounter();
  const document = parseDocument(text, {
    version: "1.2",
    schema: "core",
    uniqueKeys: false,
    logLevel: "silent",
    lineCounter: counter,
  });
  const found = document.get(list);
  if (!isSeq(found) || !found.items.every(isMap)) return null;
  const lineOf = (offset: number) => counter.linePos(offset).line - 1;
  const entries = found.items.map((item) => {
    const [first, last] = item.range ?? [0, 1];
    // A block ends where the next line begins.
    return {
      name: textAt(item, "name") ?? "",
      devicesFrom: textAt(item, "devicesFrom"),
      first: lineOf(first),
      last: lineOf(Math.max(first, last - 1)),
    };
  });
  return { entries, isFlow: found.flow === true, isSound: document.errors.length === 0 };
}

function textAt(item: YAMLMap, key: string): string | null {
  const value = item.get(key, true);
  return isScalar(value) && typeof value.value === "string" ? value.value : null;
}

import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { parse, stringify } from "yaml";
import { withEntries, withoutEntries } from "../../cli/archive/cut-lines.ts";
import { type EntryLines, readEntries } from "../../cli/archive/entry-lines.ts";

const TEXT = `# yaml-language-server: $schema=../schema/requests.schema.json
requests:
  # Leeds
  - name: a   # first
    reason: Returned

  # of the leaver
  - name: b
    reason: |
      Returned,

      # damaged
    # see INC-4711
  # of nobody
  - name: c
    reason: Returned
`;

function linesOf(text: string, ...names: readonly string[]): readonly EntryLines[] {
  return (readEntries(text) ?? []).flatMap(({ name, lines }) => (names.includes(name) && lines !== null ? [lines] : []));
}

function without(text: string, ...names: readonly string[]): string {
  const others = (readEntries(text) ?? []).map(({ name }) => name).filter((name) => !names.includes(name));
  return withoutEntries(text, linesOf(text, ...names), linesOf(text, ...others));
}
const moved = (text: string, ...names: readonly string[]) => withEntries(null, text, linesOf(text, ...names));

describe("entries of a file, by lines", () => {
  test("what stays is byte for byte what it was; a comment goes with the entry that it touches", () => {
    expect(without(TEXT, "b")).toBe(`# yaml-language-server: $schema=../schema/requests.schema.json
requests:
  # Leeds
  - name: a   # first
    reason: Returned

  # of nobody
  - name: c
    reason: Returned
`);
    expect(moved(TEXT, "b")).toBe(`requests:
  # of the leaver
  - name: b
    reason: |
      Returned,

      # damaged
    # see INC-4711
`);
  });

  test("the last ones leave no empty lines, the first ones no gap", () => {
    const spaced = "requests:\n  - name: a\n\n  - name: b\n\n\n  - name: c\n";

    expect(without(spaced, "b", "c")).toBe("requests:\n  - name: a\n");
    expect(without(spaced, "a")).toBe("requests:\n  - name: b\n\n\n  - name: c\n");
    expect(without(spaced, "a", "c")).toBe("requests:\n  - name: b\n");
  });

  test.each([
    [
      "CRLF",
      "requests:\r\n- name: a\r\n- name: b\r\n  reason: x\r\n",
      "requests:\r\n- name: a\r\n",
      "requests:\n  - name: b\n    reason: x\n",
    ],
    ["no line end at the end", "requests:\n- name: a\n- name: b", "requests:\n- name: a\n", "requests:\n  - name: b\n"],
    [
      "flow maps",
      "requests:\n      - { name: a }\n      - { name: b,\n          reason: x }\n",
      "requests:\n      - { name: a }\n",
      "requests:\n  - { name: b,\n      reason: x }\n",
    ],
    [
      "dashes with more spaces",
      "requests:\n  -   name: a\n  -   name: b\n      reason: x\n",
      "requests:\n  -   name: a\n",
      "requests:\n  -   name: b\n      reason: x\n",
    ],
    [
      "a comment further left",
      "requests:\n    - name: a\n# b is old\n    - name: b\n",
      "requests:\n    - name: a\n",
      "requests:\n# b is old\n  - name: b\n",
    ],
  ])("%s", (_, text, rest, archived) => {
    expect(without(text, "b")).toBe(rest);
    expect(moved(text, "b")).toBe(archived);
  });

  test("they are added behind what the archive has, as deep as that", () => {
    const archive = { text: "requests:\n- name: old", indent: 0 };

    expect(withEntries(archive, TEXT, linesOf(TEXT, "c"))).toBe("requests:\n- name: old\n# of nobody\n- name: c\n  reason: Returned\n");
  });

  test.each([
    ["between brackets", "requests: [ { name: a }, { name: b } ]\n"],
    ["a dash on a line of its own", "requests:\n  -\n    name: a\n  - name: b\n"],
    ["a comment behind a dash", "requests:\n  - # old\n    name: a\n  - name: b\n"],
  ])("have no lines of their own: %s", (_, text) => {
    expect(readEntries(text)?.map(({ name, lines }) => [name, lines])).toEqual([
      ["a", null],
      ["b", null],
    ]);
  });

  test("whatever is taken out, the rest and what was taken mean what they meant", () => {
    const word = fc.string({ unit: fc.constantFrom(..."ab #:-\n'\"|>{}[],".split("")), maxLength: 20 });
    const entry = fc.record({ reason: word, device: fc.record({ serialNumber: word }) });
    fc.assert(
      fc.property(fc.array(fc.tuple(entry, fc.boolean()), { minLength: 2, maxLength: 6 }), fc.boolean(), (drawn, indentSeq) => {
        const text = stringify({ requests: drawn.map(([one], index) => ({ name: `r${index}`, ...one })) }, { indentSeq });
        const { requests } = parse(text) as { readonly requests: readonly { readonly name: string }[] };
        const names = requests.filter((_, index) => drawn[index]?.[1]).map(({ name }) => name);
        fc.pre(names.length > 0 && names.length < requests.length);

        expect(linesOf(text, ...names)).toHaveLength(names.length);
        expect(parse(without(text, ...names))).toEqual({ requests: requests.filter(({ name }) => !names.includes(name)) });
        expect(parse(moved(text, ...names))).toEqual({ requests: requests.filter(({ name }) => names.includes(name)) });
      }),
    );
  });
});

test("a text that is no YAML has no entries, whatever stands in it", () => {
  expect(readEntries("requests:\n  - name: a\n")).toHaveLength(1);
  expect(readEntries('requests:\n  - name: a\n    reason: "open\n')).toBeNull();
});

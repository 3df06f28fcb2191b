import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { parse } from "yaml";
import { renderRequest } from "../../cli/adopt/request-text.ts";
import { parseIssueForm } from "../../cli/request-from-issue/issue-form.ts";
import { readIssue } from "../../cli/request-from-issue/read-issue.ts";
import { renderMistakes } from "../../cli/request-from-issue/render-answer.ts";
import { BUILT_IN_PLAYBOOKS } from "../../providers/request/built-in-playbooks.ts";
import { MEANINGS } from "../../providers/request/checks/check-demands.ts";
import { BOXES, bodyOf, FORM, ROOT } from "./issue-bodies.ts";

const NOW = Date.parse("2026-11-01T00:00:00Z");

/** The form of this repository, whose folder of requests is empty. */
describe("an issue form with", () => {
  const refused: readonly (readonly [string, string, string])[] = [
    ["no answer to what is needed", bodyOf({ serials: "_No response_" }), "| `Serial numbers` | `there is no answer` |"],
    ["a wipe without a last day", bodyOf({ expires: "" }), "| `Until when` | `expires is missing: wipe destroys data` | `write 2"],
    ["a last day that is past", bodyOf({ expires: "2020-01-01" }), "| `Until when` | `expires is past"],
    ["a day that is none", bodyOf({ expires: "next week" }), "| `Until when` | `expires is not a day of the calendar` | `write 2"],
    ["a box that is not ticked", bodyOf({ ticked: ["dataLoss"] }), "`if that is so, tick dataLoss, physicalPossession` |"],
    ["a wildcard", bodyOf({ serials: "DMPX*" }), "| `Serial numbers` |"],
    ["a letter that only looks like one", bodyOf({ serials: "DMPXK2ABСDEF" }), "U+0421"],
    ["two serial numbers on one line", bodyOf({ serials: "PHONE1 PHONE2" }), "has a space in it"],
    ["a number that names many devices", bodyOf({ serials: "To be filled by O.E.M." }), "| `Serial numbers` |"],
    [
      "a thousand devices",
      bodyOf({ serials: Array.from({ length: 1_000 }, (_, index) => `PHONE${index}`).join("\n") }),
      "there are 1000 serial numbers",
    ],
    ["a playbook that is not in the list", bodyOf({ playbook: "delete-all: everything" }), "is not one of the form's choices"],
    ["a playbook with another text", bodyOf({ playbook: "unlock-and-wipe: harmless" }), "is not one of the form's choices"],
    ["a reason that is too long", bodyOf({ reason: "x".repeat(1_001) }), "| `Why` |"],
    ["no text at all", "", 'the heading "Serial numbers" is not there'],
    ["a heading of the form in an answer", bodyOf({ reason: "why\n\n### Serial numbers\n\nVICTIM" }), "its heading is there twice"],
    ["what looks like a heading of the form", bodyOf({ reason: "why\n\n**Serial Numbers:**\n\nVICTIM" }), "a line looks like its heading"],
    ["a look-alike of a heading", bodyOf({ reason: "why\n\n## Sеrial numbers\n\nVICTIM" }), "a line looks like its heading"],
    [
      "another order",
      bodyOf().replace("### Why", "### X").replace("### Ticket", "### Why").replace("### X", "### Ticket"),
      "another order",
    ],
    ["text above the form", `VICTIM\n\n${bodyOf()}`, "there is text above its first heading"],
    ["a comment of HTML, which nobody sees", bodyOf({ reason: "why <!-- \n\n-->" }), "there is HTML in it"],
    ["a fold of HTML", bodyOf({ reason: "why <details>" }), "there is HTML in it"],
    ["a diagram", bodyOf({ reason: "why\n```mermaid\ngraph" }), "a block of code or a formula"],
    ["a mark of direction", bodyOf({ reason: "why \u202etxet" }), "(U+202E)"],
    [
      "boxes that are not the form's",
      bodyOf().replace("data on the device will be lost", "nothing happens"),
      "the boxes are not those of the form",
    ],
    ["a huge text", bodyOf({ reason: "x".repeat(70_000) }), "characters"],
  ];

  test.each(refused)("%s: no request is made of it, and the issue is told why", async (_, body, told) => {
    const { composed } = await readIssue({ number: 17, body }, ROOT, NOW);

    const answer = composed.kind === "wrong" ? renderMistakes(composed.mistakes) : composed.kind;
    expect(answer).toContain("**No request was made of this: ");
    expect(answer.replaceAll("\\", "")).toContain(told);
  });
});

test("whatever the texts are, a file has them as values, and nothing else", () => {
  const text = fc.oneof(
    fc.string({ unit: "grapheme" }),
    fc.constantFrom("yes", "null", "0x1F", "1e3", "2026-01-01", "- a", "a: b", "#", "'", '"', "|", "{a}"),
  );
  fc.assert(
    fc.property(text, text, text, fc.array(text), (playbook, ticket, expires, acknowledge) => {
      const reason = `${playbook}\n  - ${ticket}`;
      const devices = { kind: "named", key: "serialNumber", names: [ticket] } as const;
      const [file] = renderRequest({ name: "a", devices, playbook, reason, ticket, expires, acknowledge }, "s");

      expect(parse(file?.text ?? "")).toEqual({
        requests: [
          {
            name: "a",
            device: { serialNumber: ticket },
            playbook,
            reason: reason.replaceAll(/\s+/g, " ").trim(),
            ticket,
            expires,
            acknowledge,
          },
        ],
      });
    }),
  );
});

/**
 * GitHub has no package with its own description of forms: what its pages say, as far as it is
 * used here.
 * Source:
 * https://docs.github.com/communities/using-templates-to-encourage-useful-issues-and-pull-requests/syntax-for-githubs-form-schema
 */
describe("the issue form", () => {
  interface Element {
    readonly type: string;
    readonly id?: string;
    readonly attributes: Readonly<Record<string, unknown>>;
    readonly validations?: Readonly<Record<string, unknown>>;
  }
  const text = readFileSync(path.join(ROOT, FORM), "utf8");
  const form = parse(text) as { readonly body: readonly Element[] } & Readonly<Record<string, unknown>>;
  const ATTRIBUTES: Readonly<Record<string, readonly string[]>> = {
    markdown: ["value"],
    textarea: ["label", "description", "placeholder", "value"],
    input: ["label", "description", "placeholder", "value"],
    dropdown: ["label", "description", "multiple", "options", "default"],
    checkboxes: ["label", "description", "options"],
  };

  test("has what GitHub asks of a form, and no key that GitHub does not know", () => {
    expect(
      Object.keys(form).filter((key) => !["name", "description", "title", "labels", "assignees", "projects", "type", "body"].includes(key)),
    ).toEqual([]);
    expect([form.name, form.description]).toEqual([expect.any(String), expect.any(String)]);
    for (const { type, id, attributes, validations, ...others } of form.body) {
      expect(others).toEqual({});
      expect(Object.keys(attributes).filter((key) => !ATTRIBUTES[type]?.includes(key))).toEqual([]);
      expect(Object.keys(validations ?? {}).filter((key) => key !== "required")).toEqual([]);
      if (type === "markdown") expect([id, attributes.value]).toEqual([undefined, expect.stringMatching(/./)]);
      else expect([id, attributes.label]).toEqual([expect.stringMatching(/^[\w-]+$/), expect.stringMatching(/./)]);
    }
    const labels = form.body.flatMap(({ attributes }) => attributes.label ?? []);
    expect(new Set(labels).size).toBe(labels.length);
  });

  test("offers the built-in playbooks and every word, with what they mean", () => {
    const options = Object.fromEntries(parseIssueForm(text).map((question) => [question.field, question.options]));

    expect(options.playbook).toEqual(BUILT_IN_PLAYBOOKS.map(({ name, description }) => `${name}: ${description}`));
    expect(options.acknowledge).toEqual(Object.entries(MEANINGS).map(([word, meaning]) => `${word}: ${meaning}`));
    expect(options.acknowledge).toEqual(BOXES);
  });

  test.each([
    ["lacks a question", (old: string) => old.replace("id: reason", "id: comment"), "becomes nothing of a request"],
    ["asks one twice", (old: string) => old.replace("id: ticket", "id: reason"), "no question, or several, with the id reason and ticket"],
    ["has no text", () => "", "with the id serial-numbers, "],
  ])("that %s is wrong use", (_, edit, told) => {
    expect(() => parseIssueForm(edit(text))).toThrow(told);
  });
});

import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "@jest/globals";
import { renderActionsPage } from "../../cli/support/actions-page.ts";
import { REMOTE_ACTIONS } from "../../providers/domain/actions/action-table.ts";

const PAGE = readFileSync(path.resolve(import.meta.dirname, "../../docs/actions.md"), "utf8");

/** A bar behind a backslash is text. */
function cells(row: string): number {
  return row.split(/(?<!\\)\|/).length;
}

test("docs/actions.md is what the action table gives (dlr validate --write-schemas writes it)", () => {
  expect(PAGE).toBe(renderActionsPage());
});

test("the page has a row for every action and every parameter, with the width of its head", () => {
  const lines = renderActionsPage().split("\n");
  const parameters = REMOTE_ACTIONS.flatMap(({ name, parameters }) =>
    Object.keys(parameters.properties).map((key) => [name, key] as const),
  );

  for (const { name, source } of REMOTE_ACTIONS)
    expect(lines.filter((line) => line.startsWith(`| [\`${name}\`](${source}) |`))).toHaveLength(1);
  for (const [name, key] of parameters) expect(lines.some((line) => line.startsWith(`| \`${name}\` | \`${key}`))).toBe(true);
  const rows = lines.filter((line) => line.startsWith("|"));
  const ruleAbove = (index: number) => rows.slice(0, index + 1).findLast((row) => row.startsWith("|---"));
  const isHead = (index: number) => rows[index + 1]?.startsWith("|---") === true;
  expect(rows.filter((row, index) => !isHead(index) && cells(row) !== cells(ruleAbove(index) ?? ""))).toEqual([]);
});

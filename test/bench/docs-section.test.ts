import { describe, expect, test } from "@jest/globals";
import { renderSection, replaceSection } from "../../bench/docs-section.ts";
import { textOf } from "../docs/pages.ts";
import { figuresOf } from "./figures-sample.ts";

const MACHINE = {
  at: "2026-11-28T06:00:00.000Z",
  commit: "abc123",
  processor: "A processor",
  processors: 2,
  memoryGiB: 8,
  kernel: "6.1",
  load: 0.04,
  node: "24.21.0",
  pulumi: "3.255.0",
  sdk: "3.270.0",
};

describe("replaceSection", () => {
  const page = "above\n<!-- bench: begin -->\nold\n<!-- bench: end -->\nbelow\n";

  test("leaves what is around the marks, whoever wrote last", () => {
    const once = replaceSection(page, "new");

    expect(once).toBe("above\n<!-- bench: begin -->\nnew\n<!-- bench: end -->\nbelow\n");
    expect(replaceSection(once, "new")).toBe(once);
  });

  test.each(["", "<!-- bench: begin -->", "<!-- bench: end --><!-- bench: begin -->"])("refuses a page without both: %j", (text) => {
    expect(() => replaceSection(text, "new")).toThrow(RangeError);
  });

  test("finds the marks of docs/performance.md", () => {
    expect(replaceSection(textOf("docs/performance.md"), "new")).toContain("begin -->\nnew\n<!--");
  });
});

describe("renderSection", () => {
  const figures = figuresOf({ bare: { 3: [1] }, "escrow-only": { 3: [1.1] } });
  const section = renderSection({ machine: MACHINE, rounds: 1, graphDelay: 20, figures }, "seconds");

  test("says where, of what and how it was measured", () => {
    expect(section).toMatch(
      /on 2026-11-28, commit abc123: 3 requests.*20 ms a call, 2 processors \(A processor\).*Node 24\.21\.0, Pulumi 3\.255\.0/s,
    );
  });

  test("counts goals that hold and names those that do not", () => {
    expect(section).toContain("Goals: 17. Held: 1, not held: 1, not measured: 15.\n\nNot held:\n- preview of 3, to the bare engine\n");
  });

  test("has no table of limits where none was run", () => {
    expect(section).not.toContain("limits of 200 writes");
  });
});

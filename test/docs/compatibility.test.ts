import { access } from "node:fs/promises";
import path from "node:path";
import { describe, expect, test } from "@jest/globals";
import { DIAGNOSTIC_CODES } from "../../providers/domain/diagnostic-codes.ts";
import { EXIT_CODES } from "../../providers/domain/errors.ts";
import { OUTCOMES } from "../../providers/domain/outcome.ts";
import { POLICY_TYPE, SHELF_TYPE } from "../../providers/domain/project.ts";
import { createdRecord, isReadableVersion } from "../../providers/ledger/format-version.ts";
import { outputsOf as policyOutputs } from "../../providers/pulumi/provider/ensure-policy.ts";
import { parseSettings } from "../../providers/pulumi/settings.ts";
import { outputsOf } from "../../providers/pulumi/state.ts";
import { policyOf } from "../support/fakes-policies.ts";
import { inputsFor, stateFor } from "../support/fakes-pulumi.ts";
import { lifecycleRequest } from "../support/fakes-requests.ts";
import { shelfOutputs } from "../support/fakes-shelf.ts";
import { claimsOf, missingTitles, readPage } from "./claims.ts";

const page = await readPage("compatibility.md");

/** The second cell of a row of the table. */
function row(title: string): string {
  return (
    page
      .split("\n")
      .find((line) => line.startsWith(`| ${title} |`))
      ?.split(" | ")[1] ?? ""
  );
}

const words = (text: string) => [...text.matchAll(/`([^`]+)`/g)].map(([, word]) => word ?? "");

describe("what other people rely on stays", () => {
  test("every configuration key is read", () => {
    const read = new Set<string>();
    parseSettings((key) => {
      read.add(key);
      return undefined;
    });

    expect(words(row("configuration keys"))).toHaveLength(18);
    expect(words(row("configuration keys")).filter((key) => !read.has(key))).toEqual([]);
  });

  test("every output is there", () => {
    const request = lifecycleRequest(["escrowBypassCode"]);
    const outputs = outputsOf(inputsFor(request), { ...stateFor(request, "succeeded"), reason: "Finished", message: "every step is done" });

    expect(words(row("outputs of a resource"))).toHaveLength(7);
    expect(words(row("outputs of a resource")).filter((name) => !(name in outputs))).toEqual([]);
  });

  test("every outcome is there", () => {
    expect(words(row("outcomes"))).toEqual([...OUTCOMES]);
  });

  test("the code that resources in state name is there", async () => {
    const [type, code] = words(row("resources in state"));

    expect(type).toBe("pulumi-nodejs:dynamic/intune:DeviceLifecycle");
    await expect(access(path.resolve(import.meta.dirname, "../..", code ?? "missing"))).resolves.toBeUndefined();
  });

  test("the code that policies in state name is there", async () => {
    const [type, code, ...outputs] = words(row("policies in state"));
    const made = policyOutputs(policyOf(), { id: null, seen: null }, { kind: "inPlace" });

    expect(type).toBe(POLICY_TYPE);
    expect(outputs).toEqual(Object.keys(made));
    await expect(access(path.resolve(import.meta.dirname, "../..", code ?? "missing"))).resolves.toBeUndefined();
  });

  /** Grows with each new code; nothing is ever taken out. */
  const FIRST_TO_LAST = [
    1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 201, 202,
    203, 204, 205, 206, 207, 208, 209, 210, 301, 302, 303, 304, 305, 306, 307, 308, 310, 311, 401, 402, 403, 404, 405, 406, 407, 408, 409,
    901,
  ];

  test("the code that shelves in state name is there", async () => {
    const [type, code, ...outputs] = words(row("shelves in state"));

    expect(type).toBe(SHELF_TYPE);
    expect(outputs).toEqual(Object.keys(shelfOutputs()));
    await expect(access(path.resolve(import.meta.dirname, "../..", code ?? "missing"))).resolves.toBeUndefined();
  });

  test("every code of a diagnostic is there", () => {
    const codes = FIRST_TO_LAST.map((number) => `DLR${String(number).padStart(3, "0")}`);

    expect(codes.filter((code) => !(code in DIAGNOSTIC_CODES))).toEqual([]);
  });

  test("every exit code is what it was", () => {
    expect(EXIT_CODES).toEqual({ requests: 1, wrongUse: 2, service: 3, outcome: 4, bug: 70 });
    expect(words(row("exit codes of our commands"))).toEqual(["0", "1", "2", "3", "4", "70"]);
  });

  test("the formats of the ledger are those that the page names", () => {
    const [, formats, newest] = /read: ([\d, ]+); new ledgers have (\d)/.exec(row("format of the ledger")) ?? [];

    expect(formats?.split(", ").map(Number)).toEqual([0, 1, 2, 3].filter(isReadableVersion));
    expect(createdRecord("now").version).toBe(Number(newest));
  });
});

describe("each claim names a test that is there", () => {
  test("and each row names one", () => {
    const rows = page.split("\n").filter((line) => line.startsWith("| ") && !line.startsWith("| what |"));

    expect(rows).toHaveLength(11);
    expect(rows.filter((line) => !line.includes("](../test/"))).toEqual([]);
  });

  test.each(claimsOf(page))("$file $titles", async (claim) => {
    expect(claim.titles).not.toEqual([]);
    expect(await missingTitles(claim)).toEqual([]);
  });
});

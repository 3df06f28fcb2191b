import { describe, expect, test } from "@jest/globals";
import type { LifecycleRequest } from "../../providers/domain/request.ts";
import { editionOf } from "../../providers/pulumi/edition.ts";
import { lifecycleRequest } from "../support/fakes-requests.ts";

const BASE = lifecycleRequest(["escrowBypassCode", "wipe"]);
const SAME: readonly (readonly [string, Partial<LifecycleRequest>])[] = [
  ["the reason", { reason: "Another reason" }],
  ["the place in the files", { source: { file: "devices/requests/z.yaml", line: 900, column: 1 }, places: { steps: BASE.source } }],
  ["the order of what is acknowledged", { acknowledge: ["physicalPossession", "dataLoss"] }],
];
const OTHER: readonly (readonly [string, Partial<LifecycleRequest>])[] = [
  ["the generation", { generation: 2 }],
  ["the device", { device: { serialNumber: "DMPXK2ABCDEF" } }],
  ["the playbook", { playbook: "unlock-and-wipe" }],
  ["the steps", { steps: BASE.steps.slice(1) }],
  ["a parameter of a step", { steps: BASE.steps.map((step) => ({ ...step, parameters: { persistEsimDataPlan: true } })) }],
  ["the day on which it expires", { expires: "2027-01-31" }],
  ["no such day", { expires: null }],
  ["the ticket", { ticket: "INC-4712" }],
  ["what is acknowledged", { acknowledge: ["dataLoss", "physicalPossession", "noBypassCode"] }],
  ["what it repeats", { repeats: "older" }],
  ["what happens on drift", { onDrift: "repeat" }],
];

describe("the edition of a request", () => {
  test.each(SAME)("is the same with another word for %s", (_, changes) => {
    expect(editionOf({ ...BASE, ...changes })).toBe(editionOf(BASE));
  });

  test.each(OTHER)("is another with another word for %s", (_, changes) => {
    expect(editionOf({ ...BASE, ...changes })).not.toBe(editionOf(BASE));
  });

  test("is short, and the same for equal requests", () => {
    expect(editionOf(structuredClone(BASE))).toBe(editionOf(BASE));
    expect(editionOf(BASE)).toMatch(/^[0-9a-f]{16}$/);
  });
});

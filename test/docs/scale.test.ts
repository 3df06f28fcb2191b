import { describe, expect, test } from "@jest/globals";
import { parseAllDocuments } from "yaml";
import { KEYS } from "../../providers/pulumi/configuration-keys.ts";
import { textOf } from "./pages.ts";

interface Stack {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly spec: Readonly<Record<string, unknown>> & { readonly stack: string; readonly config: Readonly<Record<string, string>> };
}

/**
 * Of the operator's own schema, version 2:
 * https://github.com/pulumi/pulumi-kubernetes-operator/blob/master/docs/stacks.md
 */
const SPEC = [
  "backend",
  "branch",
  "config",
  "continueResyncOnCommitMatch",
  "destroyOnFinalize",
  "envRefs",
  "projectRepo",
  "refresh",
  "resyncFrequencySeconds",
  "serviceAccountName",
  "stack",
  "workspaceTemplate",
];

describe("kubernetes/stacks.yaml", () => {
  const documents = parseAllDocuments(textOf("kubernetes/stacks.yaml")).map((document) => document.toJS() as Stack);
  const stacks = documents.filter(({ kind }) => kind === "Stack");

  test("has each shard once, with names that the operator can lengthen", () => {
    const shards = stacks.map(({ spec }) => spec.config["device-lifecycle:shard"]);

    expect(shards).toEqual(stacks.map((_, index) => `${index + 1}/${stacks.length}`));
    expect(stacks.length).toBeGreaterThan(1);
    expect(stacks.filter(({ metadata }) => metadata.name.length > 42)).toEqual([]);
    expect(new Set(stacks.flatMap(({ metadata, spec }) => [metadata.name, spec.stack])).size).toBe(2 * stacks.length);
  });

  test("starts nothing new, destroys nothing, and sets keys that there are", () => {
    for (const { spec } of stacks) {
      expect(Object.keys(spec).toSorted()).toEqual(SPEC);
      expect([spec.refresh, spec.destroyOnFinalize, spec.config["device-lifecycle:followOnly"]]).toEqual([false, false, "true"]);
      for (const key of Object.keys(spec.config)) expect(KEYS.map((one) => `device-lifecycle:${one}`)).toContain(key);
    }
  });

  test("differs between shards in their names alone", () => {
    const without = stacks.map(({ spec }) => ({ ...spec, stack: "", config: {} }));

    expect(new Set(without.map((rest) => JSON.stringify(rest))).size).toBe(1);
  });
});

import { describe, expect, test } from "@jest/globals";
import type { StackSettings } from "../../cli/support/stack-settings.ts";
import { worldOfStack } from "../../cli/support/stack-world.ts";

const TENANT = "72F988BF-86f1-41af-91ab-2d7cd011db47";
const KEY = "device-lifecycle:";

function settings(unseen: readonly string[]): StackSettings {
  const all = { graphEndpoint: "http://127.0.0.1:8787", tenant: TENANT };
  const open = Object.entries(all).filter(([key]) => !unseen.includes(key));
  return {
    stack: "prod",
    project: "device-lifecycle",
    values: Object.fromEntries(open.map(([key, value]) => [KEY + key, value])),
    secrets: [],
    unseen: { keys: unseen.map((key) => KEY + key), why: "" },
  };
}

describe("the world of a stack", () => {
  test("is what its settings tell", () => {
    expect(worldOfStack(settings([]))).toEqual({ graph: "double", tenant: TENANT.toLowerCase() });
  });

  test.each(["graphEndpoint", "cloud", "tenant"])("is not guessed where %s is a secret that cannot be opened", (key) => {
    expect(worldOfStack(settings([key]))).toBeNull();
  });

  test("does not hang on a secret that says nothing of it", () => {
    expect(worldOfStack(settings(["protected"]))).not.toBeNull();
  });
});

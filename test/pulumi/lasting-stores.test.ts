import { expect, test } from "@jest/globals";
import { ConfigurationError } from "../../providers/domain/errors.ts";
import { requireLastingStores } from "../../providers/pulumi/lasting-stores.ts";
import { parseSettings } from "../../providers/pulumi/settings.ts";
import type { Surveyed } from "../../providers/pulumi/surveyed.ts";
import { IPAD } from "../support/fakes-devices.ts";
import { jobOf, lifecycleRequest } from "../support/fakes-requests.ts";

function entry(steps: readonly string[], isEnded = false): Surveyed {
  const request = lifecycleRequest(steps);
  return { request, plan: jobOf(request).plan, records: [], device: IPAD, last: undefined, isEnded, isBegun: false };
}

const WIPE = entry(["escrowBypassCode", "wipe"]);
const files = parseSettings(() => undefined);
const vault = { ...files, escrow: "https://codes.vault.azure.net", ledger: "https://account.blob.core.windows.net/ledger" };

test.each([
  ["a wipe in CI", [WIPE], files, "true", /escrow \(file:escrow\) and ledger \(file:ledger\)/],
  ["a wipe in CI with a vault", [WIPE], { ...vault, ledger: "file:ledger" }, "1", /destroys data, and ledger \(file:ledger\) would/],
] as const)("%s is refused", (_, entries, settings, ci, text) => {
  expect(() => requireLastingStores(entries, settings, ci)).toThrow(ConfigurationError);
  expect(() => requireLastingStores(entries, settings, ci)).toThrow(text);
});

test.each([
  ["a wipe outside CI", [WIPE], files, undefined],
  ["a wipe where CI says false", [WIPE], files, "false"],
  ["a wipe in CI with stores that last", [WIPE], vault, "true"],
  ["nothing destructive in CI", [entry(["escrowBypassCode"])], files, "true"],
  ["a wipe that is done", [entry(["escrowBypassCode", "wipe"], true)], files, "true"],
] as const)("%s is not", (_, entries, settings, ci) => {
  expect(() => requireLastingStores(entries, settings, ci)).not.toThrow();
});

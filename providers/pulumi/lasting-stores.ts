import { ConfigurationError } from "../domain/errors.ts";
import { planDestroysData } from "../domain/plan.ts";
import { PROJECT, type Settings } from "./settings.ts";
import type { Surveyed } from "./surveyed.ts";

/**
 * A CI runner is thrown away after its run, and a folder on it with it: the only code to a wiped device, and the only record that it was
 * wiped. Throws `ConfigurationError` where such a run would destroy data. `ci` is the variable `CI`.
 */
export function requireLastingStores(entries: readonly Surveyed[], settings: Settings, ci: string | undefined): void {
  if (ci === undefined || ci === "" || ci === "false") return;
  const first = entries.find((entry) => !entry.isEnded && planDestroysData(entry.plan));
  const folders = (["escrow", "ledger"] as const).filter((key) => settings[key].startsWith("file:"));
  if (first === undefined || folders.length === 0) return;
  const places = folders.map((key) => `${key} (${settings[key]})`).join(" and ");
  throw new ConfigurationError(
    `request ${first.request.name} destroys data, and ${places} would be gone with this CI runner; nothing was sent`,
    {
      hint: `set ${PROJECT}:escrow to a Key Vault and ${PROJECT}:ledger to a place that lasts, or run up on a machine that keeps both folders, without CI set`,
    },
  );
}

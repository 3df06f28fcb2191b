import { printable } from "../../domain/diagnostic.ts";
import { type LifecycleRequest, requestNameOf } from "../../domain/request.ts";
import { isUnsettled } from "../../engine/history.ts";
import type { KnownState } from "../../rules/known-ledger-rules.ts";
import { dlrCommand } from "../../support/dlr-command.ts";
import type { Settings } from "../settings.ts";
import type { LedgerSnapshot } from "./ledger-snapshot.ts";
import { isInShard } from "./shard.ts";

const SHOWN = 20;

/**
 * What the preview says of requests that state knows and the files do not have any more: Pulumi
 * shows each as a `delete`, and nothing happens to its device. One that is in doubt is better
 * settled first.
 */
export function removedRequests(
  state: Pick<KnownState, "requests">,
  requests: readonly LifecycleRequest[],
  view: LedgerSnapshot,
  { shard, stack }: Pick<Settings, "shard" | "stack">,
): readonly string[] {
  const here = new Set(requests.map(({ name }) => name).filter((name) => isInShard(name, shard)));
  const gone = state.requests.filter(({ key }) => !here.has(requestNameOf(key)));
  const open = gone.filter(({ key }) => isUnsettled(view.historyOfKey(key)));
  return [...summary(gone.length), ...open.slice(0, SHOWN).map(({ key }) => openText(key, view, stack)), ...more(open.length)].map(
    printable,
  );
}

function summary(count: number): readonly string[] {
  if (count === 0) return [];
  const are = count === 1 ? "1 request is" : `${count} requests are`;
  return [`${are} not in the files of this stack any more: "delete" only forgets them, and nothing happens to their devices`];
}

function openText(key: string, view: LedgerSnapshot, stack: string | undefined): string {
  const name = requestNameOf(key);
  const outcome = view.historyOfKey(key).standing?.outcome;
  if (outcome === "ambiguous")
    return `${name} is removed while a step of it is in doubt: settle it first, with ${dlrCommand("settle", stack, [name])} (--taken or --not-taken, and --why TEXT); later nobody follows it`;
  return `${name} is removed before it has ended (${outcome ?? "begun"}): what was sent may still take effect, and nobody follows it`;
}

function more(count: number): readonly string[] {
  return count > SHOWN ? [`and ${count - SHOWN} more that have not ended`] : [];
}

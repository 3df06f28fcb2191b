import { printable } from "../../domain/diagnostic.ts";
import { type LifecycleRequest, requestNameOf } from "../../domain/request.ts";
import type { RequestHistory } from "../../domain/request-history.ts";
import { isUnsettled } from "../../engine/history.ts";
import type { KnownState } from "../../rules/known-ledger-rules.ts";
import { dlrCommand } from "../../support/dlr-command.ts";
import type { Settings } from "../settings.ts";
import type { LedgerSnapshot } from "./ledger-snapshot.ts";
import { isInShard } from "./shard.ts";

const SHOWN = 20;

/**
 * What the preview says of requests that state knows and the files do not have any more: Pulumi
 * shows each as a `delete`, and nothing happens to its device. All that have ended are one line;
 * one that is in doubt is better settled first.
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
  const ended = gone.filter(({ key }) => hasEnded(view.historyOfKey(key)));
  const lines = [...summary(gone.length - ended.length), ...open.slice(0, SHOWN).map(({ key }) => openText(key, view, stack))];
  return [...endedText(ended.length), ...lines, ...more(open.length)].map(printable);
}

/** As far as the ledger tells: one that it does not know has not ended. */
function hasEnded(history: RequestHistory): boolean {
  return history.records.length > 0 && !isUnsettled(history);
}

/** `dlr archive` takes out many at once: nobody has to look at each. */
function endedText(number: number): readonly string[] {
  if (number === 0) return [];
  const are = number === 1 ? "1 finished request is" : `${number} finished requests are`;
  return [
    `${are} not in the files of this stack any more, archived or deleted: "delete" only forgets them, the ledger does not, and nothing happens to their devices`,
  ];
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

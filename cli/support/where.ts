import { printable } from "../../providers/domain/diagnostic.ts";
import { PROJECT } from "../../providers/domain/project.ts";
import type { EscrowStoreKind } from "../../providers/escrow/escrow-store.ts";
import { ESCROW_STORES } from "../../providers/escrow/escrow-stores.ts";
import { LEDGER_STORES } from "../../providers/ledger/ledger-stores.ts";
import type { OpenedLedger } from "../../providers/ledger/open-ledger.ts";
import { isLoopbackHost } from "../../providers/support/cloud.ts";
import { serverText } from "../../providers/support/server-text.ts";
import type { StackSettings } from "./stack-settings.ts";

/** What a command is about. */
export interface Where {
  /** Null where the command line names the places itself. */
  readonly settings: StackSettings | null;
  /** As the command line or the stack names it; null for a command that needs none. */
  readonly ledger: string | null;
  readonly escrow?: string;
}

/**
 * `stack prod · ledger stdlprod/ledger · Microsoft (global), tenant 72f9… · brake off`. `brake`:
 * what the ledger says of it, or undefined where nobody asks.
 */
export function renderWhere({ settings, ledger, escrow }: Where, brake?: string | null): string {
  const parts = [
    ...(settings === null ? [] : [`stack ${settings.stack}`]),
    ...(ledger === null ? [] : [`ledger ${shownPlace(ledger, LEDGER_STORES)}`]),
    ...(escrow === undefined ? [] : [`escrow ${shownPlace(escrow, ESCROW_STORES)}`]),
    ...(settings === null ? [] : [graphOf(settings)]),
    ...(brake === undefined ? [] : [brake === null ? "brake off" : `THE BRAKE IS SET: ${serverText(brake, [], LONGEST_REASON)}`]),
  ];
  return printable(parts.join(" · "));
}

const LONGEST_REASON = 120;

/**
 * Why nothing is sent, null while the brake is off; a brake that cannot be read is told like one
 * that is set, as runs take it.
 */
export async function brakeOf(ledger: Pick<OpenedLedger, "brake">): Promise<string | null> {
  try {
    return await ledger.brake();
  } catch (error) {
    return `it cannot be read (${error instanceof Error ? error.message : String(error)})`;
  }
}

function graphOf({ values }: StackSettings): string {
  const endpoint = values[`${PROJECT}:graphEndpoint`];
  const url = endpoint === undefined ? null : URL.parse(endpoint);
  if (url !== null && isLoopbackHost(url.hostname)) return `EMULATOR ${url.origin}`;
  const tenant = values[`${PROJECT}:tenant`];
  return `Microsoft (${values[`${PROJECT}:cloud`] ?? "global"})${tenant === undefined ? "" : `, tenant ${tenant}`}`;
}

function shownPlace(place: string, stores: readonly Pick<EscrowStoreKind, "claims" | "shown">[]): string {
  return stores.find((store) => store.claims(place))?.shown(place) ?? "at an address that cannot be read";
}

import type { DeviceFleet } from "../../providers/domain/device-fleet.ts";
import { GraphReadError } from "../../providers/domain/errors.ts";
import type { Ports } from "../../providers/domain/ports.ts";
import type { EscrowedRecord } from "../../providers/domain/step-record.ts";
import type { LockDevice } from "./report.ts";

/** What is kept of a code that was read. */
export interface CodeFinding extends Pick<LockDevice, "code" | "problem"> {
  /** Intune holds another code than the escrowed one. */
  readonly isOther: boolean;
}

/** For devices that nobody asked about. */
export const NOT_ASKED: CodeFinding = { code: "notAsked", problem: null, isOther: false };

/**
 * Reads the code of each device, by its id. A code is looked at and dropped: what is kept is
 * whether there is one, and whether it is the escrowed one, told by the fingerprint that the
 * ledger holds.
 */
export async function readCodes(
  ids: readonly string[],
  escrowOf: (id: string) => EscrowedRecord | null,
  { fleet, fingerprint }: { readonly fleet: DeviceFleet } & Pick<Ports, "fingerprint">,
): Promise<ReadonlyMap<string, CodeFinding>> {
  const findings = await fleet.lookAtCodes<CodeFinding>(ids, (code, id) => {
    if (code === null) return { code: "none", problem: null, isOther: false };
    const [known, own] = [escrowOf(id)?.fingerprint ?? null, fingerprint(code)];
    return { code: "present", problem: null, isOther: known !== null && own !== null && known !== own };
  });
  return new Map(ids.map((id, index) => [id, orUnreadable(findings[index])]));
}

function orUnreadable(finding: CodeFinding | GraphReadError | undefined): CodeFinding {
  if (finding !== undefined && !(finding instanceof GraphReadError)) return finding;
  return { code: "unreadable", problem: finding?.message ?? "nothing was answered", isOther: false };
}

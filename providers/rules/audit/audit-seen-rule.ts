import { AUDIT_PERMISSION } from "../../domain/audit-log.ts";
import { planDestroysData } from "../../domain/plan.ts";
import { defineRule } from "../rule.ts";

/** Longest time that one look into the audit holds good for a run: milliseconds. */
const AUDIT_HOLDS_MS = 60 * 60_000;

/**
 * Who relies on seeing what others do is not served by a run that cannot see it: whether a mass
 * wipe is under way, nobody can tell then.
 */
export const auditSeenRule = defineRule({
  id: "audit-not-seen",
  code: null,
  reason: "AuditNotSeen",
  outcome: "pending",
  asked: ["send", "ledger"],
  key: "plan",
  when: "`foreignLimit` or `countForeign` is set, and Intune's audit was not read, wholly, by the last run and within the last hour: what destroys data is not begun; other requests go on",
  goOn: `give the identity \`${AUDIT_PERMISSION}\`, or wait until Graph shows its audit again; else take both keys out`,
  applies: ({ plan, run }) => planDestroysData(plan) && (run.foreignLimit !== undefined || run.countForeign === true),
  needs: ["ledger"],
  judge: ({ now }, { ledger: { value } }) => {
    const { auditedAt } = value;
    // A look from the future is by a clock that was wrong then, or is now.
    if (auditedAt !== null && Math.abs(now - auditedAt) <= AUDIT_HOLDS_MS) return null;
    const last = auditedAt === null ? "not in the last run, or never" : `last at ${new Date(auditedAt).toISOString()}`;
    return {
      message: `what others do to devices was to be looked at first (foreignLimit or countForeign is set), and Intune's audit could not be read (${last})`,
      hint: `nothing was sent; the identity of the run needs ${AUDIT_PERMISSION}, or Graph did not answer: the warning above says which`,
    };
  },
});

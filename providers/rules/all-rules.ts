import { auditSeenRule } from "./audit/audit-seen-rule.ts";
import { AUDIT_GUARDS } from "./audit/judge-foreign.ts";
import { bypassCodeRule } from "./bypass-code-rule.ts";
import { wrongClockRule } from "./clock-rule.ts";
import { cloudRule, escrowFirstRule, ownerRule, platformRule, supervisionRule, versionRule } from "./device-rules.ts";
import { enrolmentKnownRule, enrolmentRule, enrolmentToldRule, presenceRule, sameSerialRule } from "./enrolment-rules.ts";
import { LEDGER_GUARDS } from "./known-ledger-rules.ts";
import {
  dailyQuotaRule,
  earlierOpenRule,
  maxDestructiveRule,
  maxDisruptiveRule,
  repeatsNothingRule,
  repetitionRule,
  resendablePinRule,
} from "./ledger-rules.ts";
import { memberRule } from "./member-rule.ts";
import { protectedRule } from "./protected-rule.ts";
import { reviewRule } from "./review-rule.ts";
import { notReadableRule, type Rule, type RuleText, type RunGuard } from "./rule.ts";
import { brakeRule, changedSettingsRule, expiryRule, followOnlyRule, lastLookRule, pauseRule, permissionRule } from "./run-rules.ts";
import { secretOnItsWayRule } from "./secret-rule.ts";
import { frozenPlanRule, noDeviceRule, sameDeviceRule, severalDevicesRule, unreadableDeviceRule } from "./selection-rules.ts";
import { shownRule } from "./shown-rule.ts";
import { STORE_GUARDS } from "./store-rules.ts";
import { WORLD_GUARDS } from "./world-rules.ts";

/**
 * Everything that may stop what is done for one request, in the order in which it is asked. The
 * first finding counts where the engine stops; the program tells them all.
 */
export const RULES: readonly Rule[] = [
  followOnlyRule,
  enrolmentRule,
  enrolmentToldRule,
  sameSerialRule,
  lastLookRule,
  pauseRule,
  wrongClockRule,
  expiryRule,
  presenceRule,
  enrolmentKnownRule,
  cloudRule,
  platformRule,
  versionRule,
  supervisionRule,
  escrowFirstRule,
  ownerRule,
  protectedRule,
  reviewRule,
  shownRule,
  brakeRule,
  permissionRule,
  changedSettingsRule,
  auditSeenRule,
  repetitionRule,
  memberRule,
  earlierOpenRule,
  repeatsNothingRule,
  maxDestructiveRule,
  maxDisruptiveRule,
  dailyQuotaRule,
  secretOnItsWayRule,
  resendablePinRule,
  bypassCodeRule,
];

/**
 * Asked by the program alone, before the others: which device a request means, and whether it is
 * the one that was begun.
 */
export const SELECTION_RULES: readonly RuleText[] = [
  noDeviceRule,
  severalDevicesRule,
  unreadableDeviceRule,
  sameDeviceRule,
  frozenPlanRule,
];

/** Asked by nobody: what stands in for any of the rules above. */
export const STAND_INS: readonly RuleText[] = [notReadableRule];

/** What may stop a whole run. With the three lists above: everything that may hold or refuse. */
export const RUN_GUARDS: readonly RunGuard[] = [...STORE_GUARDS, ...LEDGER_GUARDS, ...WORLD_GUARDS, ...AUDIT_GUARDS];

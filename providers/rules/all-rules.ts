import { bypassCodeRule } from "./bypass-code-rule.ts";
import { cloudRule, escrowFirstRule, ownerRule, platformRule, supervisionRule, versionRule } from "./device-rules.ts";
import { enrolmentRule, presenceRule, sameSerialRule } from "./enrolment-rules.ts";
import { LEDGER_GUARDS } from "./known-ledger-rules.ts";
import {
  dailyQuotaRule,
  earlierOpenRule,
  maxDestructiveRule,
  repeatsNothingRule,
  repetitionRule,
  resendablePinRule,
} from "./ledger-rules.ts";
import { protectedRule } from "./protected-rule.ts";
import type { Rule, RuleText, RunGuard } from "./rule.ts";
import { brakeRule, changedSettingsRule, expiryRule, followOnlyRule, permissionRule } from "./run-rules.ts";
import { secretOnItsWayRule } from "./secret-rule.ts";
import { frozenPlanRule, noDeviceRule, sameDeviceRule, severalDevicesRule } from "./selection-rules.ts";
import { STORE_GUARDS } from "./store-rules.ts";

/**
 * Everything that may stop what is done for one request, in the order in which it is asked. The first finding counts
 * where the engine stops; the program tells them all.
 */
export const RULES: readonly Rule[] = [
  followOnlyRule,
  enrolmentRule,
  sameSerialRule,
  expiryRule,
  presenceRule,
  cloudRule,
  platformRule,
  versionRule,
  supervisionRule,
  escrowFirstRule,
  ownerRule,
  protectedRule,
  brakeRule,
  permissionRule,
  changedSettingsRule,
  repetitionRule,
  earlierOpenRule,
  repeatsNothingRule,
  maxDestructiveRule,
  dailyQuotaRule,
  secretOnItsWayRule,
  resendablePinRule,
  bypassCodeRule,
];

/** Asked by the program alone, before the others: which device a request means, and whether it is the one that was begun. */
export const SELECTION_RULES: readonly RuleText[] = [noDeviceRule, severalDevicesRule, sameDeviceRule, frozenPlanRule];

/** What may stop a whole run. With the two lists above: everything that may hold or refuse. */
export const RUN_GUARDS: readonly RunGuard[] = [...STORE_GUARDS, ...LEDGER_GUARDS];

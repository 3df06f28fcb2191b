import { deviceRule } from "./device-rule.ts";
import { expiryRule } from "./expiry-rule.ts";
import { freezeRule } from "./freeze-rule.ts";
import { authorRule, twoPersonRule } from "./people-rules.ts";
import { playbookRule } from "./playbook-rule.ts";
import { ticketRule } from "./ticket-rule.ts";

/** The rules, in the order in which docs/policies.md has them. */
export const RULES = [ticketRule, expiryRule, freezeRule, playbookRule, deviceRule, authorRule, twoPersonRule] as const;

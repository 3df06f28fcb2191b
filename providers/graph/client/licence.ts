import type { ErrorText } from "./error-body.ts";

/**
 * How Graph refuses a tenant that has no Intune: it has no code of its own for that, only these
 * words. Sources: every page of the Intune API says that it needs an active licence; the first text
 * is what tenants without one report.
 */
const WORDS = [
  /\bnot applicable to target tenant\b/i,
  /\b(?:not|isn't|no) (?:correctly )?licen[sc]ed?\b/i,
  /\bunlicensed\b/i,
  /\blicen[sc]e (?:is )?(?:required|missing|expired|not found)\b/i,
];

/** Told by words in the answer's code or message: the status alone says it of much else too. */
export function isUnlicensed(status: number, { code, message }: ErrorText): boolean {
  return [400, 401, 403].includes(status) && WORDS.some((words) => words.test(message) || words.test(code));
}

/** The message in place of Graph's own, which does not name the cause. */
export const UNLICENSED = "this tenant has no active Microsoft Intune licence, without which Graph neither shows devices nor acts on them";

/** The usual causes: no licence in the tenant, or a token of another tenant. */
export const LICENCE_HINT =
  "license the tenant for Microsoft Intune (Plan 1, or a suite that has it), or see that the identity is of the right tenant: AZURE_TENANT_ID";

/**
 * What Intune answers a person whom it does not know as an administrator, and nothing else besides.
 */
export function isNoAdministrator(status: number, { message }: ErrorText): boolean {
  return (status === 401 || status === 403) && /^An error has occurred\b/.test(message);
}

/** Goes with `isNoAdministrator`. */
export const ADMINISTRATOR_HINT =
  "the person who signed in needs an Intune role (Help Desk Operator or more), and in tenants that ask for it a licence of their own";

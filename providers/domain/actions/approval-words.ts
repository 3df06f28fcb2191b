/**
 * Where another administrator answers, and how long there is for it: Microsoft tells nobody that
 * a question waits.
 * Source:
 * https://learn.microsoft.com/intune/fundamentals/role-based-access-control/multi-admin-approval
 */
export const WHERE_APPROVED = "in the Intune admin center under Tenant administration > Multi Admin Approval, within 3 days";

/** Said where the identity may not read approvals, so that nobody can tell how one stands. */
export const APPROVAL_UNSEEN =
  "whether it was rejected or has lapsed cannot be seen here: up lacks DeviceManagementRBAC.Read.All, which is optional (docs/identities.md)";

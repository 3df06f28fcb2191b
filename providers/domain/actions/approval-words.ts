/**
 * Where another administrator answers, and how long there is for it: Microsoft tells nobody that
 * a question waits.
 * Source:
 * https://learn.microsoft.com/intune/fundamentals/role-based-access-control/multi-admin-approval
 */
export const WHERE_APPROVED = "in the Intune admin center under Tenant administration > Multi Admin Approval, within 3 days";

/** What nobody can tell as long as the identity may not read approvals. */
export const APPROVAL_UNSEEN =
  "whether it was rejected or has lapsed cannot be seen here: up lacks DeviceManagementRBAC.Read.All, which is optional (docs/identities.md)";

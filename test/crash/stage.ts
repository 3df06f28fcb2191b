/** The one request that every point crashes and recovers. */
export const IPAD = "DMPXK2ABCDEF";
export const NAME = "returned";

/** What `npm run up` is given. */
export const UP = ["--yes", "--skip-preview"] as const;

/** What is sent, in this order. The first is safe to repeat, the others are not. */
export const ACTIONS = ["bypassActivationLock", "resetPasscode", "wipe"] as const;
export const ONCE: readonly string[] = ["resetPasscode", "wipe"];

export function requestNamed(name: string): string {
  return `requests:
  - name: ${name}
    device: { serialNumber: ${IPAD} }
    steps: [escrowBypassCode, bypassActivationLock, resetPasscode, { waitFor: done }, wipe]
    reason: Leaver returned the iPad
    expires: 2099-12-31
    acknowledge: [dataLoss, physicalPossession]
`;
}

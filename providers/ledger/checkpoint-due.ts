/** Bytes: parsing as many takes some 20 milliseconds. */
export const CHECKPOINT_EVERY = 1024 * 1024;

/** What is parsed in each run stays small beside what is passed over. */
const SHARE = 1 / 16;

/** True where a ledger's `bytes` are many more than the `passedOver` that a checkpoint covers. */
export function isCheckpointDue(bytes: number, passedOver: number, least: number): boolean {
  return bytes - passedOver >= Math.max(least, bytes * SHARE);
}

/** The package has no types of its own. */
declare module "fs-native-extensions" {
  /** False when another open file holds the lock. The kernel releases it with the process. */
  export function tryLock(fd: number): boolean;
}

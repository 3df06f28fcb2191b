declare module "fs-native-extensions" {
  /**
   * Asks for an exclusive lock on the whole open file; false when another open file holds it. The
   * kernel releases it with the last close.
   */
  export function tryLock(fd: number): boolean;
  export function unlock(fd: number): void;
}

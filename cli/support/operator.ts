import { hostname, userInfo } from "node:os";

/** Who types the command, for records: `anna@build-7`. */
export function operator(): string {
  return `${userInfo().username}@${hostname()}`;
}

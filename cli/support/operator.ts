import { userAtHost } from "../../providers/pulumi/provenance.ts";

/** Who types the command, for records: `anna@build-7`. */
export function operator(): string {
  return userAtHost();
}

import { userAtHost } from "../../providers/pulumi/provenance.ts";

/** Who types the command, for records: `anna@build-7`. */
export function operator(): string {
  return userAtHost();
}

/** True where a program and no person runs the command. `CI` is set by every common build service. */
export function isUnattended(environment: NodeJS.ProcessEnv): boolean {
  return !["", "0", "false"].includes((environment.CI ?? "").toLowerCase());
}

import { SECRET_VARIABLE, TARGET_VARIABLES, targetsIn } from "../../notify/send/target.ts";
import { wantedIn } from "../../notify/wanted.ts";
import type { Environment } from "../pulumi/options.ts";
import { type Finding, ok, unknown } from "./row.ts";

/**
 * Who is told of runs, by their hosts; a wrong variable is thrown as `ConfigurationError`. Nothing
 * is sent. That nobody is named here is no fault: a pipeline may name them.
 */
export async function lookAtNotify(env: Environment, test: string): Promise<Finding> {
  const targets = targetsIn(env);
  wantedIn(env.DLR_NOTIFY_ON);
  if (targets.length > 0)
    return ok(`${targets.map(({ name, origin }) => `${name} at ${new URL(origin).host}`).join(", ")}; ${test} tells them of a test`);
  if ((env[SECRET_VARIABLE] ?? "") !== "") return unknown(`${SECRET_VARIABLE} is set, and ${TARGET_VARIABLES.webhook} is not`);
  return ok("nobody is named in this environment");
}

import type { Shell } from "../../providers/support/dlr-command.ts";

/**
 * The shell that somebody types into, by what it leaves in the environment: cmd a prompt,
 * PowerShell elsewhere than on Windows the place of its modules. On Windows that place is set for
 * every program, so that PowerShell is what is left.
 */
export function shellAtHand(env: Readonly<Record<string, string | undefined>>, platform: NodeJS.Platform): Shell {
  if (platform !== "win32") return env.PSModulePath === undefined ? "posix" : "powershell";
  if (env.MSYSTEM !== undefined) return "posix";
  return env.PROMPT === undefined ? "powershell" : "cmd";
}

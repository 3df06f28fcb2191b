import path from "node:path";
import envPaths from "env-paths";
import { ConfigurationError } from "../domain/errors.ts";
import { type Environment, readVariable } from "./authority.ts";

/** Two folders, so that a copy of one of them alone opens nothing. */
export interface LoginPlace {
  /** `login.key`: what the sign-in is encrypted with. */
  readonly keyFolder: string;
  /** `login.json`: the sign-in, encrypted. */
  readonly sealedFolder: string;
}

/**
 * DEVICE_LIFECYCLE_LOGIN, or the folders that the system keeps for configuration and data of its
 * users.
 */
export function loginPlace(env: Environment): LoginPlace {
  const chosen = readVariable(env, "DEVICE_LIFECYCLE_LOGIN");
  if (chosen !== null && path.isAbsolute(chosen)) return { keyFolder: path.join(chosen, "key"), sealedFolder: path.join(chosen, "sealed") };
  if (chosen !== null)
    throw new ConfigurationError("DEVICE_LIFECYCLE_LOGIN is not an absolute path", {
      hint: "a run has several processes, each in a folder of its own",
    });
  const { config, data } = envPaths("device-lifecycle", { suffix: "" });
  return { keyFolder: path.join(config, "login-key"), sealedFolder: path.join(data, "login") };
}

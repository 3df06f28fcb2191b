import path from "node:path";
import envPaths from "env-paths";
import { type Environment, readVariable } from "./authority.ts";

/** Two folders, so that a copy of one of them alone opens nothing. */
export interface LoginPlace {
  /** `login.key`: what the sign-in is encrypted with. */
  readonly keyFolder: string;
  /** `login.json`: the sign-in, encrypted. */
  readonly sealedFolder: string;
}

/** DEVICE_LIFECYCLE_LOGIN, or the folders that the system keeps for configuration and data of its users. */
export function loginPlace(env: Environment): LoginPlace {
  const chosen = readVariable(env, "DEVICE_LIFECYCLE_LOGIN");
  if (chosen !== null) return { keyFolder: path.resolve(chosen, "key"), sealedFolder: path.resolve(chosen, "sealed") };
  const { config, data } = envPaths("device-lifecycle", { suffix: "" });
  return { keyFolder: path.join(config, "login-key"), sealedFolder: path.join(data, "login") };
}

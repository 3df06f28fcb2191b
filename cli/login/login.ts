import { loginPlace } from "../../providers/identity/login-place.ts";
import type { LoginFlags } from "./flags.ts";
import { logOut } from "./log-out.ts";
import { signIn } from "./sign-in.ts";
import { showStatus } from "./status.ts";

/** Signs in, shows who is signed in, or removes the sign-in of this machine. */
export async function login(flags: LoginFlags): Promise<void> {
  const place = loginPlace(process.env);
  if (flags.logout) return logOut(place);
  return flags.status ? showStatus(flags, place, process.env) : signIn(flags, place, process.env);
}

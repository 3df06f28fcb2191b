import { removeLogin } from "../../providers/identity/login-file.ts";
import type { LoginPlace } from "../../providers/identity/login-place.ts";

/** Only here: what was issued stays good at the login service, should somebody have copied it. */
export async function logOut(place: LoginPlace): Promise<void> {
  if (!(await removeLogin(place))) {
    console.log("nobody was signed in on this machine");
    return;
  }
  console.log("signed out: key and sign-in are removed from this machine");
  console.error("if somebody else may have them: revoke the person's sessions in the Entra admin center");
}

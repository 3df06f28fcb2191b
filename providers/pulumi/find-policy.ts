import { ConfigurationError } from "../domain/errors.ts";
import type { LockPolicies, SeenPolicy } from "../domain/lock-policy.ts";

/**
 * The policy as Intune has it: by the id that is known, else by its mark, so that a lost state
 * makes no second one. `known`: of state, or of what was made just now. Throws
 * `ConfigurationError` where several have the mark.
 */
export async function findPolicy(
  { adopt, mark }: { readonly adopt: string | null; readonly mark: string },
  known: string | null,
  policies: Pick<LockPolicies, "read" | "find">,
): Promise<SeenPolicy | null> {
  if (adopt !== null) return policies.read(adopt);
  const seen = known === null ? null : await policies.read(known);
  if (seen !== null) return seen;
  const [found, ...others] = await policies.find(mark);
  if (found === undefined || others.length === 0) return found ?? null;
  const ids = [found, ...others].map(({ id }) => id).join(", ");
  throw new ConfigurationError(`several policies in Intune have the mark ${mark}: ${ids}`, {
    hint: "somebody copied one: take the mark out of the description of those that are not the one that was made",
  });
}

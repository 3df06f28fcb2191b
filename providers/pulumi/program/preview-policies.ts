import { printable } from "../../domain/diagnostic.ts";
import { ProductError } from "../../domain/errors.ts";
import type { LockPolicies, LockPolicy, SeenPolicy } from "../../domain/lock-policy.ts";
import { decidePolicy, descriptionOf, losesLock, mayDelete } from "../../rules/lock-policy-rules.ts";
import { findPolicy } from "../find-policy.ts";
import { type KnownPolicy, type PolicyInputs, policyInputs, policyText } from "../policy-state.ts";

/** What a preview looks at policies with. */
export interface PolicyView {
  readonly policies: Pick<LockPolicies, "find" | "read">;
  /** What the stack's state knows. */
  readonly known: readonly KnownPolicy[];
  readonly stack: string;
}

/** What a preview says of the policies, and by which names devices report them. */
export interface PolicyPreview {
  /** One text a policy that is not as its file wants it, the removed ones last. */
  readonly texts: readonly string[];
  readonly titles: readonly string[];
}

/**
 * Looks at every declared policy and at every one that the files do not have any more. What Graph
 * does not give is told, and ends no preview.
 */
export async function previewPolicies(declared: readonly LockPolicy[], view: PolicyView): Promise<PolicyPreview> {
  const looks = await Promise.all(declared.map((policy) => lookAt(policyInputs(policy, view.stack), view)));
  const wanted = new Map(declared.map((policy) => [policy.name, policyInputs(policy, view.stack)]));
  const removed = view.known.filter((known) => !isSamePolicy(known, wanted.get(known.name)));
  const gone = await Promise.all(removed.map((known) => tellRemoved(known, view)));
  return { texts: [...looks.flatMap(({ texts }) => texts), ...gone].map(printable), titles: looks.flatMap(({ titles }) => titles) };
}

/** Another platform, or another adopted policy, is another policy: Pulumi replaces it. */
function isSamePolicy({ mark, isAdopted, id }: KnownPolicy, inputs: PolicyInputs | undefined): boolean {
  if (inputs === undefined || isAdopted !== (inputs.adopt !== null)) return false;
  return isAdopted ? inputs.adopt === id || id === null : inputs.mark === mark;
}

async function lookAt(inputs: PolicyInputs, { policies, known }: PolicyView): Promise<PolicyPreview> {
  const own = known.find((one) => one.name === inputs.name && isSamePolicy(one, inputs));
  const id = own?.id ?? null;
  const declared = inputs.title === null ? [] : [inputs.title];
  const seen = await orWhy(() => findPolicy(inputs, id, policies));
  if (typeof seen === "string") return { texts: [`policy ${inputs.name}: it could not be looked at: ${seen}`], titles: declared };
  const titles = [...new Set([...declared, ...(seen === null ? [] : [seen.title])])];
  return { texts: textsOf(inputs, seen, { id, isUnchanged: own?.inPlace === policyText(inputs) }), titles };
}

/** What state knows of a policy; `isUnchanged`: its file wants what the last run brought about. */
interface InState {
  readonly id: string | null;
  readonly isUnchanged: boolean;
}

function textsOf(inputs: PolicyInputs, seen: SeenPolicy | null, { id, isUnchanged }: InState): readonly string[] {
  const decision = decidePolicy(inputs, seen, descriptionOf(inputs.mark));
  const head = `policy ${inputs.name}`;
  switch (decision.kind) {
    case "inPlace":
      return [];
    case "create":
      return [
        `${head}: ${id === null ? "up makes it in Intune" : `Intune has it no more (${id}): ${isUnchanged ? "up --refresh" : "up"} makes it anew`}, ${whom(inputs)}`,
      ];
    case "failed":
      return [[`${head}: up does not do it: ${decision.message}`, ...decision.differences].join("; ")];
    case "held":
      return [[`${head} (${titleOf(seen)}): ${decision.message}`, ...decision.differences, ...lossOf(inputs, seen)].join("; ")];
    case "change":
      return [
        [`${head} (${titleOf(seen)}): ${howOf(inputs, { id, isUnchanged })}`, ...decision.differences, ...lossOf(inputs, seen)].join("; "),
      ];
  }
}

/** What somebody changed in the portal is in no state: `up` alone does not see it. */
function howOf({ adopt }: PolicyInputs, { id, isUnchanged }: InState): string {
  if (isUnchanged) return "somebody changed it in Intune: up --refresh sets it back";
  return id === null && adopt === null ? "it was made before, and state does not know it: up changes it" : "up changes it";
}

function titleOf(seen: SeenPolicy | null): string {
  return seen === null ? "" : JSON.stringify(seen.title);
}

function whom({ groups: { include, exclude } }: PolicyInputs): string {
  if (include.length === 0) return "for nobody";
  return `for ${include.join(", ")}${exclude.length === 0 ? "" : `, without ${exclude.join(", ")}`}`;
}

const LOSES =
  "allow the lock no longer, and Intune may drop their bypass codes: escrow these first (dlr report activation-lock --not-escrowed lists them)";

function lossOf({ groups }: PolicyInputs, seen: SeenPolicy | null): readonly string[] {
  const lost = seen === null ? [] : losesLock(groups, seen);
  return lost.length === 0 ? [] : [`WARNING: devices of ${lost.join(", ")} ${LOSES}`];
}

async function tellRemoved({ name, id, isAdopted, mark }: KnownPolicy, { policies }: PolicyView): Promise<string> {
  const head = `policy ${name}${id === null ? "" : ` (${id})`} is not in the files any more`;
  if (isAdopted) return `${head}: it was adopted, so it is only forgotten, and stays in Intune as it is`;
  if (id === null) return `${head}: Intune never had it`;
  const seen = await orWhy(() => policies.read(id));
  if (typeof seen === "string")
    return `${head}: it could not be looked at (${seen}); up deletes it where nobody has it, and forgets it otherwise`;
  if (seen === null) return `${head}, and Intune does not have it either`;
  if (mayDelete(seen, mark)) return `${head}: up DELETES it from Intune; nobody has it`;
  return `${head}: it is only forgotten, and stays in Intune as it is, for those who have it; to delete it, first write groups: { include: [] } and run up, then take it out`;
}

async function orWhy<T>(work: () => Promise<T>): Promise<T | string> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ProductError) return error.message;
    throw error;
  }
}

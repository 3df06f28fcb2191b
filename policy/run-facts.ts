import { readFileSync } from "node:fs";
import { isObject, parseJson } from "../providers/domain/json.ts";
import { APPROVERS, AUTHORS, REVIEWED } from "../providers/domain/run-variables.ts";
import type { RunFacts } from "./rule.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** The engine tells its policies by this variable whether it only previews. */
const DRY_RUN = "PULUMI_DRY_RUN";

/**
 * What this process knows of the run, for the requests that destroy data so far; `now` in
 * milliseconds since the epoch. The review is read once. Throws for one that cannot be read: nobody
 * would be held to anything.
 */
export function openRunFacts(env: Environment): (now: number, destroying: readonly string[]) => RunFacts {
  const reviewed = authorsInReview(env[REVIEWED]);
  const said = names(env[AUTHORS]);
  const people = { authorsOf: (request: string) => reviewed.get(request) ?? said, approvers: names(env[APPROVERS]) };
  return (now, destroying) => ({ now, isPreview: env[DRY_RUN] === "true", destroying, ...people });
}

/** Names of accounts differ in case nowhere. */
function names(list: string | undefined): readonly string[] {
  const found = (list ?? "").split(",").map((name) => name.trim().toLowerCase());
  return [...new Set(found.filter((name) => name !== ""))].sort();
}

/**
 * By the name of the request; none for one whose authors nobody asked for. The run itself holds the
 * file against its seal and its SHA-256.
 */
function authorsInReview(file: string | undefined): ReadonlyMap<string, readonly string[]> {
  if (file === undefined || file === "") return new Map();
  const review = parseJson(readFileSync(file, "utf8"));
  const requests: readonly unknown[] = isObject(review) && Array.isArray(review.requests) ? review.requests : [];
  return new Map(
    requests.flatMap((request): [string, readonly string[]][] => {
      if (!isObject(request) || typeof request.name !== "string" || request.authors === undefined) return [];
      return [[request.name, Array.isArray(request.authors) ? names(request.authors.join(",")) : []]];
    }),
  );
}

type Json = Readonly<Record<string, unknown>>;

/** Logins of a commit's author and committer; null where no account has the address. */
export interface CommitPeople {
  readonly author: string | null;
  readonly committer: string | null;
}

/** What the double knows of people. */
export interface People {
  /** A pull request to its commits. */
  readonly pulls: Map<number, readonly CommitPeople[]>;
  /** A commit to its people, where it came with no pull request. */
  readonly commits: Map<string, CommitPeople>;
  /** An issue to who opened it. */
  readonly issues: Map<number, string>;
  /** Who said what of which environment, of any run. */
  readonly approvals: { readonly user: string; readonly state: string; readonly environment: string }[];
}

/** What the description has of it. */
export const PEOPLE_PATHS = [
  "/repos/{owner}/{repo}/pulls/{pull_number}/commits",
  "/repos/{owner}/{repo}/commits/{ref}",
  "/repos/{owner}/{repo}/issues/{issue_number}",
  "/repos/{owner}/{repo}/actions/runs/{run_id}/approvals",
];

export function newPeople(): People {
  return { pulls: new Map(), commits: new Map(), issues: new Map(), approvals: [] };
}

interface Asked {
  readonly people: People;
  readonly query: URLSearchParams;
  readonly example: (name: string) => Json;
}

/** `call`: the method and what stands behind `/repos/OWNER/NAME/`; null for any other. */
export function replyOfPeople(
  call: string,
  { people, query, example }: Asked,
): { readonly status: number; readonly body: unknown; readonly headers?: Readonly<Record<string, string>> } | null {
  const [, pull] = /^GET pulls\/(\d+)\/commits$/.exec(call) ?? [];
  if (pull !== undefined) {
    const [size, page] = [Number(query.get("per_page") ?? 30), Number(query.get("page") ?? 1)];
    const all = people.pulls.get(Number(pull)) ?? [];
    const shown = all.slice((page - 1) * size, page * size).map((one) => commit(one, example));
    return { ...ok(shown), ...(all.length > page * size ? { headers: { link: '<http://double/next>; rel="next"' } } : {}) };
  }
  const [, sha = ""] = /^GET commits\/(\w+)$/.exec(call) ?? [];
  const alone = people.commits.get(sha);
  if (alone !== undefined) return ok(commit(alone, example));
  const [, issue] = /^GET issues\/(\d+)$/.exec(call) ?? [];
  const opener = people.issues.get(Number(issue));
  if (opener !== undefined) return ok({ ...example("issue"), user: account(opener, example) });
  if (!/^GET actions\/runs\/\d+\/approvals$/.test(call)) return null;
  return ok(people.approvals.map((one) => approval(one, example)));
}

function ok(body: unknown) {
  return { status: 200, body };
}

function account(login: string | null, example: Asked["example"]): Json | null {
  return login === null ? null : { ...(example("commit").author as Json), login };
}

function commit({ author, committer }: CommitPeople, example: Asked["example"]): Json {
  return { ...example("commit"), author: account(author, example), committer: account(committer, example) };
}

function approval({ user, state, environment }: People["approvals"][number], example: Asked["example"]): Json {
  const item = example("environment-approvals-items");
  const [first] = item.environments as readonly Json[];
  return { ...item, state, user: account(user, example), environments: [{ ...first, name: environment }] };
}

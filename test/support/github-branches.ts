type Json = Readonly<Record<string, unknown>>;

/** As the double answers. */
export interface BranchAnswer {
  readonly status: number;
  readonly body: unknown;
}

/** A pull request that was made, or that a test says there was. */
export interface DoublePull {
  readonly number: number;
  readonly branch: string;
  state: "open" | "closed" | "merged";
  readonly title: string;
  readonly body: string;
}

/** Branches, files and pull requests of the double, and what roles people have. */
export interface Branches {
  /** Branch to the commit that it was made at. */
  readonly heads: Map<string, string>;
  /** `BRANCH:PATH` to its text. */
  readonly files: Map<string, string>;
  readonly pulls: DoublePull[];
  /** Login to `role_name`; others are no collaborators. */
  readonly roles: Map<string, string>;
}

/** What the description has of it: https://docs.github.com/rest/git/refs and beside it. */
export const BRANCH_PATHS = [
  "/repos/{owner}/{repo}/collaborators/{username}/permission",
  "/repos/{owner}/{repo}/git/ref/{ref}",
  "/repos/{owner}/{repo}/git/refs",
  "/repos/{owner}/{repo}/git/refs/{ref}",
  "/repos/{owner}/{repo}/contents/{path}",
  "/repos/{owner}/{repo}/pulls",
];

export function newBranches(): Branches {
  return { heads: new Map(), files: new Map(), pulls: [], roles: new Map([["anna", "triage"]]) };
}

type Example = (name: string) => Json;

/** What one call is answered from: `rest` is what stands behind the prefix of its path. */
interface Asked {
  readonly branches: Branches;
  readonly rest: string;
  readonly query: URLSearchParams;
  readonly body: Json;
  readonly example: Example;
}

const HANDLERS: readonly (readonly [prefix: string, answer: (asked: Asked) => BranchAnswer])[] = [
  ["GET collaborators/", permissionOf],
  [
    "GET git/ref/heads/",
    ({ branches, rest, example }) => (branches.heads.has(rest) ? ok(200, reference(rest, example)) : problem(404, "Not Found")),
  ],
  ["POST git/refs", makeBranch],
  [
    "DELETE git/refs/heads/",
    ({ branches, rest }) => (branches.heads.delete(rest) ? ok(204, null) : problem(422, "Reference does not exist")),
  ],
  ["PUT contents/", write],
  ["GET pulls", listPulls],
  ["POST pulls", openPull],
];

/** Null for a call that is about something else. `example`: an answer of the description's. */
export function replyOfBranches(call: string, asking: Omit<Asked, "rest">): BranchAnswer | null {
  const asked = decodeURIComponent(call);
  const [prefix = "", answer] = HANDLERS.find(([one]) => asked.startsWith(one)) ?? [];
  return answer?.({ ...asking, rest: asked.slice(prefix.length) }) ?? null;
}

function reference(branch: string, example: Example): Json {
  return { ...example("git-ref"), ref: `refs/heads/${branch}` };
}

function makeBranch({ branches: { heads }, body, example }: Asked): BranchAnswer {
  const branch = String(body.ref).replace(/^refs\/heads\//, "");
  if (heads.has(branch)) return problem(422, "Reference already exists");
  heads.set(branch, String(body.sha));
  return ok(201, reference(branch, example));
}

/** Some servers pass over a filter that they do not know: one of another branch is in it, too. */
function listPulls({ branches: { pulls }, query, example }: Asked): BranchAnswer {
  const branch = query.get("head")?.split(":")[1];
  const found = pulls.filter((pull) => pull.branch === branch || pull.branch === "other");
  return ok(
    200,
    found.map((pull) => asPull(pull, example("pull-request-simple-items"))),
  );
}

function openPull({ branches: { heads, pulls }, body, example }: Asked): BranchAnswer {
  const branch = String(body.head);
  if (!heads.has(branch)) return problem(422, "Validation Failed");
  const pull: DoublePull = { number: 100 + pulls.length, branch, state: "open", title: String(body.title), body: String(body.body) };
  pulls.push(pull);
  return ok(201, asPull(pull, example("pull-request")));
}

function ok(status: number, body: unknown): BranchAnswer {
  return { status, body };
}

function problem(status: number, message: string): BranchAnswer {
  return { status, body: { message, documentation_url: "https://docs.github.com/rest", status: String(status) } };
}

function write({ branches: { heads, files }, rest, body, example }: Asked): BranchAnswer {
  const { branch, content, sha } = body;
  const key = `${String(branch)}:${rest}`;
  if (!heads.has(String(branch))) return problem(404, "Branch not found");
  if (files.has(key) && sha === undefined) return problem(422, 'Invalid request. "sha" wasn\'t supplied.');
  files.set(key, Buffer.from(String(content), "base64").toString("utf8"));
  return ok(201, example("file-commit-example-for-creating-a-file"));
}

/** GitHub's older word for a role: https://docs.github.com/rest/collaborators/collaborators */
const PERMISSIONS: Readonly<Record<string, string>> = { admin: "admin", maintain: "write", write: "write", triage: "read", read: "read" };

function permissionOf({ branches: { roles }, rest, example }: Asked): BranchAnswer {
  const login = rest.replace(/\/permission$/, "");
  const role = roles.get(login);
  if (role === undefined) return problem(404, `${login} is not a user`);
  const answer = example("repository-collaborator-permission-response-if-user-has-admin-permissions");
  const user = answer.user as Json;
  const permissions = { pull: true, triage: role === "triage-plus", push: false, maintain: false, admin: false };
  return ok(200, {
    ...answer,
    permission: PERMISSIONS[role] ?? "read",
    role_name: role,
    user: { ...user, login, role_name: role, permissions },
  });
}

function asPull({ number, branch, state, title, body }: DoublePull, base: Json): Json {
  const head = base.head as Json;
  const repo = { ...(head.repo as Json), full_name: "contoso/devices" };
  return {
    ...base,
    number,
    title,
    body,
    state: state === "open" ? "open" : "closed",
    merged_at: state === "merged" ? "2026-11-01T00:00:00Z" : null,
    head: { ...head, ref: branch, repo },
    requested_teams: [],
  };
}

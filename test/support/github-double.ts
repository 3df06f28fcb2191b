import { createServer, type IncomingMessage } from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { BRANCH_PATHS, type Branches, newBranches, replyOfBranches } from "./github-branches.ts";
import { newPeople, PEOPLE_PATHS, type People, replyOfPeople } from "./github-people.ts";

type Json = Readonly<Record<string, unknown>>;

const require = createRequire(import.meta.url);

/** GitHub's own description: https://github.com/github/rest-api-description */
const DESCRIPTION = require("@octokit/openapi/generated/api.github.com.json") as {
  readonly openapi: string;
  readonly info: Json;
  readonly paths: Readonly<Record<string, Json>>;
  readonly components: Readonly<Record<string, Readonly<Record<string, Json>>>>;
};

const PATHS = [
  "/repos/{owner}/{repo}/pulls/{pull_number}",
  "/repos/{owner}/{repo}/issues/{issue_number}/comments",
  "/repos/{owner}/{repo}/issues/comments/{comment_id}",
  "/repos/{owner}/{repo}/issues/{issue_number}/labels",
  "/repos/{owner}/{repo}/issues/{issue_number}/labels/{name}",
  "/repos/{owner}/{repo}/commits/{commit_sha}/pulls",
  "/repos/{owner}/{repo}/statuses/{sha}",
  ...PEOPLE_PATHS,
  ...BRANCH_PATHS,
];

/** What a test needs of it, so that a validator does not read all of it. */
export function gitHubDescription(): object {
  const paths = Object.fromEntries(PATHS.map((path) => [path, DESCRIPTION.paths[path]]));
  const components: Record<string, Record<string, unknown>> = {};
  const add = (value: unknown): void => {
    for (const [, kind = "", name = ""] of JSON.stringify(value).matchAll(/"#\/components\/(\w+)\/([^"]+)"/g)) {
      if (components[kind]?.[name] !== undefined) continue;
      const part = DESCRIPTION.components[kind]?.[name];
      components[kind] = { ...components[kind], [name]: part };
      add(part);
    }
  };
  add(paths);
  return { openapi: DESCRIPTION.openapi, info: DESCRIPTION.info, paths, components };
}

/** An answer as GitHub's description shows it. */
function example(name: string): Json {
  const value = DESCRIPTION.components.examples?.[name]?.value;
  const first: unknown = Array.isArray(value) ? value[0] : value;
  return first as Json;
}

export interface DoubleComment {
  readonly id: number;
  body: string;
  readonly author: string;
  /** Number of the pull request, or of the issue. */
  readonly on: number;
}

/** A pull request that a commit came with; null as long as it is not merged. */
export interface PullOfCommit {
  readonly number: number;
  readonly mergedAt: string | null;
  /** Login of who opened it. */
  readonly user?: string;
}

export interface GitHubDouble {
  readonly url: string;
  head: string;
  /** Issues that there are, pull requests among them. */
  readonly issues: Set<number>;
  /** Which pull requests a commit came with; a commit that is not here, with none. */
  pullsOf: (commit: string) => readonly PullOfCommit[];
  readonly comments: DoubleComment[];
  readonly labels: Set<string>;
  /** Commit statuses, oldest first. */
  readonly statuses: Json[];
  readonly branches: Branches;
  /** Who wrote which commit, and who approved what. */
  readonly people: People;
  /** `METHOD path?query`, in order. */
  readonly calls: string[];
  /** An answer in place of its own, once for each call that it is given for. */
  refuse: (call: string) => number | null;
  /** On the one pull request, where no number is said. */
  say(author: string, body: string, on?: number): DoubleComment;
  close(): Promise<void>;
}

const BOT = "github-actions[bot]";
const MOST_CHARACTERS = 65_536;

/**
 * One pull request of GitHub over HTTP: its head, its comments by pages, its labels; of other
 * issues the comments.
 */
export async function startGitHubDouble(): Promise<GitHubDouble> {
  let ids = 0;
  const server = createServer(async (message, response) => {
    const { status, body, headers = {} } = await answer(message);
    response
      .writeHead(status, { "content-type": "application/json; charset=utf-8", ...headers })
      .end(status === 204 ? "" : JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const double: GitHubDouble = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    head: "1111111111111111111111111111111111111111",
    issues: new Set([17]),
    pullsOf: () => [],
    comments: [],
    labels: new Set(),
    statuses: [],
    branches: newBranches(),
    people: newPeople(),
    calls: [],
    refuse: () => null,
    say(author, body, on = 17) {
      const comment = { id: ++ids, body, author, on };
      double.comments.push(comment);
      return comment;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return double;

  async function answer(message: IncomingMessage): Promise<Answer> {
    const url = new URL(message.url ?? "/", "http://double");
    const call = `${message.method} ${url.pathname}${url.search}`;
    double.calls.push(call);
    const sent = await text(message);
    if (!/^(token|bearer) ./i.test(message.headers.authorization ?? "")) return problem(401, "Requires authentication");
    const refused = double.refuse(call);
    if (refused !== null) return problem(refused, "Resource not accessible by integration");
    return reply(double, `${message.method} ${url.pathname}`, url, sent === "" ? {} : (JSON.parse(sent) as Json));
  }
}

interface Answer {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

function problem(status: number, message: string): Answer {
  return { status, body: { message, documentation_url: "https://docs.github.com/rest", status: String(status) } };
}

function reply(double: GitHubDouble, call: string, url: URL, body: Json): Answer {
  const [, what = ""] = /^\w+ \/repos\/contoso\/devices\/(.*)$/.exec(call) ?? [];
  const [method = ""] = call.split(" ");
  const [, issue = "17"] = /^issues\/(\d+)\//.exec(what) ?? [];
  if (!double.issues.has(Number(issue))) return problem(404, "Not Found");
  switch (`${method} ${shapeOf(what)}`) {
    case "GET pulls/17":
      return {
        status: 200,
        body: { ...example("pull-request"), number: 17, head: headOf(double), labels: labelsOf(double), requested_teams: [] },
      };
    case "GET commits/SHA/pulls":
      return { status: 200, body: double.pullsOf(what.split("/")[1] ?? "").map(asPull) };
    case "POST statuses/SHA":
      double.statuses.push({ sha: what.split("/")[1], ...body });
      return { status: 201, body: { ...example("status"), ...body } };
    case "GET issues/N/comments":
      return pageOf(
        double.comments.filter(({ on }) => on === Number(issue)),
        url,
      );
    case "POST issues/N/comments":
      return writeTo(double.say(BOT, "", Number(issue)), body, 201);
    case "PATCH issues/comments/ID":
      return writeTo(
        double.comments.find(({ id }) => call.endsWith(`/${id}`)),
        body,
        200,
      );
    case "POST issues/N/labels":
      for (const label of body.labels as readonly string[]) double.labels.add(label);
      return { status: 200, body: labelsOf(double) };
    case "DELETE issues/N/labels/NAME":
      return double.labels.delete(decodeURIComponent(what.slice(`issues/${issue}/labels/`.length)))
        ? { status: 200, body: labelsOf(double) }
        : problem(404, "Label does not exist");
    default:
      return (
        replyOfPeople(`${method} ${what}`, { people: double.people, query: url.searchParams, example }) ??
        replyOfBranches(`${method} ${what}`, { branches: double.branches, query: url.searchParams, body, example }) ??
        problem(404, "Not Found")
      );
  }
}

/** `issues/17/labels/x` is `issues/N/labels/NAME`. */
function shapeOf(path: string): string {
  return path
    .replace(/^issues\/\d+\//, "issues/N/")
    .replace(/comments\/\d+$/, "comments/ID")
    .replace(/labels\/.+$/, "labels/NAME")
    .replace(/^commits\/\w+\//, "commits/SHA/")
    .replace(/^statuses\/\w+$/, "statuses/SHA");
}

function asPull({ number, mergedAt, user = "octocat" }: PullOfCommit): Json {
  const item = example("pull-request-simple-items");
  return { ...item, number, merged_at: mergedAt, requested_teams: [], user: { ...(item.user as Json), login: user } };
}

function headOf({ head }: GitHubDouble): Json {
  return { ...(example("pull-request").head as Json), sha: head };
}

function labelsOf({ labels }: GitHubDouble): readonly Json[] {
  return [...labels].map((name) => ({ ...example("label-items"), name }));
}

/** https://docs.github.com/rest/using-the-rest-api/using-pagination-in-the-rest-api */
function pageOf(comments: readonly DoubleComment[], url: URL): Answer {
  const [size, page] = [Number(url.searchParams.get("per_page") ?? 30), Number(url.searchParams.get("page") ?? 1)];
  const shown = comments.slice((page - 1) * size, page * size).map(asAnswer);
  const next = new URL(url);
  next.searchParams.set("page", `${page + 1}`);
  return { status: 200, body: shown, ...(comments.length > page * size ? { headers: { link: `<${next.href}>; rel="next"` } } : {}) };
}

function writeTo(comment: DoubleComment | undefined, { body }: Json, status: number): Answer {
  if (comment === undefined) return problem(404, "Not Found");
  if (Array.from(String(body)).length > MOST_CHARACTERS) return problem(422, `body is too long (maximum is ${MOST_CHARACTERS} characters)`);
  comment.body = String(body);
  return { status, body: asAnswer(comment) };
}

function asAnswer({ id, body, author }: DoubleComment): Json {
  const item = example("issue-comment-items");
  return { ...item, id, body, user: { ...(item.user as Json), login: author } };
}

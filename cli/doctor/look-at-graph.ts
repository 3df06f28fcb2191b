import { randomUUID } from "node:crypto";
import { findRemoteAction } from "../../providers/domain/actions/action-table.ts";
import { printable } from "../../providers/domain/diagnostic.ts";
import { SignInError } from "../../providers/domain/errors.ts";
import { readError } from "../../providers/graph/client/answer.ts";
import { createGraphClient, type GraphClient } from "../../providers/graph/client/graph-client.ts";
import { GRAPH_LIMITS } from "../../providers/graph/client/limits.ts";
import { createWire } from "../../providers/graph/client/wire.ts";
import type { AccessToken, TokenSource } from "../../providers/identity/access-token.ts";
import type { OpenedPorts } from "../../providers/pulumi/open-ports.ts";
import type { Settings } from "../../providers/pulumi/settings.ts";
import type { LoadedRequests } from "../../providers/request/load-requests.ts";
import type { GraphEndpoint } from "../../providers/support/cloud.ts";
import { systemClock, systemMonotonic } from "../../providers/support/system-clock.ts";
import { count } from "../../providers/support/words.ts";
import { type Finding, missing, ok, type Sought, unknown } from "./row.ts";

/** Few tries: somebody is waiting for the list. */
const LIMITS = { ...GRAPH_LIMITS, attempts: 2, connectAttempts: 1, readTimeout: 10_000 };

/** Whose token runs would use. `isNamed`: somebody set up a credential for this. */
export async function lookAtSignIn(ports: OpenedPorts, tokens: TokenSource, isNamed: boolean, login: string): Promise<Finding> {
  const found = await tokensOf(tokens).catch((error: unknown) => {
    if (error instanceof SignInError)
      return isNamed ? unknown(error.message, error.hint) : missing(error.message, `${login}; pipelines: docs/identities.md`);
    throw error;
  });
  if ("state" in found) return found;
  if (found.length === 0) return missing("nobody is signed in", `${login}; docs/identities.md for pipelines`);
  const text = found.map(describe).join(", ");
  if (found.some(({ expiresOn }) => expiresOn !== null && expiresOn < systemClock.now()))
    return missing(text, "sign in again: it has expired");
  if (found.some(({ claims }) => claims !== null)) return ok(text);
  return ports.isLoopbackGraph ? NOT_NEEDED : unknown(text);
}

const NOT_NEEDED = ok("not needed: Graph is a double on this machine");

async function tokensOf(tokens: TokenSource): Promise<readonly AccessToken[]> {
  return [await tokens.application(), await tokens.delegated()].filter((token) => token !== null);
}

function describe({ claims, expiresOn }: AccessToken): string {
  if (claims === null) return "a token that cannot be read here";
  const whose = claims.scp.length > 0 ? "a person" : "an application";
  const until = expiresOn === null ? "" : `, until ${new Date(expiresOn).toISOString()}`;
  return printable(`${whose} of tenant ${claims.tid ?? "unknown"}${claims.appid === null ? "" : ` (application ${claims.appid})`}${until}`);
}

/** Whether the tenant that is set is the token's. */
export async function lookAtTenant(ports: OpenedPorts, { tenant }: Settings, set: (tenant: string) => string): Promise<Finding> {
  const own = await ports.tokenTenant();
  if (own === null) return ports.isLoopbackGraph && tenant === undefined ? NOT_NEEDED : unknown("no token tells it");
  if (tenant === undefined) return missing(`not set: nothing holds runs to ${own}`, set(own));
  return tenant === own ? ok(own) : missing(`set is ${tenant}, and the token is of ${own}`, `sign in to ${tenant}, or: ${set(own)}`);
}

/** What one read of Graph showed. */
export interface GraphLook {
  /** Milliseconds by which our clock is ahead of Graph's; null where it does not say. */
  readonly aheadMs: number | null;
}

/** Reads one device's id. Throws `GraphReadError`. */
export async function askGraph(endpoint: GraphEndpoint, tokens: TokenSource): Promise<Sought<GraphLook>> {
  const client = createGraphClient({
    endpoint,
    tokens,
    clock: systemClock,
    monotonic: systemMonotonic,
    random: Math.random,
    uuid: randomUUID,
    wire: createWire(),
    limits: LIMITS,
    onProgress: () => undefined,
  });
  const answer = await readOne(client).catch(orNoToken);
  if (answer === null) return { finding: unknown("not asked: there is no token to ask with"), value: null };
  const clocks = client.graphClock();
  const value = { aheadMs: clocks === null ? null : clocks.ours - clocks.graphs };
  if (answer.status === 200) return { finding: ok(`${endpoint.origin} answers, and shows devices`), value };
  const { message, hint } = readError("the devices", answer, answer.secrets);
  return { finding: answer.status === 401 || answer.status === 403 ? missing(message, hint) : unknown(message, hint), value };
}

function orNoToken(error: unknown): null {
  if (error instanceof SignInError) return null;
  throw error;
}

function readOne(client: GraphClient) {
  return client.read({
    method: "GET",
    version: "v1.0",
    path: "/deviceManagement/managedDevices?$select=id&$top=1",
    mode: "read",
    rateClass: "read",
    weight: 1,
    identity: "any",
    clientRequestId: null,
    headers: {},
    body: null,
  });
}

/** Login services refuse proofs that are some minutes off. */
const MOST_OFF_MS = 60_000;

/** Our clock against Graph's, whose times are whole seconds. */
export async function lookAtClock({ aheadMs }: GraphLook): Promise<Finding> {
  if (aheadMs === null) return unknown("Graph does not say what time it is");
  const seconds = Math.round(aheadMs / 1000);
  if (Math.abs(aheadMs) <= MOST_OFF_MS) return ok(`within ${Math.max(1, Math.abs(seconds))} s of Graph's`);
  return missing(
    `${Math.abs(seconds)} s ${seconds > 0 ? "ahead of" : "behind"} Graph's`,
    "set this machine's clock (Windows: w32tm /resync; Linux: timedatectl set-ntp true; macOS: sudo sntp -sS time.apple.com)",
  );
}

/** Whether the tokens have what the actions of the requests need. */
export async function lookAtPermissions(ports: OpenedPorts, loaded: LoadedRequests | null): Promise<Finding> {
  if (loaded === null) return unknown("the requests were not read");
  const names = [...new Set(loaded.requests.flatMap(({ steps }) => steps.map(({ action }) => action)))];
  const actions = names.map(findRemoteAction).filter((action) => action !== undefined);
  if (actions.length === 0) return ok("no request acts on a device yet");
  const answers = await Promise.all(actions.map(async (action) => ({ action, answer: await ports.actions.permission(action) })));
  const lacking = answers.flatMap(({ action, answer }) => (answer.kind === "missing" ? [`${action.name} needs ${answer.permission}`] : []));
  if (lacking.length > 0) return missing(lacking.join("; "), "grant it, or sign in as a person who has it: docs/identities.md");
  if (answers.some(({ answer }) => answer.kind === "unknown"))
    return ports.isLoopbackGraph ? NOT_NEEDED : unknown("the token cannot be read here: Graph will tell");
  return ok(`for all ${count(actions.length, "action")} of the requests`);
}

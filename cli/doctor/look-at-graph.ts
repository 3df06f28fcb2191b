import { randomUUID } from "node:crypto";
import { findRemoteAction } from "../../providers/domain/actions/action-table.ts";
import { printable } from "../../providers/domain/diagnostic.ts";
import { readError } from "../../providers/graph/client/answer.ts";
import { createGraphClient, type GraphClient } from "../../providers/graph/client/graph-client.ts";
import { graphTimeOf } from "../../providers/graph/client/graph-time.ts";
import { GRAPH_LIMITS } from "../../providers/graph/client/limits.ts";
import { createWire } from "../../providers/graph/client/wire.ts";
import type { AccessToken, TokenSource } from "../../providers/identity/access-token.ts";
import type { OpenedPorts } from "../../providers/pulumi/open-ports.ts";
import type { Settings } from "../../providers/pulumi/settings.ts";
import type { LoadedRequests } from "../../providers/request/load-requests.ts";
import type { GraphEndpoint } from "../../providers/support/cloud.ts";
import { systemClock } from "../../providers/support/system-clock.ts";
import { count } from "../../providers/support/words.ts";
import type { CommandWriter } from "../support/whole-command.ts";
import { type Finding, missing, ok, unknown } from "./row.ts";

/** Few tries: somebody is waiting for the list. */
const LIMITS = { ...GRAPH_LIMITS, attempts: 2, connectAttempts: 1, readTimeout: 10_000 };

/** Whose token runs would use. */
export async function lookAtSignIn(tokens: TokenSource, { isLoopback }: GraphEndpoint, command: CommandWriter): Promise<Finding> {
  if (isLoopback) return ok("none is needed: Graph is a double on this machine");
  const [application, delegated] = [await tokens.application(), await tokens.delegated()];
  const found = [application, delegated].filter((token) => token !== null);
  const text = found.map(describe).join(", ");
  if (found.length === 0) return missing("nobody is signed in", `${command("login")}, or docs/identities.md for pipelines`);
  if (found.some(({ expiresOn }) => expiresOn !== null && expiresOn < systemClock.now()))
    return missing(text, "sign in again: the token has expired");
  return found.every(({ claims }) => claims === null) ? unknown(text) : ok(text);
}

function describe({ claims, expiresOn }: AccessToken): string {
  if (claims === null) return "a token that cannot be read here";
  const whose = claims.scp.length > 0 ? "a person" : "an application";
  const until = expiresOn === null ? "" : `, until ${new Date(expiresOn).toISOString()}`;
  return printable(`${whose} of tenant ${claims.tid ?? "unknown"}${claims.appid === null ? "" : ` (application ${claims.appid})`}${until}`);
}

/** Whether the tenant that is set is the token's. */
export async function lookAtTenant(ports: OpenedPorts, { tenant }: Settings, set: (tenant: string) => string): Promise<Finding> {
  if (ports.isLoopbackGraph) return ok("none: a double has no tenant");
  const own = await ports.tokenTenant();
  if (own === null) return unknown("no token tells it");
  if (tenant === undefined) return missing(`not set: nothing holds runs to ${own}`, set(own));
  return tenant === own ? ok(own) : missing(`set is ${tenant}, and the token is of ${own}`, `sign in to ${tenant}, or: ${set(own)}`);
}

/** What one read of Graph showed. */
export interface GraphLook {
  /** Milliseconds by which our clock is ahead of Graph's; null where it does not say. */
  readonly aheadMs: number | null;
}

/** Reads one device's id. Throws `GraphReadError` and `SignInError`. */
export async function askGraph(endpoint: GraphEndpoint, tokens: TokenSource): Promise<GraphLook> {
  const client = createGraphClient({
    endpoint,
    tokens,
    clock: systemClock,
    random: Math.random,
    uuid: randomUUID,
    wire: createWire(),
    limits: LIMITS,
    onProgress: () => undefined,
  });
  const answer = await readOne(client);
  if (answer.status !== 200) throw readError("the devices", answer, answer.secrets);
  const graph = graphTimeOf(answer.headers);
  return { aheadMs: graph === null ? null : systemClock.now() - graph };
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
  if (ports.isLoopbackGraph) return ok("none are needed: Graph is a double on this machine");
  if (loaded === null) return unknown("the requests were not read");
  const names = [...new Set(loaded.requests.flatMap(({ steps }) => steps.map(({ action }) => action)))];
  const actions = names.map(findRemoteAction).filter((action) => action !== undefined);
  if (actions.length === 0) return ok("no request acts on a device yet");
  const answers = await Promise.all(actions.map(async (action) => ({ action, answer: await ports.actions.permission(action) })));
  const lacking = answers.flatMap(({ action, answer }) => (answer.kind === "missing" ? [`${action.name} needs ${answer.permission}`] : []));
  if (lacking.length > 0) return missing(lacking.join("; "), "grant it, or sign in as a person who has it: docs/identities.md");
  if (answers.some(({ answer }) => answer.kind === "unknown")) return unknown("the token cannot be read here: Graph will tell");
  return ok(`for all ${count(actions.length, "action")} of the requests`);
}

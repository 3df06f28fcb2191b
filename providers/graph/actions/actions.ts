import { type RemoteAction, versionOf } from "../../domain/actions/action-table.ts";
import type { ActionCall, DeviceActions, SendResult } from "../../domain/ports.ts";
import type { Identity, TokenSource } from "../../identity/access-token.ts";
import type { GraphClient } from "../client/graph-client.ts";
import type { GraphCallFacts } from "../client/middleware/graph-call.ts";
import { actionPath, devicePath, isAddressable } from "../client/urls.ts";
import { approvalHeaders, isApprovalId } from "./approval.ts";
import { readApprovalState } from "./approval-state.ts";
import { answerPermission, chooseIdentity, grantOf } from "./permission.ts";
import { sendResult } from "./send-result.ts";
import { readIdentityRefusal, signInRequired } from "./sign-in-required.ts";
import { tokensFor } from "./tokens-for.ts";

/**
 * A refusal to the application is remembered for this run, so that later calls of the action go as
 * the person.
 */
export function createActions(client: GraphClient, tokens: TokenSource): DeviceActions {
  /**
   * Actions that Graph refused to the application in this run: some tenants keep them for people.
   */
  const refused = new Set<string>();
  return {
    permission: async (action) => {
      const isRefused = refused.has(action.name);
      return answerPermission(action, await tokensFor(action, tokens, isRefused), isRefused);
    },
    approval: (request) => readApprovalState(client, request),
    takePlace: () => client.takePlace(),
    send: (call) => send(client, call, tokens, refused),
  };
}

/** Added where Graph refuses a person: the permission alone does not let them act. */
const NEEDS_A_ROLE = "a person also needs an Intune role that has this remote task, for this device";

async function send(client: GraphClient, call: ActionCall, tokens: TokenSource, refused: Set<string>): Promise<SendResult> {
  const { action, device, approvalRequest } = call;
  if (!isAddressable(device.path, device.id)) return unsendable(call, "a part of the device's path cannot stand in an address");
  if (approvalRequest !== undefined && !isApprovalId(approvalRequest))
    return unsendable(call, "the id of the approval has an unknown form");
  const { identity, isPerson } = await identityFor(action, tokens, refused);
  for (const secret of Object.values(call.secretParameters ?? {})) client.keepSecret(secret);
  const result = await client.call(callFacts(call, identity));
  const refusal = readIdentityRefusal(result, action);
  if (refusal === null) return sendResult(result, client.now());
  if (identity === "delegated") return signInRequired(action, refusal, "to the person who signed in", NEEDS_A_ROLE);
  // What Intune lets a person do may depend on the device; an application may do it or not.
  if (!isPerson) refused.add(action.name);
  const others = await tokensFor(action, tokens, true);
  if (others.delegated === null || grantOf(action, others.delegated, false) === "missing")
    return signInRequired(action, refusal, "to the application", others.why);
  const second = await client.call(callFacts(call, "delegated"));
  const again = readIdentityRefusal(second, action);
  return again === null
    ? sendResult(second, client.now())
    : signInRequired(action, again, "to the application, and to the person who signed in", NEEDS_A_ROLE);
}

/** Without a token the call is made all the same: authentication stops it and says why. */
async function identityFor(
  action: RemoteAction,
  source: TokenSource,
  refused: ReadonlySet<string>,
): Promise<{ readonly identity: Identity; readonly isPerson: boolean }> {
  try {
    const isRefused = refused.has(action.name);
    const tokens = await tokensFor(action, source, isRefused);
    const identity = chooseIdentity(action, tokens, isRefused) ?? (tokens.application === null ? "delegated" : "application");
    return { identity, isPerson: (tokens.application?.claims?.scp.length ?? 0) > 0 };
  } catch {
    return { identity: "application", isPerson: false };
  }
}

function callFacts(call: ActionCall, identity: Identity): GraphCallFacts {
  const { action, device } = call;
  return {
    method: action.method,
    version: versionOf(action, call.parameters),
    path: action.method === "DELETE" ? devicePath(device) : actionPath(device, action.name),
    mode: action.repeatable ? "repeatable" : "once",
    rateClass: "write",
    weight: 1,
    identity,
    clientRequestId: call.clientRequestId,
    holdBack: call.holdBack,
    ...(call.place === undefined ? {} : { place: call.place }),
    headers: action.multiAdminApproval ? approvalHeaders(call.justification, call.approvalRequest) : {},
    body: bodyOf(call),
  };
}

/**
 * Null for an action that has no parameters: its documentation asks for no body. One that has some
 * gets an object, also where none is given: beta wants a body then. Secrets are opened here and
 * nowhere earlier.
 */
function bodyOf(call: ActionCall): string | null {
  const secrets = Object.entries(call.secretParameters ?? {}).map(([name, secret]) => [name, secret.reveal()] as const);
  const parameters = { ...call.parameters, ...Object.fromEntries(secrets) };
  const hasNone = Object.keys({ ...call.action.parameters.properties, ...parameters }).length === 0;
  return call.action.method === "DELETE" || hasNone ? null : JSON.stringify(parameters);
}

/** Refused by ourselves, before the wire: status 0 is no status of HTTP. */
function unsendable({ place }: ActionCall, why: string): SendResult {
  place?.giveBack();
  return { kind: "refused", status: 0, detail: `not sent: ${why}`, requestId: null };
}

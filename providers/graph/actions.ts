import type { RemoteAction } from "../domain/action-table.ts";
import type { ActionCall, DeviceActions, SendResult } from "../domain/ports.ts";
import type { Identity, TokenSource } from "./access-token.ts";
import { approvalHeaders, isApprovalId } from "./approval.ts";
import type { CallResult, GraphClient } from "./graph-client.ts";
import type { GraphCallFacts } from "./middleware/graph-call.ts";
import { answerPermission, chooseIdentity, grantOf, type Tokens } from "./permission.ts";
import { sendResult } from "./send-result.ts";
import { actionPath, devicePath, isAddressable } from "./urls.ts";

export function createActions(client: GraphClient, tokens: TokenSource): DeviceActions {
  /** Actions that Graph refused to the application in this run: some tenants keep them for people. */
  const refused = new Set<string>();
  const atHand = async (): Promise<Tokens> => ({ application: await tokens.application(), delegated: await tokens.delegated() });
  return {
    permission: async (action) => answerPermission(action, await atHand(), refused.has(action.name)),
    send: (call) => send(client, call, atHand, refused),
  };
}

async function send(client: GraphClient, call: ActionCall, atHand: () => Promise<Tokens>, refused: Set<string>): Promise<SendResult> {
  const { action, device, approvalRequest } = call;
  if (!isAddressable(device.path, device.id)) return unsendable("a part of the device's path cannot stand in an address");
  if (approvalRequest !== undefined && !isApprovalId(approvalRequest)) return unsendable("the id of the approval has an unknown form");
  const identity = await identityFor(action, atHand, refused);
  const result = await client.call(callFacts(call, identity));
  if (!(await isForPersonOnly(result, call, identity, atHand))) return sendResult(result, secretsOf(call));
  refused.add(action.name);
  return sendResult(await client.call(callFacts(call, "delegated")), secretsOf(call));
}

/** Without a token the call is made all the same: authentication stops it and says why. */
async function identityFor(action: RemoteAction, atHand: () => Promise<Tokens>, refused: ReadonlySet<string>): Promise<Identity> {
  try {
    const tokens = await atHand();
    return chooseIdentity(action, tokens, refused.has(action.name)) ?? (tokens.application === null ? "delegated" : "application");
  } catch {
    return "application";
  }
}

/**
 * Graph refused the application what the signed-in person may do. Only for actions that are safe to repeat: a refusal is no
 * 429, and what must not be done twice is not sent twice.
 */
async function isForPersonOnly(result: CallResult, call: ActionCall, identity: Identity, atHand: () => Promise<Tokens>): Promise<boolean> {
  if (!call.action.repeatable || identity !== "application" || result.kind !== "answer" || result.answer.status !== 403) return false;
  return grantOf(call.action, (await atHand()).delegated, false) !== "missing";
}

function callFacts(call: ActionCall, identity: Identity): GraphCallFacts {
  const { action, device } = call;
  return {
    method: action.method,
    version: action.version,
    path: action.method === "DELETE" ? devicePath(device) : actionPath(device, action.name),
    mode: action.repeatable ? "repeatable" : "once",
    rateClass: "write",
    weight: 1,
    identity,
    clientRequestId: call.clientRequestId,
    headers: action.multiAdminApproval ? approvalHeaders(call.justification, call.approvalRequest) : {},
    body: bodyOf(call),
  };
}

/** Null where there is nothing to say: the documentation asks for no body then. Secrets are opened here and nowhere earlier. */
function bodyOf(call: ActionCall): string | null {
  const secrets = Object.entries(call.secretParameters ?? {}).map(([name, secret]) => [name, secret.reveal()] as const);
  const parameters = { ...call.parameters, ...Object.fromEntries(secrets) };
  return call.action.method === "DELETE" || Object.keys(parameters).length === 0 ? null : JSON.stringify(parameters);
}

function secretsOf(call: ActionCall) {
  return Object.values(call.secretParameters ?? {});
}

/** Refused by ourselves, before the wire: status 0 is no status of HTTP. */
function unsendable(why: string): SendResult {
  return { kind: "refused", status: 0, detail: `not sent: ${why}`, requestId: null };
}

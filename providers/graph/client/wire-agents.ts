import { Agent as PlainAgent } from "node:http";
import { globalAgent, Agent as TlsAgent } from "node:https";

/**
 * Connections by use: `isPlain` for HTTP to a double on this machine, `isAlone` for one that
 * nothing else uses.
 */
export interface Agents {
  agentFor(wanted: { readonly isPlain: boolean; readonly isAlone: boolean }): PlainAgent;
}

/**
 * As Node's own agent: a kept connection that nobody needs for so long is closed by us, before
 * the other side does.
 */
const KEPT = { keepAlive: true, scheduling: "lifo", timeout: 5_000 } as const;

const ALONE = { keepAlive: false } as const;

/**
 * Reads share connections. What acts has one of its own: a kept one may be closed by the other
 * side just when a request goes out, and nobody could tell whether it was taken. Proxies are
 * those of Node's own agent (`NODE_USE_ENV_PROXY`); plain http, which stays on this machine, has
 * none.
 */
export function createAgents(): Agents {
  const { proxyEnv } = globalAgent.options;
  const proxy = proxyEnv === undefined ? {} : { proxyEnv };
  const plain = { kept: new PlainAgent(KEPT), alone: new PlainAgent(ALONE) };
  const tls = { kept: new TlsAgent({ ...KEPT, ...proxy }), alone: new TlsAgent({ ...ALONE, ...proxy }) };
  return { agentFor: ({ isPlain, isAlone }) => (isPlain ? plain : tls)[isAlone ? "alone" : "kept"] };
}

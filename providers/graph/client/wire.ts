import { request as plainRequest } from "node:http";
import { request as tlsRequest } from "node:https";
import { TransportFailure, transportFailure } from "../../support/transport-failure.ts";
import type { GraphAnswer } from "./answer.ts";
import { type Connecting, watchConnection } from "./connecting.ts";
import { readAnswer } from "./read-answer.ts";
import { type Agents, createAgents } from "./wire-agents.ts";

/** One HTTP request as it leaves, token included. */
export interface WireRequest {
  readonly method: "GET" | "POST" | "PATCH" | "PUT" | "DELETE";
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
  /** Ends the exchange, the body of its answer included. */
  readonly signal: AbortSignal | null;
  /** For what acts: no connection that another request had before. */
  readonly isAlone: boolean;
}

/**
 * One request, once: it is never sent again, no redirect is followed, and whatever came back is
 * given. Throws `TransportFailure` and nothing else. `fetch` is not this: by its standard it
 * sends again by itself what was answered with 421.
 * Sources: https://fetch.spec.whatwg.org/#http-network-or-cache-fetch,
 * https://nodejs.org/api/http.html#requestreusedsocket
 */
export type Wire = (request: WireRequest) => Promise<GraphAnswer>;

/** Keeps connections open between reads; an action gets one of its own. */
export function createWire(): Wire {
  const agents = createAgents();
  return async (request) => readAnswer(await exchange(request, agents));
}

/** The head of the answer; the body is still on its way. */
function exchange(request: WireRequest, agents: Agents): Promise<Parameters<typeof readAnswer>[0]> {
  return new Promise((resolve, reject) => {
    let connecting: Connecting | null = null;
    const fail = (error: unknown) => {
      connecting?.stop();
      reject(transportFailure(error, connecting?.mayHaveLeft() ?? false));
    };
    try {
      const call = begin(request, agents);
      connecting = watchConnection(call);
      call.on("error", fail);
      call.on("upgrade", (_answer, socket) => {
        socket.destroy();
        reject(new TransportFailure("network", "what answered wants to speak another protocol"));
      });
      call.on("response", resolve);
      call.end(request.body ?? undefined);
    } catch (error) {
      fail(error);
    }
  });
}

function begin({ method, url, headers, signal, isAlone }: WireRequest, agents: Agents) {
  const isPlain = new URL(url).protocol === "http:";
  const options = {
    method,
    headers: { ...headers, "accept-encoding": "gzip" },
    agent: agents.agentFor({ isPlain, isAlone }),
    ...(signal === null ? {} : { signal }),
  };
  return isPlain ? plainRequest(url, options) : tlsRequest(url, options);
}

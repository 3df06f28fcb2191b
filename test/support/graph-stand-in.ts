import http from "node:http";
import https, { type RequestOptions } from "node:https";
import { syncBuiltinESMExports } from "node:module";

/**
 * Loaded before a process's own code (`NODE_OPTIONS=--import=…`): Microsoft's Graph is the emulator
 * that GRAPH_STAND_IN names, and nothing else beyond this machine can be reached, by `fetch` or by
 * Node's own client. So runs that take themselves for real ones can be tried out.
 */
const standIn = process.env.GRAPH_STAND_IN;
const fetchHere = globalThis.fetch;

/** Where a request goes instead. Throws for what would leave this machine. */
function diverted(address: string | URL): URL {
  const url = new URL(address);
  if (url.origin === "https://graph.microsoft.com") return new URL(`${url.pathname}${url.search}`, standIn);
  if (url.hostname === "127.0.0.1") return url;
  throw new TypeError(`a test would have reached ${url.host}`);
}

globalThis.fetch = async (input, init) => fetchHere(diverted(input instanceof Request ? input.url : input), init);

const tlsRequest = https.request;

/** The agent is for https; where the request goes instead is plain. */
function request(address: unknown, options: RequestOptions, onAnswer?: (answer: http.IncomingMessage) => void): http.ClientRequest {
  if (typeof address !== "string" && !(address instanceof URL)) throw new TypeError("a test would have reached an address in parts");
  const url = diverted(address);
  if (url.protocol === "https:") return tlsRequest(url, options, onAnswer);
  const { agent: _, ...others } = options;
  return http.request(url, others, onAnswer);
}

Reflect.set(https, "request", request);
syncBuiltinESMExports();

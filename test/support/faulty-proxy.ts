import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";

/**
 * What happens to one request: `…Before` it reaches the server, `…After` the server has answered.
 * `hang` never answers, `cut` answers with half of the body; an object is an answer of our own.
 */
export type Fault =
  | "resetBefore"
  | "resetAfter"
  | "hangBefore"
  | "hangAfter"
  | "cut"
  | { readonly status: number; readonly code: string; readonly when: "before" | "after" };

export interface ProxiedRequest {
  readonly method: string;
  /** Path and query. */
  readonly target: string;
  readonly headers: IncomingMessage["headers"];
}

export interface FaultyProxy {
  readonly url: string;
  /** Everything that came in, oldest first. */
  readonly requests: readonly ProxiedRequest[];
  /** Asked for every request; it may take its time. */
  decide: (request: ProxiedRequest) => Fault | null | Promise<Fault | null>;
  close(): Promise<void>;
}

/** A proxy in front of an http server on this machine that breaks what it is told to break. */
export async function startFaultyProxy(upstream: string): Promise<FaultyProxy> {
  const requests: ProxiedRequest[] = [];
  const server = createServer(async (message, response) => {
    const proxied = { method: message.method ?? "", target: message.url ?? "", headers: message.headers };
    requests.push(proxied);
    const body = await buffer(message);
    const fault = await proxy.decide(proxied);
    if (fault === null) await forward(upstream, message, body, response);
    else if (fault === "cut") await cutShort(upstream, message, response);
    else await spoil(fault, message, response, () => forward(upstream, message, body, null));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const proxy: FaultyProxy = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    decide: () => null,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return proxy;
}

/** For requests without a body. */
function cutShort(upstream: string, message: IncomingMessage, response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    request(`${upstream}${message.url}`, { method: message.method, headers: message.headers }, async (answer) => {
      const body = await buffer(answer);
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      response.write(body.subarray(0, body.length / 2), () => {
        message.socket.destroy();
        resolve();
      });
    }).end();
  });
}

async function spoil(
  fault: Exclude<Fault, "cut">,
  message: IncomingMessage,
  response: ServerResponse,
  apply: () => Promise<void>,
): Promise<void> {
  if (fault === "resetAfter" || fault === "hangAfter" || (typeof fault === "object" && fault.when === "after")) await apply();
  if (fault === "resetBefore" || fault === "resetAfter") message.socket.resetAndDestroy();
  if (typeof fault !== "object") return;
  response.writeHead(fault.status, { "x-ms-error-code": fault.code, "content-type": "application/xml" });
  response.end(`<?xml version="1.0" encoding="utf-8"?><Error><Code>${fault.code}</Code><Message>Told by the proxy.</Message></Error>`);
}

/** The answer goes to `response`, or nowhere. */
function forward(upstream: string, message: IncomingMessage, body: Buffer, response: ServerResponse | null): Promise<void> {
  return new Promise((resolve) => {
    const onward = request(`${upstream}${message.url}`, { method: message.method, headers: message.headers }, (answer) => {
      answer.on("end", resolve);
      if (response === null) answer.resume();
      else answer.pipe(response.writeHead(answer.statusCode ?? 502, answer.headers));
    });
    onward.on("error", () => {
      message.socket.destroy();
      resolve();
    });
    onward.end(body);
  });
}

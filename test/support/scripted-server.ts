import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/**
 * One answer, played as it stands. `cut` breaks the connection in the middle of the body, `reset`
 * before any answer, `hang` never answers.
 */
export type ScriptedAnswer =
  | {
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      /** Text goes out as it is, anything else as JSON. */
      readonly body?: unknown;
      readonly cut?: true;
    }
  | "reset"
  | "hang";

export interface ReceivedRequest {
  readonly method: string;
  /** Path and query as they came over the wire. */
  readonly target: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface ScriptedServer {
  readonly url: string;
  readonly requests: readonly ReceivedRequest[];
  /** Resolves when the n-th request (from 1) has come in whole. */
  received(count: number): Promise<void>;
  close(): Promise<void>;
}

/**
 * The n-th request gets the n-th answer, and the last one over again; or what the function says.
 */
export type Script = readonly ScriptedAnswer[] | ((request: ReceivedRequest, index: number) => ScriptedAnswer);

/** A server on 127.0.0.1 that says what a test has written, and keeps what it was asked. */
export async function startScriptedServer(script: Script): Promise<ScriptedServer> {
  const requests: ReceivedRequest[] = [];
  const waiting: { readonly count: number; readonly resolve: () => void }[] = [];
  const server = createServer(async (message, response) => {
    const request = await readRequest(message);
    const answer = typeof script === "function" ? script(request, requests.length) : script[Math.min(requests.length, script.length - 1)];
    requests.push(request);
    for (const { count, resolve } of waiting) if (requests.length >= count) resolve();
    play(answer ?? { status: 500, body: "the script is empty" }, message, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    received: (count) =>
      new Promise((resolve) => {
        if (requests.length >= count) resolve();
        else waiting.push({ count, resolve });
      }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function readRequest(message: IncomingMessage): Promise<ReceivedRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return {
    method: message.method ?? "",
    target: message.url ?? "",
    headers: message.headers,
    body: Buffer.concat(chunks).toString("utf8"),
  };
}

function play(answer: ScriptedAnswer, message: IncomingMessage, response: ServerResponse): void {
  if (answer === "hang") return;
  if (answer === "reset") {
    message.socket.resetAndDestroy();
    return;
  }
  const isJson = answer.body !== undefined && typeof answer.body !== "string";
  const text = isJson ? JSON.stringify(answer.body) : String(answer.body ?? "");
  const type: Record<string, string> = isJson ? { "content-type": "application/json" } : {};
  if (answer.cut === true) {
    response.writeHead(answer.status, { ...type, ...answer.headers, "content-length": text.length + 10 });
    response.write(text, () => message.socket.resetAndDestroy());
    return;
  }
  response.writeHead(answer.status, { ...type, ...answer.headers });
  response.end(text);
}

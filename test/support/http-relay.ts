import { once } from "node:events";
import { createServer, type IncomingHttpHeaders, type IncomingMessage, request, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

interface Message {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface Call extends Message {
  readonly method: string;
  readonly target: string;
}

export interface Answer extends Message {
  readonly status: number;
}

export interface Relay {
  readonly url: string;
  close(): void;
}

/** One call over a connection of its own: none can be closed from the other side while it waits. */
export function send(base: string, { method, target, headers, body }: Call): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { host: _host, connection: _connection, "transfer-encoding": _encoding, ...kept } = headers;
    const length = method === "GET" && body === "" ? {} : { "content-length": Buffer.byteLength(body) };
    const outgoing = request(`${base}${target}`, { method, headers: { ...kept, ...length }, agent: false }, (incoming) => {
      readText(incoming).then((text) => resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, body: text }), reject);
    });
    outgoing.once("error", reject).end(body);
  });
}

export async function serve(answer: (call: Call) => Promise<Answer>): Promise<Relay> {
  const handle = async (message: IncomingMessage, response: ServerResponse) => {
    const { method = "GET", url = "/", headers } = message;
    const { status, headers: given, body } = await answer({ method, target: url, headers, body: await readText(message) });
    const { "transfer-encoding": _encoding, connection: _connection, "content-length": _length, ...kept } = given;
    response.writeHead(status, { ...kept, ...(status === 204 ? {} : { "content-length": Buffer.byteLength(body) }) }).end(body);
  };
  const server = createServer((message, response) => {
    handle(message, response).catch(() => response.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

async function readText(message: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}

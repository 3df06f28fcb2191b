import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import type { Certificate } from "./certificate.ts";

/** One request as it came over the wire. */
export interface RawRequest {
  readonly method: string;
  readonly target: string;
  /** Which of the server's connections it came on, from 1. */
  readonly connection: number;
}

/** What is done with one request, by hand. `index` counts all requests from 0. */
export type Play = (socket: Socket, index: number) => void;

export interface RawServer {
  readonly port: number;
  readonly requests: readonly RawRequest[];
  readonly connections: number;
  close(): Promise<void>;
}

/**
 * A server on 127.0.0.1 that knows as much of HTTP as counting requests takes: their answers are
 * bytes.
 */
export async function startRawServer(play: Play, tls?: Certificate): Promise<RawServer> {
  const requests: RawRequest[] = [];
  const sockets = new Set<Socket>();
  let connections = 0;
  const serve = (socket: Socket) => {
    connections += 1;
    const connection = connections;
    keep(sockets, socket);
    splitRequests(socket, (method, target) => {
      requests.push({ method, target, connection });
      play(socket, requests.length - 1);
    });
  };
  const server = tls === undefined ? createServer(serve) : createTlsServer({ ...tls }, serve);
  server.on("tlsClientError", () => undefined);
  await listen(server);
  return {
    port: (server.address() as AddressInfo).port,
    requests,
    get connections() {
      return connections;
    },
    close: () => closeAll(server, sockets),
  };
}

/** A server on 127.0.0.1 that treats each connection as it likes, before a word of HTTP. */
export async function startSocketServer(greet: (socket: Socket) => void): Promise<{ readonly port: number; close(): Promise<void> }> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    keep(sockets, socket);
    greet(socket);
  });
  await listen(server);
  return { port: (server.address() as AddressInfo).port, close: () => closeAll(server, sockets) };
}

function keep(sockets: Set<Socket>, socket: Socket): void {
  sockets.add(socket);
  socket.on("error", () => undefined).on("close", () => sockets.delete(socket));
}

function listen(server: Server): Promise<void> {
  return new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
}

function closeAll(server: Server, sockets: ReadonlySet<Socket>): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    for (const socket of sockets) socket.destroy();
  });
}

function splitRequests(socket: Socket, onRequest: (method: string, target: string) => void): void {
  let text = "";
  socket.on("data", (bytes) => {
    text += bytes.toString("latin1");
    for (let end = endOfRequest(text); end !== null; end = endOfRequest(text)) {
      const [method = "", target = ""] = text.split(" ", 2);
      text = text.slice(end);
      onRequest(method, target);
    }
  });
}

function endOfRequest(text: string): number | null {
  const head = text.indexOf("\r\n\r\n");
  if (head === -1) return null;
  const length = Number(/\r\ncontent-length: *(\d+)/i.exec(text.slice(0, head))?.[1] ?? "0");
  const end = head + 4 + length;
  return text.length >= end ? end : null;
}

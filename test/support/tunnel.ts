import { createServer } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";

export interface Tunnel {
  /** For HTTPS_PROXY. */
  readonly url: string;
  /** Hosts that were asked for and that lead nowhere. */
  readonly refused: readonly string[];
  close(): Promise<void>;
}

/**
 * A proxy that leads the hosts of a cloud to doubles on this machine, by name → port, and nothing
 * out of it.
 */
export async function startTunnel(ports: ReadonlyMap<string, number>): Promise<Tunnel> {
  const refused: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((_request, response) => response.writeHead(405).end());
  server.on("connect", (request, socket: Socket) => {
    const host = (request.url ?? "").replace(/:443$/, "");
    const port = ports.get(host) ?? loopbackPort(host);
    if (port === undefined) {
      refused.push(host);
      socket.end("HTTP/1.1 403 Forbidden\r\n\r\n");
      return;
    }
    const onward = connect(port, "127.0.0.1", () => {
      socket.write("HTTP/1.1 200 Connection Established\r\n\r\n");
      onward.pipe(socket);
      socket.pipe(onward);
    });
    for (const end of [socket, onward]) sockets.add(end.on("error", () => end.destroy()).on("close", () => sockets.delete(end)));
    socket.on("close", () => onward.destroy());
    onward.on("close", () => socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    refused,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
        server.closeAllConnections();
      }),
  };
}

/** Doubles that have no name in the cloud are asked under their own address. */
function loopbackPort(host: string): number | undefined {
  const [, port] = /^127\.0\.0\.1:(\d+)$/.exec(host) ?? [];
  return port === undefined ? undefined : Number(port);
}

import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

/** What arrived. */
export interface Received {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** How a receiver answers; after the last one, with 204. `hang up` closes without an answer. */
export type ReceiverAnswer = number | "hang up" | { readonly status: number; readonly headers: Readonly<Record<string, string>> };

export interface Receiver {
  readonly url: string;
  readonly received: readonly Received[];
  close(): Promise<void>;
}

/** A webhook, a Teams workflow or a Slack channel on this machine. */
export async function startReceiver(...answers: readonly ReceiverAnswer[]): Promise<Receiver> {
  const received: Received[] = [];
  const server = createServer(async (request, response) => {
    received.push({ path: request.url ?? "", headers: request.headers, body: await text(request) });
    const answer = answers[received.length - 1] ?? 204;
    if (answer === "hang up") return void response.destroy();
    if (typeof answer === "number") return void response.writeHead(answer).end("what it says is nobody's business");
    response.writeHead(answer.status, { ...answer.headers }).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

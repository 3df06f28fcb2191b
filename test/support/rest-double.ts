import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import type { Certificate } from "./certificate.ts";

export interface RestCall {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  /** Null without one. */
  readonly body: unknown;
  /** What the token is for, by its own account. */
  readonly audience: unknown;
}

export interface RestAnswer {
  readonly status: number;
  readonly body: unknown;
}

export interface RestDouble {
  readonly port: number;
  readonly calls: readonly RestCall[];
  answer: (call: RestCall) => RestAnswer;
  close(): Promise<void>;
}

/** A REST service over https that says what a test has written, to whoever shows a token. */
export async function startRestDouble(certificate: Certificate): Promise<RestDouble> {
  const calls: RestCall[] = [];
  const server = createServer(certificate, async (message, response) => {
    const body = await text(message);
    const call: RestCall = {
      method: message.method ?? "",
      path: new URL(message.url ?? "/", "https://double").pathname,
      body: body === "" ? null : JSON.parse(body),
      audience: audienceOf(message.headers.authorization ?? ""),
    };
    calls.push(call);
    const answer = call.audience === null ? { status: 401, body: { error: { code: "InvalidAuthenticationToken" } } } : double.answer(call);
    response.writeHead(answer.status, { "content-type": "application/json" }).end(JSON.stringify(answer.body));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const double: RestDouble = {
    port: (server.address() as AddressInfo).port,
    calls,
    answer: () => ({ status: 404, body: { error: { code: "NotFound" } } }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return double;
}

function audienceOf(authorization: string): unknown {
  const [, payload] = /^Bearer [\w-]+\.([\w-]+)\.[\w-]+$/.exec(authorization) ?? [];
  if (payload === undefined) return null;
  const claims: { readonly aud?: unknown } = JSON.parse(Buffer.from(payload, "base64url").toString("utf8"));
  return claims.aud ?? null;
}

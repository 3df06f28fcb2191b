import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer, request } from "node:https";
import type { AddressInfo } from "node:net";
import type { Certificate } from "./certificate.ts";

/**
 * Data actions on blobs, by the ends of Azure's names for them; `container` is no data action, and
 * no role for blobs has it.
 */
export type BlobRight = "read" | "add/action" | "write" | "delete" | "container";

export interface StorageGate {
  readonly port: number;
  /** What was asked for and not allowed: `DELETE /ledger/x`. */
  readonly refused: readonly string[];
  /** Rights that calls were let through with. */
  readonly used: ReadonlySet<BlobRight>;
  /** What whoever signs in may do. */
  rights: readonly BlobRight[];
  close(): Promise<void>;
}

/**
 * What Azure does and Azurite does not: a call that the caller's role does not allow is refused.
 * Stands before storage, over https.
 * Source:
 * https://learn.microsoft.com/rest/api/storageservices/authorize-with-azure-active-directory#permissions-for-blob-service-operations
 */
export async function startStorageGate(upstreamPort: number, certificate: Certificate): Promise<StorageGate> {
  const refused: string[] = [];
  const used = new Set<BlobRight>();
  const server = createServer(certificate, (message, response) => {
    const right = neededRight(message);
    if (gate.rights.includes(right)) {
      used.add(right);
      return forward(message, response, upstreamPort, certificate.cert);
    }
    refused.push(`${message.method} ${message.url}`);
    message.resume();
    const code = "AuthorizationPermissionMismatch";
    response.writeHead(403, { "x-ms-error-code": code, "content-type": "application/xml" });
    response.end(
      `<?xml version="1.0" encoding="utf-8"?><Error><Code>${code}</Code><Message>This request is not authorized.</Message></Error>`,
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const gate: StorageGate = {
    port: (server.address() as AddressInfo).port,
    refused,
    used,
    rights: ["read", "add/action", "write"],
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return gate;
}

function neededRight({ method, url }: IncomingMessage): BlobRight {
  const { pathname, searchParams } = new URL(url ?? "/", "https://account");
  if (method === "GET" || method === "HEAD") return "read";
  if (pathname.split("/").length < 3 || searchParams.get("restype") === "container") return "container";
  if (method === "PUT" && searchParams.get("comp") === "appendblock") return "add/action";
  return method === "PUT" ? "write" : "delete";
}

function forward(message: IncomingMessage, response: ServerResponse, port: number, ca: string): void {
  const { method, url, headers } = message;
  const onward = request({ host: "127.0.0.1", port, path: url ?? "/", method: method ?? "GET", headers, ca }, (answer) => {
    answer.pipe(response.writeHead(answer.statusCode ?? 502, answer.headers));
  });
  onward.on("error", () => response.destroy());
  message.pipe(onward);
}

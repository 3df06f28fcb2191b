import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { generate } from "selfsigned";
import { isObject } from "../../providers/domain/json.ts";
import { answerKeyVault, errorAnswer, type KeyVaultAnswer } from "./key-vault-answers.ts";
import { type KeyVaultEffect, type KeyVaultFault, KeyVaultFaults } from "./key-vault-faults.ts";
import { neededRight, VAULT_ROLES, type VaultRight } from "./key-vault-rights.ts";
import { KeyVaultStore, type StoredSecret } from "./key-vault-store.ts";

export { VAULT_ROLES } from "./key-vault-rights.ts";

/** Everything has a default; without `tokens` and `rightsOf` every token is taken. */
export interface KeyVaultOptions {
  /** 0 or none: a free one. */
  readonly port?: number;
  /** Tokens that are taken, for whoever may do anything; without it every token is. */
  readonly tokens?: readonly string[];
  /** In place of `tokens`: what the bearer of a token may do; null: the token is not taken. */
  readonly rightsOf?: (token: string) => readonly VaultRight[] | null;
  /** PEM; one of its own where absent. */
  readonly certificate?: { readonly key: string; readonly cert: string };
}

/** What came in, without bodies and tokens. */
export interface SeenKeyVaultRequest {
  readonly method: string;
  readonly path: string;
  readonly authorized: boolean;
  readonly bodyBytes: number;
}

/** A running vault on this machine, over HTTPS; `close` ends it. */
export interface KeyVault {
  readonly url: string;
  /** PEM; to be trusted by the client (`NODE_EXTRA_CA_CERTS` or an option). */
  readonly caCertificate: string;
  /** Versions by name, oldest first. */
  readonly secrets: ReadonlyMap<string, readonly StoredSecret[]>;
  readonly requests: readonly SeenKeyVaultRequest[];
  fail(fault: KeyVaultFault): void;
  /** Soft-deletes a secret, as an administrator would. */
  remove(name: string): void;
  /** Disables all versions of a secret, as an administrator would. */
  disable(name: string): void;
  close(): Promise<void>;
}

const CHALLENGE =
  'Bearer authorization="https://login.microsoftonline.com/00000000-0000-0000-0000-000000000001", resource="https://vault.azure.net"';

/** A Key Vault for secrets on this machine, over https with a certificate of its own, in memory. */
export async function startKeyVault(options: KeyVaultOptions = {}): Promise<KeyVault> {
  const store = new KeyVaultStore();
  const faults = new KeyVaultFaults();
  const requests: SeenKeyVaultRequest[] = [];
  const certificate = options.certificate ?? (await createOwnCertificate());
  const rightsOf = options.rightsOf ?? ((token) => (options.tokens?.includes(token) === false ? null : VAULT_ROLES.secretsOfficer));
  const server = createServer(certificate, (request, response) => {
    handle(request, response).catch((error: unknown) => response.destroy(error instanceof Error ? error : undefined));
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen(options.port ?? 0, "127.0.0.1", resolve);
  });
  const origin = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    // A vault may be reached under its own name as well.
    const asked = `https://${request.headers.host}`;
    const [url, method, body] = [new URL(request.url ?? "/", asked), request.method ?? "GET", await text(request)];
    const rights = rightsOfBearer(request.headers.authorization, rightsOf);
    requests.push({ method, path: url.pathname, authorized: rights !== null, bodyBytes: Buffer.byteLength(body) });
    const refused = refusalFor(rights, neededRight(method, url.pathname));
    if (refused !== null) return write(response, refused);
    const effect = faults.take(method, url.pathname);
    if (effect?.kind === "reset") return void response.destroy();
    if (effect?.kind === "refuse") return write(response, errorAnswer(effect.status, effect.code, effect.message ?? effect.code, effect));
    const answer = answerKeyVault({ method, url, body: parseJson(body) }, store, asked);
    if (effect?.kind === "html")
      return void response.writeHead(effect.status, { "content-type": effect.type ?? "text/html" }).end(page(effect.says ?? "", answer));
    if (effect?.kind === "loseAnswer") return void response.destroy();
    write(response, distorted(answer, effect));
  }

  return {
    url: origin,
    caCertificate: certificate.cert,
    secrets: store.live,
    requests,
    fail: (fault) => faults.add(fault),
    remove: (name) => void store.move(name, "live", "deleted"),
    disable: (name) => store.disable(name),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function createOwnCertificate(): Promise<{ readonly key: string; readonly cert: string }> {
  const { private: key, cert } = await generate([{ name: "commonName", value: "localhost" }], { algorithm: "sha256", keyType: "ec" });
  return { key, cert };
}

function rightsOfBearer(
  header: string | undefined,
  rightsOf: (token: string) => readonly VaultRight[] | null,
): readonly VaultRight[] | null {
  const [, token] = /^Bearer (\S+)$/.exec(header ?? "") ?? [];
  return token === undefined ? null : rightsOf(token);
}

/** Null where the bearer may do it. */
function refusalFor(rights: readonly VaultRight[] | null, right: VaultRight): KeyVaultAnswer | null {
  if (rights === null) return errorAnswer(401, "Unauthorized", "no token", { headers: { "www-authenticate": CHALLENGE } });
  if (rights.includes(right)) return null;
  const action = `Microsoft.KeyVault/vaults/secrets/${right}${right === "delete" ? "" : "/action"}`;
  const message = `Caller is not authorized to perform action on resource.\r\nAction: '${action}'\r\nAssignment: (not found)`;
  return errorAnswer(403, "Forbidden", message, { innerCode: "ForbiddenByRbac" });
}

function distorted(answer: KeyVaultAnswer, effect: KeyVaultEffect | undefined): KeyVaultAnswer {
  return effect?.kind === "wrongValue" ? { ...answer, body: { ...(answer.body as object), value: "another-value" } } : answer;
}

function page(text: string, { body }: KeyVaultAnswer): string {
  const value = isObject(body) && typeof body.value === "string" ? body.value : "";
  return `<html><title>${text.replaceAll("$VALUE", value)}</title></html>`;
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return null;
  }
}

function write(response: ServerResponse, answer: KeyVaultAnswer): void {
  const headers = { ...answer.headers, "content-type": "application/json; charset=utf-8" };
  response.writeHead(answer.status, headers).end(answer.body === undefined ? undefined : JSON.stringify(answer.body));
}

import type { KeyVaultStore, NewSecret, StoredSecret } from "./key-vault-store.ts";

/** An answer of the double's, before it is written. */
export interface KeyVaultAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** A request, read whole; its token was checked before. */
export interface KeyVaultRequest {
  readonly method: string;
  readonly url: URL;
  readonly body: unknown;
}

const ROUTE = /^\/(secrets|deletedsecrets)\/([0-9A-Za-z-]{1,127})(?:\/([0-9A-Za-z]*))?$/;

/**
 * Secrets of Key Vault's REST interface. Source:
 * https://learn.microsoft.com/rest/api/keyvault/secrets/operation-groups
 */
export function answerKeyVault(request: KeyVaultRequest, store: KeyVaultStore, origin: string): KeyVaultAnswer {
  if (!request.url.searchParams.has("api-version")) return errorAnswer(400, "BadParameter", "api-version is missing");
  const [, collection, name, rest] = ROUTE.exec(request.url.pathname) ?? [];
  if (name === undefined) return errorAnswer(404, "NotFound", "no such operation");
  const render = (secret: StoredSecret) => bundle(secret, origin);
  return collection === "secrets"
    ? answerLive(request, { store, render }, name, rest ?? "")
    : answerDeleted(request, { store, render }, name, rest ?? "");
}

type Render = (secret: StoredSecret) => object;

interface Vault {
  readonly store: KeyVaultStore;
  readonly render: Render;
}

function answerLive(request: KeyVaultRequest, { store, render }: Vault, name: string, version: string): KeyVaultAnswer {
  switch (request.method) {
    case "PUT": {
      const secret = newSecret(name, request.body);
      if (secret === null) return errorAnswer(400, "BadParameter", "The property 'value' has an invalid value");
      const stored = store.put(secret);
      if (stored !== null) return { status: 200, body: render(stored) };
      return errorAnswer(409, "Conflict", `Secret ${name} is currently in a deleted but recoverable state`, {
        innerCode: "ObjectIsDeletedButRecoverable",
      });
    }
    case "GET": {
      if (version === "versions") return { status: 200, body: versionsOf(name, { store, render }) };
      const secret = store.get(name, version);
      if (secret === undefined)
        return errorAnswer(404, "SecretNotFound", `A secret with (name/id) ${name}/${version} was not found in this key vault`);
      if (!secret.enabled)
        return errorAnswer(403, "Forbidden", "Operation get is not allowed on a disabled secret.", { innerCode: "SecretDisabled" });
      return { status: 200, body: render(secret) };
    }
    case "DELETE": {
      const secret = store.move(name, "live", "deleted");
      if (secret === undefined)
        return errorAnswer(404, "SecretNotFound", `A secret with (name/id) ${name} was not found in this key vault`);
      return { status: 200, body: deletedBundle(secret, render) };
    }
    default:
      return errorAnswer(405, "MethodNotAllowed", request.method);
  }
}

/** Properties of every version, without values; none for a name that nobody has. */
function versionsOf(name: string, { store, render }: Vault): object {
  const all = (store.live.get(name) ?? []).map((secret) => {
    const { value: _, ...rest } = render(secret) as { readonly value: string };
    return rest;
  });
  return { value: all, nextLink: null };
}

function answerDeleted(request: KeyVaultRequest, { store, render }: Vault, name: string, rest: string): KeyVaultAnswer {
  const missing = errorAnswer(404, "SecretNotFound", `Deleted Secret not found: ${name}`);
  if (request.method === "POST" && rest === "recover") {
    const secret = store.move(name, "deleted", "live");
    return secret === undefined ? missing : { status: 200, body: render(secret) };
  }
  if (request.method === "DELETE") return store.move(name, "deleted", "nowhere") === undefined ? missing : { status: 204 };
  const secret = store.deleted.get(name)?.at(-1);
  return secret === undefined ? missing : { status: 200, body: deletedBundle(secret, render) };
}

/**
 * An error in Key Vault's form:
 * https://learn.microsoft.com/rest/api/keyvault/secrets/get-secret/get-secret
 */
export function errorAnswer(
  status: number,
  code: string,
  message: string,
  { innerCode, headers = {} }: { readonly innerCode?: string | undefined; readonly headers?: Readonly<Record<string, string>> } = {},
): KeyVaultAnswer {
  const innererror = innerCode === undefined ? {} : { innererror: { code: innerCode } };
  return { status, headers, body: { error: { code, message, ...innererror } } };
}

function newSecret(name: string, body: unknown): NewSecret | null {
  const { value, contentType, tags, attributes } = (body ?? {}) as {
    value?: unknown;
    contentType?: string;
    tags?: Record<string, string>;
    attributes?: { enabled?: boolean; exp?: number };
  };
  if (typeof value !== "string" || value.length > 25_000) return null;
  return { name, value, contentType, tags: tags ?? {}, enabled: attributes?.enabled ?? true, expires: attributes?.exp };
}

const RETENTION_DAYS = 90;

function bundle(secret: StoredSecret, origin: string): object {
  const { name, version, value, contentType, tags, enabled, created, expires } = secret;
  const attributes = { enabled, created, updated: created, exp: expires };
  return {
    id: `${origin}/secrets/${name}/${version}`,
    value,
    contentType,
    tags,
    attributes: { ...attributes, recoveryLevel: "Recoverable+Purgeable", recoverableDays: RETENTION_DAYS },
  };
}

function deletedBundle(secret: StoredSecret, render: Render): object {
  const { value: _, ...rest } = render(secret) as { value: string; id: string };
  const deletedDate = Math.floor(Date.now() / 1000);
  const recoveryId = rest.id.replace("/secrets/", "/deletedsecrets/").replace(/\/[^/]+$/, "");
  return { ...rest, recoveryId, deletedDate, scheduledPurgeDate: deletedDate + RETENTION_DAYS * 24 * 60 * 60 };
}

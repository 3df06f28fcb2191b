import type { KeyVaultSecret, SecretClient } from "@azure/keyvault-secrets";
import { DAY_MS } from "../../domain/day.ts";
import { EscrowError } from "../../domain/errors.ts";
import type { Clock, EscrowEntry, EscrowStore, EscrowWatch, SecretLook } from "../../domain/ports.ts";
import { Redacted } from "../../domain/redacted.ts";
import { newEntryId } from "../reference.ts";
import { sameSecret } from "../revealed-entry.ts";
import { openVaultClient, VAULT_TIMEOUT_MS, type VaultClientOptions } from "./key-vault-client.ts";
import { vaultAnswer, vaultFailure } from "./key-vault-failure.ts";
import { entryTags } from "./key-vault-tags.ts";
import { lookAtSecret } from "./look-at-secret.ts";
import { revealVaultSecret } from "./reveal-vault-secret.ts";
import { parseVaultReference } from "./vault-location.ts";

/** The client's, and what names an entry and dates it. */
export interface KeyVaultEscrowOptions extends VaultClientOptions {
  readonly clock: Clock;
  readonly uuid: () => string;
  /**
   * How long a secret is meant to be kept. Key Vault goes on giving it out after that; its alerts
   * and policies go by the date.
   */
  readonly expireAfterDays?: number;
}

const DEFAULT_EXPIRE_DAYS = 365;

/**
 * One Key Vault secret of its own name per put: value = the secret, tags = what it is of. The
 * reference is the id of the exact version that was read back. Source:
 * https://learn.microsoft.com/azure/key-vault/secrets/about-secrets
 */
export class KeyVaultEscrow implements EscrowStore, EscrowWatch {
  readonly #options: KeyVaultEscrowOptions;
  #client: Promise<SecretClient> | null = null;

  constructor(options: KeyVaultEscrowOptions) {
    this.#options = options;
  }

  describe(): string {
    return `Key Vault ${this.#options.vaultUrl}`;
  }

  async reach(): Promise<void> {
    await this.#connected();
  }

  async put(entry: EscrowEntry, secret: Redacted<string>): Promise<{ readonly reference: string }> {
    const client = await this.#connected();
    const name = this.#newName();
    const stored = await this.#call("put a secret into", secret, (options) =>
      client.setSecret(name, secret.reveal(), {
        ...options,
        contentType: `text/plain; kind=${entry.kind}`,
        expiresOn: new Date(this.#options.clock.now() + (this.#options.expireAfterDays ?? DEFAULT_EXPIRE_DAYS) * DAY_MS),
        tags: entryTags(entry),
      }),
    );
    const { reference, version } = this.#referenceOf(stored, name);
    const found = await this.#call("read back a secret from", secret, (options) => client.getSecret(name, { ...options, version }));
    if (found.value === undefined || !sameSecret(new Redacted(found.value), secret)) {
      const hint = "look at it in the vault, then run the command again: the secret is read anew and stored under another name";
      throw new EscrowError(`what was read back from ${reference} is not what was put there`, { hint });
    }
    return { reference };
  }

  /** Runs may get what they set, or they could not have compared it. */
  readonly readBack = async (reference: string): Promise<Redacted<string>> => {
    const { vaultUrl } = this.#options;
    const parsed = URL.canParse(reference) ? parseVaultReference(reference) : null;
    if (parsed?.vaultUrl !== vaultUrl) {
      throw new EscrowError(`${reference} is not in ${vaultUrl}`, {
        hint: "set the configuration key escrow to the vault that the entry was put in",
      });
    }
    return (await revealVaultSecret(parsed, this.#options)).secret;
  };

  async look(reference: string): Promise<SecretLook> {
    return await lookAtSecret(reference, { vaultUrl: this.#options.vaultUrl, connect: () => this.#connected() });
  }

  /** A failed attempt is forgotten, so that the next call tries again. */
  #connected(): Promise<SecretClient> {
    if (this.#client !== null) return this.#client;
    const client = this.#connect();
    this.#client = client;
    client.catch(() => {
      this.#client = null;
    });
    return client;
  }

  /**
   * Asks for a name that nobody has: only a vault that lets us read back what we put gets a secret.
   * It also ends the client's challenge before calls go out side by side; until then it would send
   * bodies along with requests that bear no token.
   */
  async #connect(): Promise<SecretClient> {
    const { vaultUrl } = this.#options;
    try {
      const client = await openVaultClient(this.#options);
      if (await isUnknown(client.getSecret(this.#newName(), this.#limits()))) return client;
    } catch (error) {
      throw vaultFailure(error, "read from", vaultUrl, null);
    }
    throw new EscrowError(`${vaultUrl} answers for secrets that it does not have: it is not a Key Vault`);
  }

  async #call<T>(doing: string, secret: Redacted<string>, call: (options: { abortSignal: AbortSignal }) => Promise<T>): Promise<T> {
    try {
      return await call(this.#limits());
    } catch (error) {
      throw vaultFailure(error, doing, this.#options.vaultUrl, secret);
    }
  }

  #limits(): { abortSignal: AbortSignal } {
    return { abortSignal: AbortSignal.timeout(VAULT_TIMEOUT_MS) };
  }

  #newName(): string {
    return `dl-${newEntryId(this.#options.uuid)}`;
  }

  /** The id that the vault gave, if it is one of this vault and this name. */
  #referenceOf(stored: KeyVaultSecret, name: string): { readonly reference: string; readonly version: string } {
    const reference = stored.properties.id ?? "";
    const parsed = URL.canParse(reference) ? parseVaultReference(reference) : null;
    if (parsed?.vaultUrl === this.#options.vaultUrl && parsed.name === name) return { reference, version: parsed.version };
    throw new EscrowError(`${this.#options.vaultUrl} gave back an id of another form for the secret ${name}`);
  }
}

async function isUnknown(answer: Promise<unknown>): Promise<boolean> {
  try {
    await answer;
    return false;
  } catch (error) {
    if (vaultAnswer(error, null).code === "SecretNotFound") return true;
    throw error;
  }
}

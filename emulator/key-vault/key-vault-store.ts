import { randomBytes } from "node:crypto";

/** One version of a secret, as the double keeps it. */
export interface StoredSecret {
  readonly name: string;
  readonly version: string;
  readonly value: string;
  readonly contentType: string | undefined;
  readonly tags: Readonly<Record<string, string>>;
  readonly enabled: boolean;
  /** Seconds since the epoch, as Key Vault counts. */
  readonly created: number;
  readonly expires: number | undefined;
}

/** A secret as it is put; the vault gives it a version and a time. */
export type NewSecret = Pick<StoredSecret, "name" | "value" | "contentType" | "tags" | "enabled" | "expires">;

/**
 * Secrets with their versions, oldest first; a deleted name stays taken until it is recovered or
 * purged.
 */
export class KeyVaultStore {
  readonly live = new Map<string, StoredSecret[]>();
  readonly deleted = new Map<string, StoredSecret[]>();

  /** Null while a deleted secret has the name. */
  put(secret: NewSecret): StoredSecret | null {
    if (this.deleted.has(secret.name)) return null;
    const stored = { ...secret, version: randomBytes(16).toString("hex"), created: Math.floor(Date.now() / 1000) };
    this.live.set(secret.name, [...(this.live.get(secret.name) ?? []), stored]);
    return stored;
  }

  /** The version asked for, the newest one without a version; undefined when there is none. */
  get(name: string, version: string): StoredSecret | undefined {
    const versions = this.live.get(name) ?? [];
    return version === "" ? versions.at(-1) : versions.find((secret) => secret.version === version);
  }

  disable(name: string): void {
    this.live.set(
      name,
      (this.live.get(name) ?? []).map((secret) => ({ ...secret, enabled: false })),
    );
  }

  move(name: string, from: "live" | "deleted", to: "live" | "deleted" | "nowhere"): StoredSecret | undefined {
    const versions = this[from].get(name);
    if (versions === undefined) return undefined;
    this[from].delete(name);
    if (to !== "nowhere") this[to].set(name, versions);
    return versions.at(-1);
  }
}

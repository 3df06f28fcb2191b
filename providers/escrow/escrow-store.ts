import type { EscrowTools, OpenedEscrow } from "./open-escrow.ts";
import type { RevealedEntry } from "./revealed-entry.ts";

/** What a place is held against. */
export interface LocationRules {
  /** The project's folder; relative locations start there. */
  readonly root: string;
  /** DNS suffixes that vaults of the chosen cloud have, such as `vault.azure.net`. */
  readonly vaultSuffixes: readonly string[];
  /** Graph is a double on this machine: real codes must not go to a store that is one. */
  readonly isLoopbackGraph: boolean;
}

/** What the authorized reader brings. */
export interface ReaderTools extends Pick<EscrowTools, "credential" | "environment" | "caCertificate"> {
  /** The reader's identity file; null: none was named. */
  readonly identityFile: string | null;
  /** Of every cloud that a reference may lead to. */
  readonly vaultSuffixes: readonly string[];
}

/** One kind of store for secrets: everything that differs between it and the others. */
export interface EscrowStoreKind {
  /** How a place of it is written, for hints: `file:FOLDER`. */
  readonly form: string;
  /** Whether a place or a reference is of this store, by its form alone; no two claim the same. */
  claims(text: string): boolean;
  /** A place of it, as people are shown it: short, and without what may be secret. */
  shown(location: string): string;
  /**
   * The place that a text of its form names. Throws `ConfigurationError` for one that no escrow of
   * this version can live in; `supported` says as a hint what could be written.
   */
  at(location: string, rules: LocationRules, supported: string): EscrowPlace;
  /** Where one secret lies. Throws `ConfigurationError` for what no `put` of it gives back. */
  entryAt(reference: string, root: string): EscrowedAt;
}

/** Somebody who can read what is escrowed from now on. */
export interface Recipient {
  /** Public key, as the list of recipients has it: `age1…`. */
  readonly key: string;
  /** Counts from 1. */
  readonly line: number;
  /** The comment right above, or an empty text. */
  readonly comment: string;
}

/** One place for secrets, with everything that a run or a command may ask of it. */
export interface EscrowPlace {
  /** It stands on one machine, and is lost with a runner that is thrown away. */
  readonly isOfOneMachine: boolean;
  /** Where lines about who was shown what are kept; null: the store has no folder of its own. */
  readonly auditFolder: string | null;
  open(tools: EscrowTools): OpenedEscrow;
  /**
   * Early, before anything is done, without writing and without a token: throws `EscrowError` where
   * nothing could be put, or nobody could read it. What only the first `put` can show comes with
   * it, before anything destructive. Gives the recipients that are left out.
   */
  check(): Promise<readonly Recipient[]>;
  /**
   * Who could read what is put there from now on, as a text that is the same as long as they are
   * the same. A place that cannot be used is nobody's: `check` says why.
   */
  describeReaders(): Promise<string>;
  /**
   * The folder with the list of recipients. Throws `ConfigurationError` that says how readers are
   * let in, where that is another way.
   */
  recipientsFolder(): string;
}

/** One secret in a store, for `reveal`. */
export interface EscrowedAt {
  /** Where the line about who was shown it is kept; null: the store has no folder of its own. */
  readonly auditFolder: string | null;
  /** Throws `EscrowError` for a reader whom the store does not let in. */
  reveal(tools: ReaderTools): Promise<RevealedEntry>;
}

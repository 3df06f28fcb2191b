/**
 * How a finding of a refresh is taken: `drift` is to be looked into, `notice` is good to know,
 * `unknown` is what could not be seen, and proves nothing.
 */
export type DriftWeight = "drift" | "notice" | "unknown";

/** What one kind of finding means. */
interface DriftTraits {
  readonly weight: DriftWeight;
  /** A new escrow of the bypass code ends it: what `onDrift: repeat` does. */
  readonly isMended: boolean;
}

/**
 * Every kind of finding, the first to be told first. Stable names: state, the outputs of a stack
 * and `dlr drift --json` hold them.
 */
export const DRIFTS = {
  Replaced: { weight: "drift", isMended: false },
  LeftIntune: { weight: "drift", isMended: false },
  EnrolledElsewhere: { weight: "drift", isMended: false },
  EnrolledAnew: { weight: "drift", isMended: false },
  BypassCodeChanged: { weight: "drift", isMended: true },
  SecretDeleted: { weight: "drift", isMended: true },
  SecretDisabled: { weight: "drift", isMended: true },
  NotKnown: { weight: "unknown", isMended: false },
  NotVisible: { weight: "unknown", isMended: false },
  SecretNotSeen: { weight: "unknown", isMended: false },
  CameBack: { weight: "notice", isMended: false },
  SecretExpires: { weight: "notice", isMended: true },
  SecretNotLookedAt: { weight: "notice", isMended: false },
} as const satisfies Readonly<Record<string, DriftTraits>>;

/** A name of the table. */
export type DriftKind = keyof typeof DRIFTS;

/** In the order of the table. */
export const DRIFT_KINDS = Object.keys(DRIFTS) as readonly DriftKind[];

/**
 * What refreshes found of a request that had succeeded. `new` in the refresh that saw it first,
 * `known` in later ones, `resolved` in the one that saw that it is over; the next drops it.
 */
export interface DriftFinding {
  readonly kind: DriftKind;
  readonly state: "new" | "known" | "resolved";
  /** `device`, `bypassCode`, or the reference of an escrowed secret. */
  readonly about: string;
  readonly message: string;
  /** ISO 8601, UTC. */
  readonly firstSeen: string;
  /** When a refresh last saw it; ISO 8601, UTC. */
  readonly lastSeen: string;
}

/** What one look told of one thing, before it is held against what was known. */
export interface DriftLook {
  readonly about: string;
  /** Null: it was seen, and is as the request left it. */
  readonly found: Pick<DriftFinding, "kind" | "message"> | null;
}

import type { SourceLocation } from "./diagnostic.ts";
import type { GraphReadError } from "./errors.ts";
import type { SendResult } from "./ports.ts";

/** Platforms that a policy can be of; iOS is iPadOS too. */
export const POLICY_PLATFORMS = ["iOS", "macOS"] as const;

/** A platform of a policy, in Graph's word. */
export type PolicyPlatform = (typeof POLICY_PLATFORMS)[number];

/** Words that stand in the place of a group's id. */
export const EVERYBODY = ["allDevices", "allUsers"] as const;

/** Whom a policy is for: ids of groups, or a word of `EVERYBODY`, sorted. */
export interface PolicyGroups {
  readonly include: readonly string[];
  /** Ids of groups alone. */
  readonly exclude: readonly string[];
}

/** A policy that allows the Activation Lock, as the files want it: one platform. */
export interface LockPolicy {
  /** Unique over all files; `NAME/PLATFORM` where the file names several platforms. */
  readonly name: string;
  /** What Intune shows; null for an adopted one, which keeps its own. */
  readonly title: string | null;
  readonly platform: PolicyPlatform;
  readonly groups: PolicyGroups;
  /** Id of a policy that is there already; null for one that is made. */
  readonly adopt: string | null;
  /** Names what a preview showed of an adopted policy: only that is changed. */
  readonly accept: string | null;
  readonly source: SourceLocation;
}

/**
 * What a policy is in Graph: of the settings catalog, or a profile of device restrictions, which is
 * older and for iOS and iPadOS alone.
 */
export type PolicyForm = "settingsCatalog" | "deviceRestrictions";

/** A policy as Intune has it now. */
export interface SeenPolicy {
  readonly id: string;
  readonly form: PolicyForm;
  readonly title: string;
  readonly description: string;
  readonly platforms: readonly string[];
  /** Whether it allows the lock; null where it does not say. */
  readonly allowsLock: boolean | null;
  /** Settings besides: they are somebody else's, and are never written. */
  readonly otherSettings: number;
  readonly groups: PolicyGroups;
  /** Assignments that the files have no words for, such as those with a filter; in words. */
  readonly otherTargets: readonly string[];
}

/** What one write came to, and the id of what was made. */
export interface PolicyWrite {
  readonly result: SendResult;
  readonly id: string | null;
}

/** What a device reports of one policy. */
export interface ReportedPolicy {
  readonly title: string;
  /** Graph's word: `compliant`, `remediated`, `error`, `conflict` and so on. */
  readonly state: string;
}

/**
 * Policies of Intune. Reads throw `GraphReadError` or `SignInError`; writes never throw for what
 * Graph or the network does.
 */
export interface LockPolicies {
  /** Policies of the settings catalog whose description has the mark. */
  find(mark: string): Promise<readonly SeenPolicy[]>;
  /**
   * Null where Graph knows it neither as a policy of the settings catalog nor as a profile.
   */
  read(id: string): Promise<SeenPolicy | null>;
  /** Makes it, assigned to nobody. One request on the wire. */
  create(title: string, description: string, platform: PolicyPlatform): Promise<PolicyWrite>;
  /** Makes it allow the lock, with this title and description; it keeps its own where null. */
  change(seen: SeenPolicy, names: { readonly title: string; readonly description: string } | null): Promise<PolicyWrite>;
  /** Its groups are these and no others afterwards. */
  assign(seen: SeenPolicy, groups: PolicyGroups): Promise<PolicyWrite>;
  remove(seen: SeenPolicy): Promise<PolicyWrite>;
  /** What each device reports of its policies, in the order of the ids. */
  reportedBy(deviceIds: readonly string[]): Promise<readonly (readonly ReportedPolicy[] | GraphReadError)[]>;
}

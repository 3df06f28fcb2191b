import type { CloudName } from "../cloud-name.ts";
import type { JsonObject } from "../json.ts";
import type { ActionState, Platform } from "../managed-device.ts";
import type { ResultSecret } from "../secret-kinds.ts";
import type { Caution } from "./caution.ts";

/** What a requester spells out before a step may run. */
export const ACKNOWLEDGEMENTS = ["dataLoss", "physicalPossession", "personalDevice", "noBypassCode"] as const;

/**
 * A word that may stand in `acknowledge` of a request; an action lists in `demands` those that it
 * needs.
 */
export type Acknowledgement = (typeof ACKNOWLEDGEMENTS)[number];

/** How the result of an action shows in `deviceActionResults` and in `managementState`. */
export type ResultReading =
  | { readonly kind: "none" }
  | {
      readonly kind: "reported";
      /** Names seen in `actionName`, compared without case and punctuation. */
      readonly names: readonly string[];
      readonly managementStates?: Readonly<Record<string, ActionState>>;
      /** A device that is gone after the action was accepted: success. */
      readonly goneIsSuccess?: true;
      /** The result carries a secret that goes to escrow; from the table of secrets. */
      readonly secret?: ResultSecret;
    };

/**
 * JSON Schema of parameters, in Graph's own names: they stand so in YAML and in the body of the
 * call.
 */
export type ParameterSchema = JsonObject & { readonly properties: JsonObject };

/**
 * One managed-device remote action of Microsoft Graph. Adding an action to the product is one entry
 * of the table.
 */
export interface RemoteAction {
  readonly name: string;
  readonly title: string;
  /** v1.0 where Graph has the action there. */
  readonly version: "v1.0" | "beta";
  readonly method: "POST" | "DELETE";
  readonly parameters: ParameterSchema;
  /** Parameters that only beta has: a call with one of them goes to beta. */
  readonly betaParameters?: readonly string[];
  /**
   * Parameters that no two devices share: in a list they come from a column of that name, or hold
   * `{{serialnumber}}`.
   */
  readonly ofOneDevice?: readonly string[];
  /** Parameters that mean something on some platforms only. */
  readonly parameterPlatforms?: Readonly<Record<string, readonly Platform[]>>;
  readonly platforms: readonly Platform[];
  /** Only where Microsoft documents one. */
  readonly minimumOs?: Readonly<Partial<Record<Platform, string>>>;
  /** Platforms on which it takes a supervised device. */
  readonly supervisedOn: readonly Platform[];
  /** The clouds that have it, with the page that says so; all of them where absent. */
  readonly clouds?: { readonly only: readonly CloudName[]; readonly source: string };
  /** Erases the device, or takes it out of management for good. */
  readonly destroysData: boolean;
  /**
   * Keeps whoever has the device out of it until somebody helps, as the page in `requirements`
   * says.
   */
  readonly locksOut?: true;
  /**
   * Erases what may be somebody's own: a device that the company does not own needs
   * `personalDevice` in `acknowledge`.
   */
  readonly erasesOwner?: true;
  /**
   * A second run does no more than the first: after an answer that was lost it is sent again
   * without asking anybody.
   */
  readonly repeatable: boolean;
  readonly permission: { readonly application: string | null; readonly delegated: string };
  /** Calls per tenant and day; null where none is known. */
  readonly dailyQuota: number | null;
  readonly multiAdminApproval: boolean;
  readonly result: ResultReading;
  /**
   * Intune does it itself, and needs no device for it: the page that says so. Absent: the device
   * does it when it checks in.
   */
  readonly doneByService?: string;
  /**
   * Intune ignores every other pending action of a device that has this one: the page that says so.
   */
  readonly takesPrecedence?: string;
  readonly demands: readonly Acknowledgement[];
  /** What the preview warns of on some devices; nothing refuses it. */
  readonly cautions?: readonly Caution[];
  /** Graph's reference: name, body, permission. */
  readonly source: string;
  /** The page that says on which devices it works. */
  readonly requirements: string;
}

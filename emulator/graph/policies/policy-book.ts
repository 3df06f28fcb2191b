import { randomUUID } from "node:crypto";
import type { JsonObject } from "../../../providers/domain/json.ts";

/** Lists of policies, by the segment that they have in a path. */
export const POLICY_LISTS = ["configurationPolicies", "deviceConfigurations"] as const;

/** One of the lists. */
export type PolicyList = (typeof POLICY_LISTS)[number];

/** A policy as the emulator keeps it. */
export interface EmulatedPolicy {
  readonly id: string;
  readonly list: PolicyList;
  /** As Graph shows it, without settings and assignments. */
  readonly body: JsonObject;
  readonly settings: readonly JsonObject[];
  readonly assignments: readonly JsonObject[];
}

/** What a device reports of one policy. */
export interface ReportedState {
  readonly displayName: string;
  readonly state: string;
}

/** Policies, and what devices report of them. */
export class PolicyBook {
  readonly #policies = new Map<string, EmulatedPolicy>();
  readonly #reported = new Map<string, readonly ReportedState[]>();

  all(list?: PolicyList): readonly EmulatedPolicy[] {
    return [...this.#policies.values()].filter((policy) => list === undefined || policy.list === list);
  }

  find(list: PolicyList, id: string): EmulatedPolicy | undefined {
    const policy = this.#policies.get(id.toLowerCase());
    return policy?.list === list ? policy : undefined;
  }

  /** One with an id of its own unless it has one; a known one is replaced. */
  put(policy: Omit<EmulatedPolicy, "id"> & { readonly id?: string }): EmulatedPolicy {
    const kept = { ...policy, id: (policy.id ?? randomUUID()).toLowerCase() };
    this.#policies.set(kept.id, kept);
    return kept;
  }

  remove(id: string): void {
    this.#policies.delete(id.toLowerCase());
  }

  /** From now on the device reports these and no others. */
  report(deviceId: string, states: readonly ReportedState[]): void {
    this.#reported.set(deviceId, states);
  }

  reportedBy(deviceId: string): readonly ReportedState[] {
    return this.#reported.get(deviceId) ?? [];
  }
}

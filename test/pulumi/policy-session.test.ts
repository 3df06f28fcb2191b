import { describe, expect, test } from "@jest/globals";
import { ConfigurationError, GraphReadError, HeldBackError } from "../../providers/domain/errors.ts";
import type { LockPolicies, SeenPolicy } from "../../providers/domain/lock-policy.ts";
import type { SendResult } from "../../providers/domain/ports.ts";
import type { PolicyOutputs } from "../../providers/pulumi/policy-state.ts";
import { outputsOf } from "../../providers/pulumi/provider/ensure-policy.ts";
import { PolicySession } from "../../providers/pulumi/provider/policy-session.ts";
import { POLICY_ID, policyOf, seenPolicy } from "../support/fakes-policies.ts";

const NOBODY = { include: [], exclude: [] };

interface Tenant {
  readonly seen?: SeenPolicy | null | Error;
  readonly brake?: string;
  readonly doubt?: string;
  readonly followOnly?: boolean;
  readonly world?: Error;
  readonly removal?: SendResult;
}

function session({ seen = seenPolicy(), brake, doubt, followOnly = false, world, removal }: Tenant) {
  const calls: string[] = [];
  const show = async () => {
    if (seen instanceof Error) throw seen;
    return seen;
  };
  const unasked = async () => {
    throw new Error("nobody asks for this");
  };
  const policies: LockPolicies = {
    create: unasked,
    change: unasked,
    assign: unasked,
    reportedBy: unasked,
    read: show,
    find: async () => [],
    remove: async () => {
      calls.push("remove");
      return { result: removal ?? { kind: "accepted", requestId: null }, id: null };
    },
  };
  const ports = { policies, ledger: { brake: async () => brake ?? null } };
  const guard = {
    checkWorld: async () => {
      if (world !== undefined) throw world;
    },
    doubt: async () => doubt ?? null,
  };
  return { calls, own: new PolicySession(ports, { followOnly }, guard) };
}

function state(changes: Partial<PolicyOutputs> = {}): PolicyOutputs {
  return { ...outputsOf(policyOf(), { id: POLICY_ID, seen: seenPolicy() }, { kind: "inPlace" }), ...changes };
}

describe("a refresh of a policy", () => {
  test.each<[string, SeenPolicy | null, object]>([
    ["is in place where nothing changed", seenPolicy(), { outcome: "inPlace", differences: [], id: POLICY_ID }],
    [
      "tells what somebody changed",
      seenPolicy({ groups: NOBODY }),
      { outcome: "held", message: "it was changed in Intune", id: POLICY_ID },
    ],
    ["tells that it is gone", null, { outcome: "held", message: expect.stringContaining("no more"), id: null }],
  ])("%s", async (_, seen, expected) => {
    expect(await session({ seen }).own.refresh(state())).toMatchObject(expected);
  });

  test("of what cannot be looked at leaves it as it was, and ends no refresh of others", async () => {
    expect(await session({ seen: new GraphReadError("403") }).own.refresh(state())).toEqual({
      ...state(),
      message: "the last refresh could not look at it: 403",
    });
  });

  test("in another world is refused before anything is looked at", async () => {
    const world = new ConfigurationError("another world");

    await expect(session({ world }).own.refresh(state())).rejects.toThrow("another world");
    await expect(session({ world }).own.forget(state())).rejects.toThrow("another world");
    await expect(session({ world }).own.ensure(policyOf(), null)).rejects.toThrow("another world");
  });
});

describe("a policy that is forgotten", () => {
  const left = seenPolicy({ groups: NOBODY });

  test.each<[string, Tenant, Partial<PolicyOutputs>, readonly string[]]>([
    ["that nobody has is deleted", { seen: left }, {}, ["remove"]],
    ["that somebody has stays", { seen: seenPolicy() }, {}, []],
    ["that is gone already stays so", { seen: null }, {}, []],
    ["that was adopted stays", { seen: left }, { policy: policyOf({ adopt: POLICY_ID }) }, []],
    ["that was never made needs no look", { seen: new Error("no look") }, { id: null }, []],
  ])("%s", async (_, tenant, changes, expected) => {
    const { own, calls } = session(tenant);

    await own.forget(state(changes));

    expect(calls).toEqual(expected);
  });

  test.each<[string, Tenant]>([
    ["the brake is set: stolen", { seen: left, brake: "stolen" }],
    ["followOnly is set", { seen: left, followOnly: true }],
    ["nobody knows the tenant", { seen: left, doubt: "nobody knows the tenant" }],
  ])("is kept in state while %s", async (why, tenant) => {
    const { own, calls } = session(tenant);

    await expect(own.forget(state())).rejects.toThrow(HeldBackError);
    await expect(own.forget(state())).rejects.toThrow(why);
    expect(calls).toEqual([]);
  });

  test("is kept in state where Graph does not delete it", async () => {
    const { own } = session({ seen: left, removal: { kind: "refused", status: 403, detail: "no rights", requestId: null } });

    await expect(own.forget(state())).rejects.toThrow(/did not delete the policy activation-lock .*: no rights/);
  });
});

import { describe, expect, test } from "@jest/globals";
import type { LockPolicies, PolicyWrite, SeenPolicy } from "../../providers/domain/lock-policy.ts";
import type { SendResult } from "../../providers/domain/ports.ts";
import { diff } from "../../providers/pulumi/policy-provider.ts";
import { ensurePolicy } from "../../providers/pulumi/provider/ensure-policy.ts";
import { acceptWord } from "../../providers/rules/lock-policy-rules.ts";
import { GROUP_A, GROUP_B, POLICY_ID, policyOf, seenPolicy, wanted } from "../support/fakes-policies.ts";

const ACCEPTED: SendResult = { kind: "accepted", requestId: null };
const NOBODY = { include: [], exclude: [] };

interface Fake extends LockPolicies {
  readonly calls: readonly string[];
}

/** Policies of a tenant that is shown late, or answers a write otherwise. */
function tenantWith(
  policies: SeenPolicy[],
  { answer, isShown = true }: { answer?: (call: string) => SendResult | undefined; isShown?: boolean } = {},
): Fake {
  const calls: string[] = [];
  const write = async (call: string, effect: () => SeenPolicy): Promise<PolicyWrite> => {
    calls.push(call);
    const result = answer?.(call) ?? ACCEPTED;
    if (result.kind !== "accepted") return { result, id: null };
    const changed = effect();
    policies.splice(0, policies.length, ...policies.filter(({ id }) => id !== changed.id), ...(isShown ? [changed] : []));
    return { result, id: changed.id };
  };
  return {
    calls,
    find: async (mark) => policies.filter(({ description }) => description.includes(mark)),
    read: async (id) => policies.find((policy) => policy.id === id) ?? null,
    create: (title, description, platform) =>
      write("create", () => seenPolicy({ title, description, platforms: [platform], groups: NOBODY })),
    change: (seen) => write("change", () => ({ ...seen, allowsLock: true, title: "activation-lock" })),
    assign: (seen, groups) => write("assign", () => ({ ...seen, groups })),
    remove: async () => ({ result: ACCEPTED, id: null }),
    reportedBy: async () => [],
  };
}

const free = async () => null;

describe("bringing a policy about", () => {
  test("makes it, assigns it and says that it is in place", async () => {
    const policies = tenantWith([]);

    const outputs = await ensurePolicy(policyOf(), null, { policies, heldBack: free });

    expect(policies.calls).toEqual(["create", "assign"]);
    expect(outputs).toMatchObject({ id: POLICY_ID, outcome: "inPlace", differences: [], seen: { groups: { include: [GROUP_A] } } });
  });

  test("mends settings before it lets groups in", async () => {
    const policies = tenantWith([seenPolicy({ allowsLock: false, groups: NOBODY })]);

    const outputs = await ensurePolicy(policyOf(), POLICY_ID, { policies, heldBack: free });

    expect(policies.calls).toEqual(["change", "assign"]);
    expect(outputs.outcome).toBe("inPlace");
  });

  test("makes no second one where what it made is not shown yet, and keeps its id", async () => {
    const policies = tenantWith([], { isShown: false });

    const outputs = await ensurePolicy(policyOf(), null, { policies, heldBack: free });

    expect(policies.calls).toEqual(["create"]);
    expect(outputs).toMatchObject({ id: POLICY_ID, outcome: "held", message: expect.stringContaining("does not show it yet") });
  });

  test("writes nothing a second time where the first is not shown yet", async () => {
    const policies = tenantWith([seenPolicy({ groups: { include: [GROUP_B], exclude: [] } })]);
    const stuck = { ...policies, assign: async (seen: SeenPolicy) => policies.assign(seen, seen.groups) };

    const outputs = await ensurePolicy(policyOf(), POLICY_ID, { policies: stuck, heldBack: free });

    expect(policies.calls).toEqual(["assign"]);
    expect(outputs).toMatchObject({ outcome: "held", differences: [`include: + ${GROUP_A}, - ${GROUP_B}`] });
  });

  test.each<[SendResult, string, string]>([
    [{ kind: "refused", status: 403, detail: "no", requestId: null }, "failed", "DeviceManagementConfiguration.ReadWrite.All"],
    [{ kind: "refused", status: 400, detail: "a setting is wrong", requestId: null }, "failed", "a setting is wrong"],
    [{ kind: "unknown", detail: "timeout", requestId: null }, "held", "nobody can tell whether Graph took it (timeout)"],
    [{ kind: "throttled", detail: "not sent: 429", requestId: null }, "held", "not sent: 429"],
    [{ kind: "approvalRequired", approvalRequest: "1", requestId: null }, "held", "the approval of another administrator"],
  ])("of %j is %s", async (result, outcome, message) => {
    const policies = tenantWith([], { answer: (call) => (call === "create" ? result : undefined) });

    const outputs = await ensurePolicy(policyOf(), null, { policies, heldBack: free });

    expect(outputs).toMatchObject({ outcome, message: expect.stringContaining(message), id: null });
    expect(policies.calls).toEqual(["create"]);
  });

  test("keeps what was made where assigning it fails", async () => {
    const policies = tenantWith([], {
      answer: (call) => (call === "assign" ? { kind: "refused", status: 400, detail: "no such group", requestId: null } : undefined),
    });

    expect(await ensurePolicy(policyOf(), null, { policies, heldBack: free })).toMatchObject({
      id: POLICY_ID,
      outcome: "failed",
      differences: [`include: + ${GROUP_A}`],
    });
  });

  test("asks before each write whether it may", async () => {
    const policies = tenantWith([]);
    const answers = [null, "the brake is set: stolen"];

    const outputs = await ensurePolicy(policyOf(), null, { policies, heldBack: async () => answers.shift() ?? null });

    expect(policies.calls).toEqual(["create"]);
    expect(outputs).toMatchObject({ id: POLICY_ID, outcome: "held", message: "the brake is set: stolen" });
  });

  test("does all that was accepted of an adopted one, and nothing where it was not", async () => {
    const old = seenPolicy({ form: "deviceRestrictions", title: "iPads", description: "", allowsLock: false });
    const inputs = policyOf({ title: null, adopt: POLICY_ID, groups: { include: [GROUP_B], exclude: [] } });
    const accept = acceptWord(wanted(inputs), old);
    const [held, agreed] = [tenantWith([old]), tenantWith([old])];

    const first = await ensurePolicy(inputs, null, { policies: held, heldBack: free });
    const second = await ensurePolicy({ ...inputs, accept }, null, { policies: agreed, heldBack: free });

    expect([first.outcome, held.calls]).toEqual(["held", []]);
    expect(first.message).toContain(`accept: ${accept}`);
    expect([second.outcome, agreed.calls]).toEqual(["inPlace", ["change", "assign"]]);
  });

  test("writes nothing where several have the mark", async () => {
    const policies = tenantWith([seenPolicy(), seenPolicy({ id: "5b1c2d3e-0000-4000-8000-000000000002" })]);

    await expect(ensurePolicy(policyOf(), null, { policies, heldBack: free })).rejects.toThrow(/several policies in Intune have the mark/);
    expect(policies.calls).toEqual([]);
  });
});

describe("the difference of a policy", () => {
  const state = async (changes = {}) => ({
    ...(await ensurePolicy(policyOf(), null, { policies: tenantWith([]), heldBack: free })),
    ...changes,
  });

  test("is none where it is in place as its file wants it", async () => {
    expect(diff("", await state(), policyOf())).toEqual({ changes: false, replaces: [] });
  });

  test.each<[string, object, object, readonly string[]]>([
    ["other groups", {}, { groups: NOBODY }, []],
    ["another name", {}, { title: "other" }, []],
    ["what is held", { outcome: "held" }, {}, []],
    ["what failed", { outcome: "failed" }, {}, []],
    ["another platform", {}, { platform: "macOS" }, ["platform"]],
    ["an adoption", {}, { adopt: POLICY_ID }, ["adopt"]],
    ["a state of nobody's", { policy: undefined }, {}, []],
  ])("is there for %s", async (_, stored, inputs, replaces) => {
    expect(diff("", await state(stored), { ...policyOf(), ...inputs })).toEqual({ changes: true, replaces });
  });
});

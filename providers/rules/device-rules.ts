import { ESCROW_STEP, findRemoteAction, type RemoteAction } from "../domain/actions/action-table.ts";
import {
  describeDevice,
  isSupervised,
  isSupervisedApple,
  type ManagedDevice,
  type Platform,
  platformOf,
} from "../domain/managed-device.ts";
import { type PlanStep, planDestroysData } from "../domain/plan.ts";
import { defineRule, type Finding, type RuleFacts } from "./rule.ts";
import { compareVersions } from "./versions.ts";

const ASKED = ["program", "step"] as const;

/** One thing that is to be sent to the device. */
interface Call {
  readonly action: RemoteAction;
  readonly step: PlanStep;
  readonly device: ManagedDevice;
  readonly platform: Platform | null;
}

function callsOf({ steps, device }: RuleFacts): readonly Call[] {
  if (device === null) return [];
  const platform = platformOf(device);
  return steps.flatMap((step) => {
    const action = findRemoteAction(step.action);
    return action === undefined ? [] : [{ action, step, device, platform }];
  });
}

function eachCall(facts: RuleFacts, judge: (call: Call) => Finding | null): readonly Finding[] {
  return callsOf(facts)
    .map(judge)
    .filter((finding) => finding !== null);
}

/** A plan must not stop half-way at an action that the cloud of the stack does not have. */
export const cloudRule = defineRule({
  id: "cloud",
  code: "DLR310",
  reason: "NotInThisCloud",
  outcome: "failed",
  asked: ASKED,
  key: "plan",
  when: "the cloud of the stack does not have an action",
  goOn: "leave the step out",
  judge: (facts) =>
    eachCall(facts, ({ action }) => {
      const { cloud } = facts.run;
      if (action.clouds === undefined || action.clouds.only.includes(cloud)) return null;
      return {
        message: `${action.name} does not exist in the cloud ${cloud}`,
        hint: `leave ${action.name} out; it exists in ${action.clouds.only.join(", ")} (${action.clouds.source})`,
      };
    }),
});

/**
 * A plan must not stop half-way at an action that the device cannot do, nor promise what a
 * parameter does not do there.
 */
export const platformRule = defineRule({
  id: "platform",
  code: "DLR303",
  reason: "PlatformNotSupported",
  outcome: "failed",
  asked: ASKED,
  key: "plan",
  when: "an action, or one of its parameters, does not exist for the operating system of the device",
  goOn: "leave the step or the parameter out",
  judge: (facts) => eachCall(facts, (call) => judgePlatform(call) ?? judgeParameters(call)),
});

function judgePlatform({ action, device, platform }: Call): Finding | null {
  if (platform !== null && action.platforms.includes(platform)) return null;
  return {
    message: `${action.name} does not exist for ${device.operatingSystem ?? "a device without an operating system"}: ${describeDevice(device)}`,
    hint: `${action.name} works on ${action.platforms.join(", ")} (${action.requirements})`,
  };
}

/**
 * A parameter without effect on this platform promises what will not happen: `keepUserData` keeps
 * nothing on an iPad.
 */
function judgeParameters({ action, step, platform }: Call): Finding | null {
  const idle = Object.keys(step.parameters).find(
    (key) => platform !== null && action.parameterPlatforms?.[key]?.includes(platform) === false,
  );
  if (idle === undefined) return null;
  return {
    message: `${idle} of ${action.name} has no effect on ${platform}`,
    hint: `remove ${idle}: it works on ${action.parameterPlatforms?.[idle]?.join(", ")} only (${action.requirements})`,
  };
}

/** A system that is too old cannot do the step, and the steps before it would be done by then. */
export const versionRule = defineRule({
  id: "version",
  code: "DLR304",
  reason: "SystemTooOld",
  outcome: "failed",
  asked: ASKED,
  key: "plan",
  when: "an action needs a later version of the operating system",
  goOn: "update the device first",
  judge: (facts) =>
    eachCall(facts, ({ action, device, platform }) => {
      const minimum = platform === null ? undefined : action.minimumOs?.[platform];
      if (minimum === undefined || compareVersions(device.osVersion ?? "0", minimum) >= 0) return null;
      const has = device.osVersion ?? "an unknown version";
      return {
        message: `${action.name} needs ${platform} ${minimum} or later; ${describeDevice(device)} has ${has}`,
        hint: `update the device first (${action.requirements})`,
      };
    }),
});

/** An unsupervised device cannot do it; supervision that Graph does not tell counts as there. */
export const supervisionRule = defineRule({
  id: "supervision",
  code: "DLR305",
  reason: "NotSupervised",
  outcome: "failed",
  asked: ASKED,
  key: "plan",
  when: "an action takes a supervised device, and this one is not",
  goOn: "leave the step out",
  judge: (facts) =>
    eachCall(facts, ({ action, device, platform }) => {
      if (platform === null || !action.supervisedOn.includes(platform) || isSupervised(device)) return null;
      return {
        message: `${action.name} needs a supervised device; ${describeDevice(device)} is not supervised`,
        hint: `leave ${action.name} out for this device (${action.requirements})`,
      };
    }),
});

/**
 * A wipe takes the bypass code out of Intune: without a copy, Activation Lock keeps the device for
 * good.
 */
export const escrowFirstRule = defineRule({
  id: "escrow-first",
  code: "DLR306",
  reason: "EscrowMissing",
  outcome: "failed",
  asked: ASKED,
  key: "plan",
  when: "a step destroys data on a supervised Apple device, and `escrowBypassCode` does not come before it",
  goOn: "put `escrowBypassCode` before it",
  judge: ({ plan, device }) => {
    if (device === null || !planDestroysData(plan) || !isSupervisedApple(device)) return null;
    const escrow = plan.steps.findIndex((step) => step.action === ESCROW_STEP);
    const destroying = plan.steps.findIndex((step) => findRemoteAction(step.action)?.destroysData);
    if (escrow !== -1 && escrow < destroying) return null;
    return {
      message: `${plan.steps[destroying]?.action} would destroy the Activation Lock bypass code of ${describeDevice(device)} before it is escrowed`,
      hint: `put ${ESCROW_STEP} before it`,
    };
  },
});

/** A wipe erases what is somebody's own, such as photos; `retire` removes what is the company's. */
export const ownerRule = defineRule({
  id: "owner",
  code: "DLR307",
  reason: "PersonalDevice",
  outcome: "failed",
  asked: ASKED,
  key: "acknowledge",
  when: "a wipe or delete of a device that the company does not own, or of unknown owner",
  goOn: "`retire`, or `personalDevice` in `acknowledge`",
  judge: ({ plan, device, request }) => {
    const erases = plan.steps.some((step) => findRemoteAction(step.action)?.erasesOwner);
    if (device === null || !erases || device.managedDeviceOwnerType === "company") return null;
    if (request.terms.acknowledge.includes("personalDevice")) return null;
    const owner = device.managedDeviceOwnerType ?? "not known";
    return {
      message: `${describeDevice(device)} does not belong to the company (managedDeviceOwnerType: ${owner})`,
      hint: "retire it instead, or add personalDevice to acknowledge",
    };
  },
});

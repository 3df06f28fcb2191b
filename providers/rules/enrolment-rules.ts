import { destroysData } from "../domain/actions/action-table.ts";
import { normalizeSerial } from "../domain/managed-device.ts";
import type { Observation } from "../domain/observation.ts";
import { defineRule } from "./rule.ts";

/**
 * Where the serial number of a device that left is enrolled now, as the end of a sentence; empty
 * where it is not.
 */
export function whereNow({ gone }: Pick<Observation, "gone">): string {
  if (gone?.kind !== "seen" || gone.value.elsewhere.length === 0) return "";
  return ` (its serial number is enrolled anew, under the id ${gone.value.elsewhere.join(", ")})`;
}

/** A device that was enrolled anew may be in other hands than those that the plan is for. */
export const enrolmentRule = defineRule({
  id: "enrolment",
  code: "DLR308",
  reason: "EnrolledAnew",
  outcome: "failed",
  asked: ["device"],
  key: "device",
  when: "the device was enrolled anew since the request was begun or previewed",
  goOn: "a new request, or the next `generation`",
  judge: ({ plan, device }) => {
    const [now, then] = [device?.enrolledDateTime ?? null, plan.device.enrolledDateTime];
    if (now === null || then === null || now === then) return null;
    return { message: `the device was enrolled anew (${now}, planned for ${then})`, hint: "nothing more was sent" };
  },
});

/**
 * Graph answers for some devices with most properties null: a missing time of enrolment is no proof
 * of a new one.
 */
export const enrolmentToldRule = defineRule({
  id: "enrolment-told",
  code: null,
  reason: "EnrolmentNotReadable",
  outcome: "pending",
  asked: ["device"],
  key: "device",
  when: "Graph does not tell when the device was enrolled, and did when the request was begun or previewed",
  goOn: "look at the device in Intune; the next `up` looks again",
  judge: ({ plan, device }) => {
    if (device === null || device.enrolledDateTime !== null || plan.device.enrolledDateTime === null) return null;
    return {
      message: `Graph does not tell when device ${device.id} was enrolled, so nobody can tell whether it is the enrolment of ${plan.device.enrolledDateTime}`,
      hint: "nothing was done; the next up looks again",
    };
  },
});

/**
 * A plan that is pinned to no enrolment would destroy the data of whichever the device has when it
 * is sent.
 */
export const enrolmentKnownRule = defineRule({
  id: "enrolment-known",
  code: null,
  reason: "EnrolmentUnknown",
  outcome: "pending",
  asked: ["step"],
  key: "generation",
  when: "a step is to destroy data, and Graph did not tell when the device was enrolled when the request was begun or previewed",
  goOn: "the next `up`, while nothing was done; after that, once Intune shows the time of enrolment, the next `generation`",
  judge: ({ plan, steps, device, isBegun }) => {
    if (device === null || plan.device.enrolledDateTime !== null) return null;
    const destroying = steps.find(({ action }) => destroysData(action));
    if (destroying === undefined) return null;
    return {
      message: `${destroying.action} is for one enrolment of the device, and Graph did not tell which one that is`,
      hint: isBegun
        ? "nothing was sent; once Intune shows when the device was enrolled, write the next generation"
        : "nothing was done; the next up looks again",
    };
  },
});

/** The serial number was reviewed: an id that leads to another one leads to another device. */
export const sameSerialRule = defineRule({
  id: "same-serial-number",
  code: null,
  reason: "AnotherDevice",
  outcome: "failed",
  asked: ["device"],
  key: "device",
  when: "Graph gives another serial number for the device's id than the one that was planned for",
  goOn: "look at the device in Intune, and write a new request for the right one",
  judge: ({ plan, device }) => {
    const [now, then] = [device?.serialNumber ?? null, plan.device.serialNumber];
    if (now === null || then === null || normalizeSerial(now) === normalizeSerial(then)) return null;
    return { message: `device ${plan.device.id} has serial number ${now} now, and ${then} was planned for`, hint: "nothing more was sent" };
  },
});

/** A device that left cannot be reached any more: the request ends instead of waiting for it. */
export const presenceRule = defineRule({
  id: "presence",
  code: null,
  reason: "DeviceGone",
  outcome: "failed",
  asked: ["step"],
  key: "device",
  when: "the device left Intune before the next step: Graph said twice, some time apart, that it does not know it, and no list has it",
  goOn: "nothing is left to do; a device that comes back needs a new request",
  judge: ({ device, plan, steps, seen }) => {
    if (device !== null || seen.gone?.kind !== "seen") return null;
    const [next] = steps;
    return {
      message: `device ${plan.device.id} left Intune before ${next?.action ?? "the next step"}${whereNow(seen)}`,
      hint: "nothing was sent for this step",
    };
  },
});

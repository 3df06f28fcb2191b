import { normalizeSerial } from "../domain/managed-device.ts";
import { defineRule } from "./rule.ts";

/** What is seen of one enrolment says nothing of another. */
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
    if (device === null || device.enrolledDateTime === plan.device.enrolledDateTime) return null;
    const [now, then] = [device.enrolledDateTime ?? "unknown", plan.device.enrolledDateTime ?? "unknown"];
    return { message: `the device was enrolled anew (${now}, planned for ${then})`, hint: "nothing more was sent" };
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

export const presenceRule = defineRule({
  id: "presence",
  code: null,
  reason: "DeviceGone",
  outcome: "failed",
  asked: ["step"],
  key: "device",
  when: "the device left Intune before the next step",
  goOn: "nothing is left to do; a device that comes back needs a new request",
  judge: ({ device, plan, steps }) => {
    if (device !== null) return null;
    const [next] = steps;
    return {
      message: `device ${plan.device.id} left Intune before ${next?.action ?? "the next step"}`,
      hint: "nothing was sent for this step",
    };
  },
});

import { destroysData } from "../../providers/domain/actions/action-table.ts";
import { describeDevice } from "../../providers/domain/managed-device.ts";
import { defineRule } from "../../providers/rules/rule.ts";

const LATELY_MS = 30 * 24 * 60 * 60 * 1000;

/** What nobody has switched on for a month may be in a drawer, or sold: a person looks first. */
export const seenLatelyRule = defineRule({
  id: "seen-lately",
  code: null,
  reason: "NotSeenLately",
  outcome: "pending",
  asked: ["step"],
  key: "device",
  when: "a device did not talk to Intune for 30 days, and a step that destroys data is next",
  goOn: "switch the device on, or delete the request",
  judge: ({ steps: [next], device, now }) => {
    if (device === null || next === undefined || !destroysData(next.action)) return null;
    const last = Date.parse(device.lastSyncDateTime ?? "");
    if (Number.isNaN(last) || now - last < LATELY_MS) return null;
    return {
      message: `${describeDevice(device)} did not talk to Intune since ${device.lastSyncDateTime}`,
      hint: "switch it on, or delete the request",
    };
  },
});

import { findRemoteAction } from "../domain/actions/action-table.ts";
import { describeDevice } from "../domain/managed-device.ts";
import { requestNameOf } from "../domain/request.ts";
import { secretOf } from "../domain/secret-kinds.ts";
import { dlrCommand } from "../support/dlr-command.ts";
import { defineRule, type RuleFacts } from "./rule.ts";

const sendsToDevice = ({ steps: [step] }: RuleFacts): boolean => step !== undefined && findRemoteAction(step.action) !== undefined;

/**
 * The PIN of a locked Mac is shown until another action is sent to it: nobody of this ledger sends
 * one before the PIN is in escrow.
 */
export const secretOnItsWayRule = defineRule({
  id: "secret-on-its-way",
  code: null,
  reason: "SecretOnItsWay",
  outcome: "pending",
  asked: ["send", "ledger"],
  key: "plan",
  when: "another request, or generation, locked the Mac or reset the passcode of the Android, or may have, and the PIN or passcode is not in escrow yet: another action could take it away",
  goOn: "run `up` until it is in escrow, or settle that step",
  source: "https://learn.microsoft.com/intune/device-management/actions/remote-lock",
  applies: sendsToDevice,
  needs: ["ledger"],
  judge: ({ device, plan, run }, { ledger }) => {
    const secret = ledger.value.secretOnItsWay;
    if (secret === null) return null;
    const name = requestNameOf(secret.key);
    const generation = secret.key.slice(name.length + 1);
    const place = device === null ? `device ${plan.device.id}` : describeDevice(device);
    return {
      message: `${secret.action} of request ${name}, generation ${generation} (${secret.at}) makes a ${secretOf(secret.kind).word} on ${place} that is not in escrow yet, and another action could take it away`,
      hint: `nothing was sent; run up until that request has it, or settle it: ${dlrCommand("settle", run.stack, [name, "--generation", generation])} --taken (or --not-taken) --why TEXT`,
    };
  },
});

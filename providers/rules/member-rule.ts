import { destroysData, isRepeatable } from "../domain/actions/action-table.ts";
import { describeDevice } from "../domain/managed-device.ts";
import { isRepeated, listName, requestNameOf } from "../domain/request.ts";
import { defineRule } from "./rule.ts";

/**
 * A member of a list is named by what its row says: the same list with other columns is of other
 * names, for which nothing was ever sent. Asked under the device's lock, so that two members for
 * one device never both send.
 */
export const memberRule = defineRule({
  id: "other-member",
  code: "DLR409",
  reason: "SentForOtherMember",
  outcome: "failed",
  asked: ["program", "send", "takeOver", "ledger"],
  key: "device",
  when: "another member of the same list and generation, such as the row with the serial number instead of the id, already sent a step that is not safe to repeat to the device, or was about to",
  goOn: "the rows as they were; the next `generation` repeats the list on purpose",
  applies: ({ steps }) => steps.some(isOnce),
  needs: ["ledger"],
  judge: ({ request, plan, steps, device }, { ledger }) => {
    const once = new Set(steps.filter(isOnce).map(({ action }) => action));
    const found = ledger.value.sentForList.find(({ key, action }) => once.has(action) && !isRepeated(request.repeats, requestNameOf(key)));
    if (found === undefined) return null;
    const other = requestNameOf(found.key);
    const generation = Number(plan.key.slice(plan.key.lastIndexOf("#") + 1));
    const what = device === null ? `device ${plan.device.id}` : describeDevice(device);
    return {
      message: `${found.action} was already sent to ${what} for ${other}, another member of the list ${listName(request.name)} (${found.at})`,
      hint: `nothing was sent; write the row so that it is ${other} again, or generation: ${generation + 1} to repeat the list on purpose`,
    };
  },
});

/** What must not come twice to one device of a list; what destroys data has rules of its own. */
export function isOnce({ action }: { readonly action: string }): boolean {
  return !isRepeatable(action) && !destroysData(action);
}

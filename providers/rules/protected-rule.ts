import { destroysData } from "../domain/actions/action-table.ts";
import { describeDevice } from "../domain/managed-device.ts";
import { PROJECT } from "../domain/project.ts";
import { matchesGlob } from "./glob.ts";
import { defineRule } from "./rule.ts";

/** Devices of a board or of an operations room are named once, and no request can wipe them. */
export const protectedRule = defineRule({
  id: "protected",
  code: "DLR405",
  reason: "Protected",
  outcome: "failed",
  asked: ["program", "begun", "step"],
  key: "device",
  when: "`protected` matches the user, the name or the category of the device, and a step that destroys data was not sent yet",
  goOn: "delete the request, or change `protected` in a pull request of its own",
  judge: ({ steps, device, run }) => {
    if (device === null || !steps.some(({ action }) => destroysData(action))) return null;
    const names = [device.userPrincipalName, device.deviceName, device.deviceCategoryDisplayName].filter((name) => name !== null);
    const glob = run.protected.find((candidate) => names.some((name) => matchesGlob(candidate, name)));
    if (glob === undefined) return null;
    return {
      message: `${describeDevice(device)} is protected by "${glob}": no step that destroys data may touch it`,
      hint: `remove the request, or change ${PROJECT}:protected in a pull request of its own`,
    };
  },
});

import { expect, test } from "@jest/globals";
import { compilePlan } from "../../providers/request/compile-plan.ts";
import { loadText } from "./marked-files.ts";

test("a plan holds what will be sent and nothing that may be reworded", async () => {
  const { requests } = await loadText(`requests:
  - name: a
    generation: 3
    device: { serialNumber: S1, user: u@x.y }
    playbook: unlock
    reason: r
    acknowledge: [physicalPossession]
`);
  const request = requests[0];
  const device = { id: "d1", serialNumber: "S1", enrolledDateTime: "2026-01-01T00:00:00Z", osVersion: "18.0" };

  const plan = request && compilePlan(request, device);

  expect(plan).toEqual({
    key: "a#3",
    playbook: "unlock",
    device: { id: "d1", serialNumber: "S1", enrolledDateTime: "2026-01-01T00:00:00Z" },
    path: { kind: "user", user: "u@x.y" },
    steps: [
      { index: 0, action: "escrowBypassCode", parameters: {} },
      { index: 1, action: "bypassActivationLock", parameters: {} },
      { index: 2, action: "waitFor", parameters: { state: "done" } },
    ],
  });
});

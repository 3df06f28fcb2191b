import { describe, expect, test } from "@jest/globals";
import { destroysData, ESCROW_STEP, STEP_NAMES } from "../../providers/domain/actions/action-table.ts";
import { BUILT_IN_PLAYBOOKS } from "../../providers/request/built-in-playbooks.ts";
import { findStepProblems } from "../../providers/request/checks/check-steps.ts";

test("the built-in playbooks are the documented ones", () => {
  const names = BUILT_IN_PLAYBOOKS.map((playbook) => playbook.name);

  expect(names).toEqual(["escrow-bypass-code", "reset-passcode", "retire", "unlock", "unlock-and-wipe"]);
});

describe.each(BUILT_IN_PLAYBOOKS)("the playbook $name", ({ steps, destroysData: declared }) => {
  const actions = steps.map((step) => step.action);

  test("keeps the rules of every playbook", () => {
    expect(findStepProblems(steps)).toEqual([]);
    expect(actions.filter((action) => !STEP_NAMES.includes(action))).toEqual([]);
    expect(declared).toBe(actions.some(destroysData));
  });

  test("escrows the code before it destroys data or takes the lock off", () => {
    const risky = actions.findIndex((action) => destroysData(action) || action === "bypassActivationLock");

    expect(risky === -1 || actions.indexOf(ESCROW_STEP) === 0).toBe(true);
  });
});

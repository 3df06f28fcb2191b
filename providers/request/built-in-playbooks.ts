import { ESCROW_STEP, WAIT_STEP } from "../domain/actions/action-table.ts";
import type { Playbook, StepSpec } from "../domain/request.ts";

const step = (action: string): StepSpec => ({ action, parameters: {} });
const escrow = step(ESCROW_STEP);
const done: StepSpec = { action: WAIT_STEP, parameters: { state: "done" } };

/**
 * Playbooks that are always there, by name. Whatever destroys data or takes the lock off escrows
 * the code first: on a device that cannot have an Activation Lock the engine passes that step over.
 * Removing a passcode loses no code and so asks for none.
 */
export const BUILT_IN_PLAYBOOKS: readonly Playbook[] = [
  {
    name: "escrow-bypass-code",
    description: "Copy the Activation Lock bypass code into escrow",
    steps: [escrow],
    destroysData: false,
  },
  {
    name: "reset-passcode",
    description: "Remove or reset the passcode",
    steps: [step("resetPasscode")],
    destroysData: false,
  },
  {
    name: "retire",
    description: "Escrow the bypass code, then remove company data and management",
    steps: [escrow, step("retire")],
    destroysData: true,
  },
  {
    name: "unlock",
    description: "Escrow the bypass code, take the Activation Lock off and wait until it is off",
    steps: [escrow, step("bypassActivationLock"), done],
    destroysData: false,
  },
  {
    // The guard of the wipe is the escrow, not the bypass: its result may take days and is not
    // waited for.
    name: "unlock-and-wipe",
    description: "Escrow the bypass code, take the Activation Lock off, erase the device",
    steps: [escrow, step("bypassActivationLock"), step("wipe")],
    destroysData: true,
  },
];

import { REMOTE_ACTIONS } from "../../providers/domain/actions/action-table.ts";
import { action } from "../graph/graph-fixture.ts";
import { MAC } from "../support/fakes-devices.ts";
import { guardsCode, subject } from "./subject.ts";

/** The wipe of a Mac carries a PIN. */
export const DESTRUCTIVE = [
  ...REMOTE_ACTIONS.filter(({ destroysData }) => destroysData).map((one) => subject(one)),
  subject(action("wipe"), MAC),
];

/** Something is sent between the escrow and the action, so that the code is read a second time. */
export const GUARDING = DESTRUCTIVE.filter(guardsCode).map((one) => subject(one.action, one.device, ["bypassActivationLock"]));

export const REPEATABLE = REMOTE_ACTIONS.filter(({ repeatable }) => repeatable).map((one) => subject(one));

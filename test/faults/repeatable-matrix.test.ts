import { REMOTE_ACTIONS } from "../../providers/domain/action-table.ts";
import { describeMatrix } from "./matrix.ts";
import { subject } from "./subject.ts";

/** One that the device reports, and one that nobody does. */
const FEW = ["bypassActivationLock", "syncDevice"];

describeMatrix(
  REMOTE_ACTIONS.filter(({ repeatable }) => repeatable).map((one) => subject(one)),
  ({ action }) => FEW.includes(action.name),
);

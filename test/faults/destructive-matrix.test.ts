import { describe } from "@jest/globals";
import { REMOTE_ACTIONS } from "../../providers/domain/action-table.ts";
import { action } from "../graph/graph-fixture.ts";
import { MAC } from "../support/fakes-devices.ts";
import { CODE_CASES } from "./code-cases.ts";
import { describeMatrix, describeRows } from "./matrix.ts";
import { guardsCode, type Subject, subject } from "./subject.ts";

/** The wipe of a Mac carries a PIN. */
const SUBJECTS = [...REMOTE_ACTIONS.filter(({ destroysData }) => destroysData).map((one) => subject(one)), subject(action("wipe"), MAC)];

describeMatrix(SUBJECTS, () => true);

/** Something is sent between the escrow and the action, so that the code is read a second time. */
const GUARDING = SUBJECTS.filter(guardsCode).map((one) => subject(one.action, one.device, ["bypassActivationLock"]));

describe.each(GUARDING.map((one): [string, Subject] => [one.name, one]))("%s and its bypass code", (_name, who) => {
  describeRows(who, CODE_CASES);
});

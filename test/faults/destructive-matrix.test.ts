import { describe } from "@jest/globals";
import { CODE_CASES } from "./code-cases.ts";
import { describeMatrix, describeRows, everySubject } from "./matrix.ts";
import type { Subject } from "./subject.ts";
import { DESTRUCTIVE, GUARDING } from "./subjects.ts";

describeMatrix(DESTRUCTIVE, everySubject);

describe.each(GUARDING.map((one): [string, Subject] => [one.name, one]))("%s and its bypass code", (_name, who) => {
  describeRows(who, CODE_CASES);
});

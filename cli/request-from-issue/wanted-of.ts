import { normalizeSerial } from "../../providers/domain/managed-device.ts";
import { quoted } from "../../providers/support/words.ts";
import type { Field, Mistake, Wanted, Words } from "../adopt/wanted.ts";
import { type IssueForm, type Question, wordOf } from "./issue-form.ts";
import type { Answers } from "./read-answers.ts";

/** Of one issue; more devices are a list that somebody adopts. */
const MOST_DEVICES = 50;

/** What an issue wants; texts as they are, for the loader to judge. */
export interface ReadWanted {
  readonly wanted: Wanted;
  readonly mistakes: readonly Mistake[];
}

/** The name of an issue's request, and of its file. */
function nameOfIssue(number: number): string {
  return `issue-${number}`;
}

/**
 * `ticket` is the issue itself, so that it is told how the request ends; the ticket that somebody
 * named stands behind the reason.
 */
export function wantedOf(number: number, form: IssueForm, answers: Answers): ReadWanted {
  const said = (field: Field) => answers.get(field);
  const question = (field: Field) => form.find((one) => one.field === field);
  const serials = [...new Map(serialsOf(said("devices") ?? "").map((serial) => [normalizeSerial(serial), serial])).values()];
  const ticket = said("ticket");
  const { playbook, mistakes: ofPlaybook } = playbookOf(said("playbook"), question("playbook"));
  const { ticked, mistakes: ofTicks } = ticksOf(said("acknowledge"), question("acknowledge"));
  return {
    wanted: {
      name: nameOfIssue(number),
      devices: { kind: "named", key: "serialNumber", names: serials },
      playbook,
      reason: `${said("reason") ?? ""}${ticket === undefined ? "" : ` (${ticket})`}`,
      ticket: `#${number}`,
      expires: said("expires"),
      acknowledge: ticked.length === 0 ? undefined : ticked,
    },
    mistakes: [
      ...form.filter(({ field, isRequired }) => isRequired && said(field) === undefined).map(explainMissing),
      ...checkSerials(serials, question("devices")?.label ?? ""),
      ...ofPlaybook,
      ...ofTicks,
    ],
  };
}

function serialsOf(text: string): readonly string[] {
  return text
    .split(/[\n,;]/)
    .map((part) => part.trim())
    .filter((part) => part !== "");
}

function explainMissing({ label }: Question): Mistake {
  return { where: label, message: "there is no answer", hint: "answer it" };
}

/** Two serial numbers on one line would be read as one with a space in it. */
function checkSerials(serials: readonly string[], where: string): readonly Mistake[] {
  if (serials.length > MOST_DEVICES) {
    const hint = "have a list adopted instead: dlr adopt LIST.csv";
    return [{ where, message: `there are ${serials.length} serial numbers, and a form has ${MOST_DEVICES} at most`, hint }];
  }
  const spaced = serials.filter((serial) => /\s/.test(serial));
  return spaced.map((serial) => ({
    where,
    message: `${quoted(serial)} has a space in it`,
    hint: "write one serial number a line, without spaces",
  }));
}

function playbookOf(said: string | undefined, question: Question | undefined): { playbook: string; mistakes: readonly Mistake[] } {
  if (said === undefined || question === undefined) return { playbook: "", mistakes: [] };
  if (question.options.includes(said)) return { playbook: wordOf(said), mistakes: [] };
  const message = `${quoted(said)} is not one of the form's choices`;
  return {
    playbook: "",
    mistakes: [
      { where: question.label, message, hint: `write one of them: ${question.options.map(wordOf).join(", ")}, each with its text` },
    ],
  };
}

/** One box a line, each as the form has it: what is ticked must be what somebody saw. */
function ticksOf(said: string | undefined, question: Question | undefined): { ticked: readonly string[]; mistakes: readonly Mistake[] } {
  if (said === undefined || question === undefined) return { ticked: [], mistakes: [] };
  const boxes = said.split("\n").map((line) => /^- \[([ xX])\] (.+)$/.exec(line.trimEnd()));
  const isForm = boxes.length === question.options.length && boxes.every((box, index) => box?.[2] === question.options[index]);
  if (isForm) return { ticked: boxes.flatMap((box) => (box?.[1] === " " ? [] : [wordOf(box?.[2] ?? "")])), mistakes: [] };
  const hint = "open a new issue with the form: it has a box for each";
  return { ticked: [], mistakes: [{ where: question.label, message: "the boxes are not those of the form", hint }] };
}

/** The form's own labels, as its mistakes name them. */
export function wordsOf(form: IssueForm): Words {
  return {
    label: (field) => form.find((question) => question.field === field)?.label ?? "",
    write(field, ...values) {
      if (field === "name") return "open another issue";
      return field === "acknowledge" ? `tick ${values.join(", ")}` : `write ${values[0] ?? ""}`;
    },
  };
}

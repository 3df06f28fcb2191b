import { destroysData, ESCROW_STEP, findRemoteAction, WAIT_STEP } from "../../domain/actions/action-table.ts";
import type { Diagnostic } from "../../domain/diagnostic.ts";
import type { DiagnosticCode } from "../../domain/diagnostic-codes.ts";
import type { JsonObject } from "../../domain/json.ts";
import type { StepSpec } from "../../domain/request.ts";
import { listed } from "../../support/words.ts";
import type { SourceFile } from "../files/source-file.ts";
import { itemsOf, type YamlNode } from "../yaml/yaml-node.ts";

/** `index` is the step's place in the list, from 0. */
export interface StepProblem {
  readonly code: DiagnosticCode;
  readonly index: number;
  readonly message: string;
  readonly hint: string;
}

/** What is wrong with an order of steps, whatever the device. */
export function findStepProblems(steps: readonly StepSpec[]): readonly StepProblem[] {
  const problems: StepProblem[] = [];
  const destroyedBy = new Set<string>();
  let waitable = false;
  for (const [index, { action, parameters }] of steps.entries()) {
    const contradiction = contradictionOf(action, parameters);
    if (contradiction !== null) problems.push({ code: "DLR021", index, ...contradiction });
    const waits = action === WAIT_STEP;
    if (waits && !waitable) problems.push(nothingToWaitFor(index));
    if (action === ESCROW_STEP && destroyedBy.size > 0) problems.push(escrowTooLate(index, [...destroyedBy]));
    if (destroyedBy.has(action)) problems.push(destroyedTwice(index, action));
    if (destroysData(action)) destroyedBy.add(action);
    waitable = !waits && (waitable || findRemoteAction(action) !== undefined);
  }
  return problems;
}

/** Mistakes of the order of steps, which the schema cannot see; each points at its step. */
export function checkSteps(file: SourceFile, list: YamlNode | undefined, steps: readonly StepSpec[]): readonly Diagnostic[] {
  const items = itemsOf(list);
  return findStepProblems(steps).map(({ code, index, message, hint }) => file.mistake(code, items[index]?.offset ?? 0, message, hint));
}

function nothingToWaitFor(index: number): StepProblem {
  return {
    code: "DLR208",
    index,
    message: "there is nothing to wait for here",
    hint: "put waitFor right after the step whose result is awaited",
  };
}

function escrowTooLate(index: number, destroyers: readonly string[]): StepProblem {
  const message = `${ESCROW_STEP} comes after ${destroyers.join(" and ")}: by then the code is gone`;
  return { code: "DLR201", index, message, hint: `move ${ESCROW_STEP} to the front` };
}

function destroyedTwice(index: number, action: string): StepProblem {
  return { code: "DLR209", index, message: `${action} stands here a second time`, hint: "delete it: one request destroys data once" };
}

/**
 * A protected wipe tries again until nothing is left. Source:
 * https://learn.microsoft.com/intune/device-management/actions/wipe
 */
function contradictionOf(action: string, parameters: JsonObject): Pick<StepProblem, "message" | "hint"> | null {
  const keeps = ["keepUserData", "keepEnrollmentData"].filter((name) => parameters[name] === true);
  if (action !== "wipe" || parameters.useProtectedWipe !== true || keeps.length === 0) return null;
  const message = `useProtectedWipe deletes what ${listed(keeps, "and")} ${keeps.length === 1 ? "keeps" : "keep"}`;
  return { message, hint: "decide for one of the two and delete the other" };
}

import { destroysData } from "../../providers/domain/actions/action-table.ts";
import { printable } from "../../providers/domain/diagnostic.ts";
import { type DoubtfulMember, isOneQuestion } from "./doubtful-members.ts";
import { deviceOf } from "./find-doubt.ts";
import { renderEvidence } from "./render-evidence.ts";
import { renderChoices, type Settling } from "./settling.ts";

/** Of so many devices the evidence is shown at once. */
const MOST_EVIDENCE = 10;

/**
 * The evidence of each device with the commands that settle it, then those that settle them all.
 */
export function renderMembers(list: string, doubtful: readonly DoubtfulMember[], settling: Settling): readonly string[] {
  return [
    ...doubtful.slice(0, MOST_EVIDENCE).flatMap((member) => renderMember(member, settling)),
    ...renderRest(doubtful.slice(MOST_EVIDENCE), settling),
    ...renderAll(list, doubtful, settling),
  ];
}

/** A line for each device: what a decision about the list is about. */
export function renderNames(doubtful: readonly DoubtfulMember[]): readonly string[] {
  return doubtful.map(({ request, doubt }) => {
    const { serialNumber, id } = deviceOf(doubt);
    const destroys = destroysData(doubt.step.action) ? ", DESTROYS DATA" : "";
    return printable(`  ${request.key}: ${doubt.step.action}${destroys}, ${serialNumber === null ? `id ${id}` : `serial ${serialNumber}`}`);
  });
}

function renderMember({ request, doubt }: DoubtfulMember, settling: Settling): readonly string[] {
  return [renderEvidence(request.key, doubt, request.records), "  to settle it, one of", ...renderChoices(request.name, settling)];
}

function renderRest(rest: readonly DoubtfulMember[], { command, generation }: Settling): readonly string[] {
  if (rest.length === 0) return [];
  const which = generation === null ? [] : ["--generation", String(generation)];
  const commands = rest.map(({ request }) => printable(`    ${command("settle", request.name, ...which)}`));
  return [`and ${rest.length} more in doubt; their evidence:`, ...commands];
}

function renderAll(list: string, doubtful: readonly DoubtfulMember[], settling: Settling): readonly string[] {
  if (doubtful.length === 1 || !isOneQuestion(doubtful)) return [];
  return [`to settle all ${doubtful.length} with one decision, once you have looked at each`, ...renderChoices(list, settling)];
}

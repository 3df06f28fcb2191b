import { destroysData } from "../domain/action-table.ts";
import type { Diagnostic } from "../domain/diagnostic.ts";
import { type BegunRecord, begunRecord, type DestructiveRecord } from "../domain/ledger-record.ts";
import { type ManagedDevice, normalizeSerial } from "../domain/managed-device.ts";
import { identitiesOf, planDestroysData, planDifferences } from "../domain/plan.ts";
import { type DeviceSelector, isRepeated, type LifecycleRequest, listName, requestKey, requestNameOf } from "../domain/request.ts";
import { checkDevice, describe } from "../engine/check-device.ts";
import { compilePlan } from "../request/compile-plan.ts";
import { checkCounts } from "./count-rules.ts";
import { matchesGlob } from "./glob.ts";
import type { LedgerView } from "./ledger-view.ts";
import { refusal } from "./refusal.ts";
import { PROJECT, type Settings } from "./settings.ts";
import { stepsToSend } from "./steps-to-send.ts";
import type { Findings, Matches, Surveyed } from "./surveyed.ts";

/** Every rule that needs the device, the ledger or all requests together; pure. */
export function checkEverything(findings: Findings): readonly Diagnostic[] {
  return [
    ...checkMatches(findings.matches),
    ...findings.surveyed.flatMap((entry) => [...checkFrozenPlan(entry), ...checkFresh(entry, findings)]),
    ...checkSameDevice(findings.surveyed),
    ...checkCounts(findings),
  ];
}

const SHOWN = 10;

function checkMatches(matches: Matches): Diagnostic[] {
  return [...matches].flatMap(([request, found]) => {
    if (found.length === 1) return [];
    const asked = describeSelector(request.device);
    if (found.length === 0)
      return [
        refusal(
          request,
          "device",
          "DLR301",
          `no device in Intune has ${asked}`,
          "check the spelling, and that the device is still enrolled",
        ),
      ];
    const list = found.slice(0, SHOWN).map(describe).join("; ");
    const more = found.length > SHOWN ? `; and ${found.length - SHOWN} more` : "";
    return [
      refusal(
        request,
        "device",
        "DLR302",
        `${found.length} devices have ${asked}: ${list}${more}`,
        `name the one device by its id: device: { id: ${found[0]?.id} }`,
      ),
    ];
  });
}

function describeSelector(selector: DeviceSelector): string {
  return Object.entries(selector)
    .map(([key, value]) => (typeof value === "string" ? `${key} ${value}` : `${key} ${value.script}/${value.runState}`))
    .join(" and ");
}

/** What was begun goes on as it was reviewed then: an edit in between is refused, not followed and not ignored. */
function checkFrozenPlan({ request, plan, records }: Surveyed): Diagnostic[] {
  const begun = begunRecord(records);
  if (begun === undefined) return [];
  const differences = [...planDifferences(plan, compilePlan(request, plan.device)), ...selectorDifference(request.device, begun)];
  if (differences.length === 0) return [];
  const message = `request ${request.name} was begun with another plan, and a begun plan never changes: ${differences.join("; ")}`;
  return [
    refusal(
      request,
      "generation",
      "DLR401",
      message,
      `undo the edit, or write generation: ${request.generation + 1} to do the request again in its new form`,
    ),
  ];
}

/** Against the device as it was then: its user may have renamed it since. */
function selectorDifference(selector: DeviceSelector, { plan, device }: BegunRecord): string[] {
  const { id, serialNumber, deviceName } = selector;
  const differs =
    (id !== undefined && id.toLowerCase() !== plan.device.id.toLowerCase()) ||
    (serialNumber !== undefined && normalizeSerial(serialNumber) !== normalizeSerial(plan.device.serialNumber ?? "")) ||
    (deviceName !== undefined && deviceName.toLowerCase() !== (device.deviceName ?? "").toLowerCase());
  return differs ? [`device: ${plan.device.serialNumber ?? plan.device.id} → ${describeSelector(selector)}`] : [];
}

/** Rules for requests that were not begun; the engine checks begun ones again, step by step, except for what only the settings know. */
function checkFresh(entry: Surveyed, { view, settings }: Findings): Diagnostic[] {
  const { request, plan, device } = entry;
  if (device === undefined || device === null) return [];
  const destroysYet = mayStillDestroy(entry);
  if (entry.isBegun) return destroysYet ? checkProtected(request, device, settings) : [];
  const violations = checkDevice(plan, plan.steps, request.acknowledge, device, settings.cloud).map(({ code, message, hint }) =>
    refusal(request, code === "DLR307" ? "acknowledge" : request.playbook === null ? "steps" : "playbook", code, message, hint),
  );
  if (!planDestroysData(plan)) return violations;
  return [...violations, ...checkRepetition(entry, device, view), ...checkProtected(request, device, settings)];
}

function mayStillDestroy(entry: Surveyed): boolean {
  return stepsToSend(entry).some((step) => destroysData(step.action));
}

function checkRepetition({ request }: Surveyed, device: ManagedDevice, view: LedgerView): Diagnostic[] {
  const last = view.facts.destructiveIntents(device).at(-1);
  if (last === undefined) {
    if (request.repeats === null) return [];
    const message = `repeats: ${request.repeats} names no request that destroyed data on ${describe(device)}`;
    return [refusal(request, "repeats", "DLR403", message, "remove repeats")];
  }
  const other = requestNameOf(last.key);
  if (other === request.name || isRepeated(request.repeats, other)) return checkUnfinished(request, device, last, view);
  const message = `request ${other} already destroyed data on ${describe(device)} (${last.action}, ${last.at})`;
  return [refusal(request, "repeats", "DLR402", message, `if it shall be done again, write repeats: ${listName(other)}`)];
}

/** What may still take effect must not be done again: the older request has to end first. */
function checkUnfinished(request: LifecycleRequest, device: ManagedDevice, last: DestructiveRecord, view: LedgerView): Diagnostic[] {
  if (last.key === requestKey(request) || !view.isUnsettled(last.key)) return [];
  const name = requestNameOf(last.key);
  const generation = last.key.slice(name.length + 1);
  const message = `request ${name}, generation ${generation}, is not finished with ${describe(device)}: its ${last.action} may still take effect`;
  return [refusal(request, "generation", "DLR406", message, `run up until it has ended, or settle it: npm run settle -- ${name}`)];
}

function checkProtected(request: LifecycleRequest, device: ManagedDevice, settings: Settings): Diagnostic[] {
  const names = [device.userPrincipalName, device.deviceName, device.deviceCategoryDisplayName].filter((name) => name !== null);
  const glob = settings.protected.find((candidate) => names.some((name) => matchesGlob(candidate, name)));
  if (glob === undefined) return [];
  const message = `${describe(device)} is protected by "${glob}": no step that destroys data may touch it`;
  return [refusal(request, "device", "DLR405", message, `remove the request, or change ${PROJECT}:protected in a pull request of its own`)];
}

/** The loader sees equal selectors; only here one request by serial and another by id turn out to mean one device, which Intune may know twice. */
function checkSameDevice(surveyed: readonly Surveyed[]): Diagnostic[] {
  const first = new Map<string, LifecycleRequest>();
  return surveyed.flatMap(({ request, plan, isEnded }) => {
    if (isEnded || !planDestroysData(plan)) return [];
    const names = identitiesOf(plan.device);
    const earlier = names.map((name) => first.get(name)).find((found) => found !== undefined);
    for (const name of names) first.set(name, earlier ?? request);
    if (earlier === undefined) return [];
    const message = `requests ${earlier.name} (${earlier.source.file}:${earlier.source.line}) and ${request.name} both destroy data on device ${plan.device.serialNumber ?? plan.device.id}`;
    return [refusal(request, "device", "DLR205", message, "keep one of the two")];
  });
}

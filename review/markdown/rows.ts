import { canonicalJson } from "../../providers/domain/json.ts";
import type { Refusal, ReviewedFacts, ReviewedRequest, ReviewedStep } from "../review.ts";
import { code } from "./escape.ts";

/** Rows of a table, under its head. */
export interface Table {
  readonly head: readonly string[];
  readonly rows: readonly string[];
}

function row(...cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |`;
}

function table(names: readonly string[], rows: readonly string[]): Table {
  return { head: [row(...names), row(...names.map(() => "---"))], rows };
}

/** With everything that somebody has to look at before a device loses its data. */
export function expandedTable(requests: readonly ReviewedRequest[]): Table {
  const rows = requests.map((request) => row(nameOf(request), deviceOf(request), stepsOf(request.steps), whyOf(request)));
  return table(["request", "device", "steps", "why"], rows);
}

/** Short rows for requests that destroy nothing, meant to stand in a folded block. */
export function foldedTable(requests: readonly ReviewedRequest[]): Table {
  const rows = requests.map((request) => row(nameOf(request), shortDevice(request), code(request.next.text)));
  return table(["request", "device", "what `up` does first"], rows);
}

/** Texts of the files stand as code, so that no file can write Markdown into the comment. */
export function refusalTable(refusals: readonly Refusal[]): Table {
  const rows = refusals.map(({ code: id, message, hint, file, line }) =>
    row(
      file === null ? "–" : code(line === null ? file : `${file}:${line}`),
      `${code(id)} ${code(message, 400)}`,
      hint === null ? "–" : code(hint, 400),
    ),
  );
  return table(["where", "what is wrong", "what to do"], rows);
}

function nameOf({ name, source }: ReviewedRequest): string {
  return `${code(name)}<br>${code(`${source.file}:${source.line}`)}`;
}

function deviceOf(request: ReviewedRequest): string {
  const { facts, device } = request;
  if (facts === null) return `${code(device.serialNumber ?? device.id)}<br>not shown by Graph`;
  const system = `${facts.operatingSystem ?? "unknown system"} ${facts.osVersion ?? ""}`.trim();
  return [
    `**${code(facts.deviceName ?? "no name")}**`,
    `${code(facts.model ?? "unknown model")} ${code(system)}`,
    `serial ${code(facts.serialNumber ?? "unknown")}`,
    `user ${code(facts.userPrincipalName ?? "none")}`,
    `owner ${code(facts.managedDeviceOwnerType ?? "unknown")}${supervision(facts)}`,
    `enrolled ${code(device.enrolledDateTime ?? "unknown")}`,
    `last seen ${code(facts.lastSyncDateTime ?? "never")}`,
    `id ${code(device.id)}`,
  ].join("<br>");
}

function supervision({ isSupervised }: ReviewedFacts): string {
  if (isSupervised === null) return "";
  return isSupervised ? ", supervised" : ", not supervised";
}

function shortDevice({ facts, device }: ReviewedRequest): string {
  const serial = code(device.serialNumber ?? device.id);
  return facts === null ? serial : `${code(facts.deviceName ?? "no name")} ${serial}`;
}

function stepsOf(steps: readonly ReviewedStep[]): string {
  return steps.map((step, index) => `${index + 1}. ${stepText(step)}`).join("<br>");
}

function stepText({ action, parameters, destroysData, status, left }: ReviewedStep): string {
  const name = destroysData ? `**${code(action)}** destroys data` : code(action);
  const given = Object.keys(parameters).length === 0 ? "" : ` ${code(canonicalJson(parameters))}`;
  return `${name}${given}${left && status === "waiting" ? "" : ` (${code(status)})`}`;
}

function whyOf({ reason, ticket, expires, acknowledge, repeats, authors }: ReviewedRequest): string {
  return [
    code(reason),
    ...(ticket === null ? [] : [`ticket ${code(ticket)}`]),
    ...(expires === null ? [] : [`expires ${code(expires)}`]),
    ...(acknowledge.length === 0 ? [] : [`agreed to ${code(acknowledge.join(", "))}`]),
    ...(repeats === null ? [] : [`**repeats** ${code(repeats)}`]),
    ...(authors === undefined ? [] : [authors === null ? "written by an unknown account" : `written by ${code(authors.join(", "))}`]),
  ].join("<br>");
}

import { Document } from "yaml";
import type { Wanted, WantedDevices } from "./wanted.ts";

/** A file to be written, by its name in the folder of requests. */
export interface NewFile {
  readonly name: string;
  readonly text: string;
}

/**
 * The files of one request: its YAML, and the list that it names. `schema` is the way from there to
 * the schema, for editors. No text of anybody's stands outside of a value.
 */
export function renderRequest(wanted: Wanted, schema: string): readonly NewFile[] {
  const { name, devices, playbook, reason, ticket, expires, acknowledge } = wanted;
  const document = new Document({
    requests: [
      {
        name,
        ...namesOf(name, devices),
        playbook,
        reason: oneLine(reason),
        ...(ticket === undefined ? {} : { ticket }),
        ...(expires === undefined ? {} : { expires }),
        ...(acknowledge === undefined ? {} : { acknowledge }),
      },
    ],
  });
  document.commentBefore = ` yaml-language-server: $schema=${schema}`;
  if (acknowledge !== undefined) document.setIn(["requests", 0, "acknowledge"], document.createNode(acknowledge, { flow: true }));
  // A line is one value whatever its length: a break in it is one more thing to read wrongly.
  const yaml = { name: `${name}.yaml`, text: document.toString({ lineWidth: 0 }) };
  return devices.kind === "named" ? [yaml] : [{ name: `${name}.csv`, text: renderList(devices) }, yaml];
}

/** A reason has one line, however it was typed. */
export function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, " ").trim();
}

function namesOf(name: string, devices: WantedDevices): object {
  if (devices.kind === "list") return { devicesFrom: `${name}.csv` };
  const names = devices.names.map((value) => ({ [devices.key]: value }));
  return names.length === 1 ? { device: names[0] } : { devices: names };
}

/** RFC 4180, with the line ends of Unix. */
function renderList({ columns, rows }: Extract<WantedDevices, { kind: "list" }>): string {
  return [columns, ...rows].map((cells) => `${cells.map(renderCell).join(",")}\n`).join("");
}

function renderCell(value: string): string {
  return /[",\r\n]|^\s|\s$/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}

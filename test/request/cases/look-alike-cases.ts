import type { MistakeCase } from "../marked-files.ts";

const file = (title: string, text: string): MistakeCase => ({ title, files: { "requests/a.yaml": text } });

/** A request with one of its lines in place of the right one. */
const request = (title: string, line: string): MistakeCase => {
  const key = /[a-z]+(?=:)/i.exec(line.replaceAll(/«[^»]*»/g, ""))?.[0] ?? "";
  const right = ["name: a", "device: { serialNumber: S1 }", "playbook: escrow-bypass-code", "reason: r"];
  const others = right.filter((other) => !other.startsWith(`${key}:`));
  return file(title, ["requests:", "  - onDrift: report", ...[...others, line].map((each) => `    ${each}`), ""].join("\n"));
};

const HIDDEN = ["\u200b", "\u200c", "\u200d", "\u200e", "\u200f", "\u2060", "\u00ad", "\ufeff", "\u3164", "\u2800", "\ufe0f", "\u{e0041}"];
const CSV = "requests:\n  - { name: a, devicesFrom: d.csv, playbook: escrow-bypass-code, reason: r }\n";
const csv = (title: string, text: string): MistakeCase => ({ title, files: { "requests/a.yaml": CSV, "requests/d.csv": text } });

/** What nobody sees, and what looks like something else. */
export const LOOK_ALIKE_CASES: readonly MistakeCase[] = [
  ...HIDDEN.flatMap((sign) => {
    const code = sign.codePointAt(0)?.toString(16);
    return [
      request(`U+${code} in a name`, `name: leeds«DLR029»${sign}leaver`),
      request(`U+${code} in a serial number`, `device: { serialNumber: S1«DLR029»${sign} }`),
      request(`U+${code} in a reason`, `reason: Leaver«DLR029»${sign}`),
      request(`U+${code} in a key`, `rea«DLR029»${sign}son: r`),
      csv(`U+${code} in a CSV file`, `serialNumber\nA«DLR029»${sign}1\n`),
    ];
  }),
  request("a soft hyphen by its escape", 'reason: «DLR029»"a\\u00adb"'),
  request("two selectors in a row behind an emoji", "reason: ❤\ufe0f«DLR029»\ufe0f"),

  request("a non-breaking hyphen in a name", "name: leeds«DLR035»\u2011leaver"),
  request("an en dash in a name", "name: leeds«DLR035»\u2013leaver"),
  request("smart quotes round a name", "name: «DLR035»“leeds”"),
  request("smart quotes inside of a name in quotes", 'name: "«DLR035»“leeds”"'),
  request("a Cyrillic letter in a name", "name: «DLR035»\u0430"),
  request("a Cyrillic letter in a key", "«DLR035»\u0440laybook: unlock"),
  request("a Cyrillic letter in a playbook", "playbook: esc«DLR035»\u0433ow-bypass-code".replace("\u0433", "\u043erow")),
  request("a Greek letter in a serial number", "device: { serialNumber: DMPXK2«DLR035»\u0391BCDEF }"),
  request("smart quotes round a serial number", "device: { serialNumber: «DLR035»“S1” }"),
  request("a hyphen of a typesetter in a serial number", "device: { serialNumber: S«DLR035»\u20101 }"),
  request("a letter of full width in an id", "device: { id: «DLR035»\uff21-1 }"),
  request("a non-breaking space behind a serial number", "device: { serialNumber: S1«DLR035»\u00a0 }"),
  request("a minus sign in a date", "expires: 2026«DLR035»\u221212-31"),
  request("a Cyrillic letter in an acknowledgement", "acknowledge: [d«DLR035»\u0430taLoss]"),
  request("a Cyrillic letter in a user", "device: { serialNumber: S1, user: mi«DLR035»\u0430@contoso.com }"),
  request("a non-breaking space in a ticket", "ticket: INC«DLR035»\u00a04711"),
  file("a Cyrillic letter in a step", "requests:\n  - { name: a, device: { id: x }, steps: [«DLR035»\u0441yncDevice], reason: r }\n"),
  file(
    "a Cyrillic letter in a step with parameters",
    "requests:\n  - { name: a, device: { id: x }, steps: [{ w«DLR035»\u0456pe: {} }], reason: r, expires: 2026-12-31, acknowledge: [dataLoss] }\n",
  ),
  file("a dash of a word processor before a list", "requests:\n  «DLR035»– name: a\n"),
  file("a bullet before a list", "requests:\n  «DLR035»• name: a\n"),
  file("a text in smart quotes with a colon", "requests:\n  - name: a\n    reason: «DLR035»“two: parts”\n"),
  file("a colon of full width", "requests:\n  - name«DLR035»：a\n    reason: r\n"),
  file("a colon of full width in the first line", "requests«DLR035»：\n"),
  file("non-breaking spaces for an indentation", "requests:\n  - name: a\n«DLR035»\u00a0\u00a0\u00a0\u00a0reason: r\n"),

  csv("a Cyrillic letter in the header", "s«DLR035»\u0435rialNumber\nA1\n"),
  csv("smart quotes round the header", "note,«DLR035»“serialNumber”\nx,A1\n"),
  csv("a non-breaking space in a serial number", "serialNumber,note\nA1«DLR035»\u00a0B,x\n"),
  csv("a dash in an id", "note,id\nx,9b2c1f6e«DLR035»\u20115a0d\n"),
];

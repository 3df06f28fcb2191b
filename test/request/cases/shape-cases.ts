import type { MistakeCase } from "../marked-files.ts";

const file = (title: string, text: string): MistakeCase => ({ title, files: { "requests/a.yaml": text } });

/**
 * A request whose only mistakes are in the given lines, which hold its own `reason` or device where
 * the title says so.
 */
const request = (title: string, ...lines: readonly string[]): MistakeCase =>
  file(title, ["requests:", "  - name: a", ...lines.map((line) => `    ${line}`), ""].join("\n"));

const DEVICE = "device: { serialNumber: S1 }";
const ESCROW = "playbook: escrow-bypass-code";
const REASON = "reason: r";

/** Keys, types and values. */
export const SHAPE_CASES: readonly MistakeCase[] = [
  file("a list at the top", "«DLR015»- name: a\n"),
  file("a text at the top", "«DLR015»requests\n"),
  file("a missing space after the colon", "«DLR015»requests:[]\n"),
  file("requests without a value", "requests:«DLR015»\n"),
  file("another key at the top", "«DLR011»request: []\nrequests: []\n"),
  file("a playbooks file among the requests", "«DLR011»playbooks: []\n"),
  file("an item that is nothing", "requests:\n  -«DLR015»\n"),
  file("an item that is a text", "requests:\n  - «DLR015»a\n"),
  file("a missing space after the dash", "requests:\n  «DLR015»-name: a\n"),
  file("an item without anything", "requests:\n  - «DLR014»«DLR014»«DLR018»«DLR018»{}\n"),

  request("an unknown key", DEVICE, ESCROW, REASON, "«DLR011»reson: r"),
  request("a key of the device one level up", "«DLR011»serialNumber: S1", DEVICE, ESCROW, REASON),
  request("a step as a key", DEVICE, ESCROW, REASON, "«DLR011»wipe: true"),
  request("an unknown key of the device", "device: { serialNumber: S1, «DLR011»serial: S1 }", ESCROW, REASON),
  request("a key of the request inside the device", "device: { serialNumber: S1, «DLR011»reason: r }", ESCROW, REASON),
  file("no name", "requests:\n  - «DLR014»device: { serialNumber: S1 }\n    playbook: escrow-bypass-code\n    reason: r\n"),
  file("no reason", "requests:\n  - «DLR014»name: a\n    device: { serialNumber: S1 }\n    playbook: escrow-bypass-code\n"),
  request("an empty reason", DEVICE, ESCROW, "reason:«DLR015»"),
  request("a reason of spaces", DEVICE, ESCROW, 'reason: «DLR015»"  "'),
  request("a reason that is too long", DEVICE, ESCROW, `reason: «DLR015»${"r".repeat(1001)}`),
  request("a reason that is a list", DEVICE, ESCROW, "reason: «DLR015»[r]"),
  request("a ticket that is a number", DEVICE, ESCROW, REASON, "ticket: «DLR015»4711"),
  request("a ticket of two lines", DEVICE, ESCROW, REASON, 'ticket: «DLR015»"a\\nb"'),
  file(
    "a name that is a number",
    "requests:\n  - name: «DLR015»42\n    device: { serialNumber: S1 }\n    playbook: escrow-bypass-code\n    reason: r\n",
  ),
  file(
    "a name in capitals",
    "requests:\n  - name: «DLR016»Leeds\n    device: { serialNumber: S1 }\n    playbook: escrow-bypass-code\n    reason: r\n",
  ),
  file(
    "a name with a slash",
    "requests:\n  - name: «DLR016»a/b\n    device: { serialNumber: S1 }\n    playbook: escrow-bypass-code\n    reason: r\n",
  ),
  file(
    "a name that is too long",
    `requests:\n  - name: «DLR016»${"a".repeat(64)}\n    device: { serialNumber: S1 }\n    playbook: escrow-bypass-code\n    reason: r\n`,
  ),
  request("a repeats that is no name", DEVICE, ESCROW, REASON, "repeats: «DLR016»Old Name"),
  request("a request that repeats itself", DEVICE, ESCROW, REASON, "repeats: «DLR015»a"),
  request("generation 0", DEVICE, ESCROW, REASON, "generation: «DLR015»0"),
  request("half a generation", DEVICE, ESCROW, REASON, "generation: «DLR015»1.5"),
  request("a generation in quotes", DEVICE, ESCROW, REASON, 'generation: «DLR015»"2"'),
  request("a generation out of all bounds", DEVICE, ESCROW, REASON, "generation: «DLR015»1000001"),
  request("an unknown acknowledgement", DEVICE, ESCROW, REASON, "acknowledge: [«DLR015»dataloss]"),
  request("an acknowledgement that is no list", DEVICE, ESCROW, REASON, "acknowledge: «DLR015»dataLoss"),
  request("an acknowledgement twice", DEVICE, ESCROW, REASON, "acknowledge: [dataLoss, «DLR015»dataLoss]"),
  request("an unknown onDrift", DEVICE, ESCROW, REASON, "onDrift: «DLR015»again"),
  request("an onDrift that is a word of another YAML", DEVICE, ESCROW, REASON, "onDrift: «DLR015»true"),

  request("a day that does not exist", DEVICE, ESCROW, REASON, "expires: «DLR020»2026-02-30"),
  request("the 29th of February of another year", DEVICE, ESCROW, REASON, "expires: «DLR020»2027-02-29"),
  request("month 13", DEVICE, ESCROW, REASON, "expires: «DLR020»2026-13-01"),
  request("a date without zeros", DEVICE, ESCROW, REASON, "expires: «DLR020»2026-1-5"),
  request("a date as a number", DEVICE, ESCROW, REASON, "expires: «DLR020»20261231"),
  request("a date with a time", DEVICE, ESCROW, REASON, "expires: «DLR020»2026-12-31T00:00:00Z"),
  request("a date in another order", DEVICE, ESCROW, REASON, "expires: «DLR020»31.12.2026"),
  request("no date", DEVICE, ESCROW, REASON, "expires:«DLR020»"),

  file("no device", "requests:\n  - «DLR018»name: a\n    playbook: escrow-bypass-code\n    reason: r\n"),
  request("device and devices", DEVICE, "«DLR018»devices: [{ serialNumber: S2 }]", ESCROW, REASON),
  file("neither playbook nor steps", "requests:\n  - «DLR018»name: a\n    device: { serialNumber: S1 }\n    reason: r\n"),
  request("playbook and steps", DEVICE, ESCROW, "«DLR018»steps: [escrowBypassCode]", REASON),
  {
    title: "mistakes of several requests and files, all at once",
    files: {
      "requests/a.yaml":
        "requests:\n  - name: a\n    device: { serialNumber: S1 }\n    playbook: «DLR012»unlok\n    reason: r\n    «DLR011»extra: 1\n  - name: «DLR016»B\n    device: { serialNumber: «DLR015»12 }\n    playbook: escrow-bypass-code\n    reason: r\n",
      "requests/deep/er/b.YML":
        "requests:\n  - name: c\n    device: { serialNumber: S1 }\n    playbook: escrow-bypass-code\n    reason: «DLR015»7\n",
      "playbooks/p.yaml": "playbooks:\n  - name: p\n    steps: [«DLR013»wype]\n",
    },
  },
];

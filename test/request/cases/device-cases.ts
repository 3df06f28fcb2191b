import type { MistakeCase } from "../marked-files.ts";

/** A harmless request with the given lines, which name its device or devices. */
const request = (title: string, ...lines: readonly string[]): MistakeCase => ({
  title,
  files: {
    "requests/a.yaml": [
      "requests:",
      "  - name: a",
      "    playbook: escrow-bypass-code",
      "    reason: r",
      ...lines.map((line) => `    ${line}`),
      "",
    ].join("\n"),
  },
});

const RUN = "deviceRunState: { script: s, runState: r }";

/** How a device can be named. */
export const DEVICE_CASES: readonly MistakeCase[] = [
  request("a serial number of digits without quotes", "device: { serialNumber: «DLR015»0012345 }"),
  request("a serial number that reads as a large number", "device: { serialNumber: «DLR015»123456789012345678901 }"),
  request("a serial number that reads as a power of ten", "device: { serialNumber: «DLR015»12E45678 }"),
  request("a serial number that reads as hexadecimal", "device: { serialNumber: «DLR015»0xABCDEF }"),
  request("an id of digits without quotes", "device: { id: «DLR015»123456 }"),
  request("a serial number that is nothing", "device: { serialNumber: «DLR015»}"),
  request("a serial number that reads as null", "device: { serialNumber: «DLR015»null }"),
  request("an empty serial number", 'device: { serialNumber: «DLR015»"" }'),
  request("a serial number with a slash", 'device: { serialNumber: «DLR015»"../A" }'),
  request("a serial number with a quote", `device: { serialNumber: «DLR015»"A' or '1" }`),
  request("an id that climbs", 'device: { id: «DLR015»".." }'),
  request("an id with an encoded slash", 'device: { id: «DLR015»"a%2fb" }'),
  request("a user that climbs", 'device: { id: a, user: «DLR015»".." }'),
  request("a user with a slash", "device: { id: a, user: «DLR015»a/b }"),
  request("a device name of spaces", 'device: { deviceName: «DLR015»" " }'),
  request("a device as a plain text", "device: «DLR015»DMPXK2ABCDEF"),
  request("a device without a name", "device: «DLR018»{}"),
  request("a user without a device", "device: «DLR018»{ user: a@b.c }"),
  request("two names of one device", "device: { serialNumber: A, «DLR018»id: b }"),
  request("half a run of a script", "device: { deviceRunState: «DLR014»{ script: s } }"),
  request("a user and a run of a script", `device: { user: u, «DLR019»${RUN} }`),
  request("a user, a run of a script and a device", `device: { serialNumber: A, ${RUN}, «DLR019»user: u }`),
  request("an app and a run of a script without a device", `device: { ${RUN}, «DLR019»detectedApp: d }`),
  request("a generic serial number", 'device: { serialNumber: «DLR028»"To Be Filled By O.E.M." }'),
  ...["Not Applicable", "INVALID", "O.E.M.", "0123456789", "XXXXXXXXXX", "N/A", "(null)", "1111111", "SN-12345", "Not-Available"].map(
    (serial) => request(`the serial number ${serial}`, `device: { serialNumber: «DLR028»"${serial}" }`),
  ),
  request("a serial number of zeros", 'device: { serialNumber: «DLR028»"0000000" }'),

  request("an empty list of devices", "devices: «DLR015»[]"),
  request("a device of a list by its device name", "devices: [«DLR018»{ «DLR011»deviceName: a }]"),
  request("a device of a list by a run of a script", `devices: [«DLR018»{ ${RUN} }]`),
  request("a device of a list with two names", "devices: [{ serialNumber: A, «DLR018»id: b }]"),
  request("a serial number of digits in a list", "devices: [{ serialNumber: «DLR015»123456 }]"),
  request("a generic serial number in a list", "devices: [«DLR028»{ serialNumber: Default string }]"),
  request("a device twice in a list", 'devices: [{ serialNumber: ab12 }, «DLR207»{ serialNumber: " AB 12" }]'),
  request("an id twice in a list", "devices: [{ id: AA-1 }, «DLR207»{ id: aa-1 }]"),
];

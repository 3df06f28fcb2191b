import type { MistakeCase } from "../marked-files.ts";

/** A list with these steps, of one line each. */
const list = (title: string, devices: string, steps: string, csv = "serialNumber\nA1\nA2\n"): MistakeCase => ({
  title,
  files: {
    "requests/a.yaml": ["requests:", "  - name: a", `    ${devices}`, `    ${steps}`, "    reason: r", ""].join("\n"),
    "requests/d.csv": csv,
    "playbooks/p.yaml":
      "playbooks:\n  - { name: rename, steps: [syncDevice, setDeviceName] }\n  - { name: same, steps: [{ setDeviceName: { deviceName: X-1 } }] }\n",
  },
});

const CSV = "devicesFrom: d.csv";
const SAME = "steps: [syncDevice, «DLR021»{ setDeviceName: { deviceName: X-1 } }]";
const BY_SERIAL = 'steps: [{ setDeviceName: { deviceName: "L-{{serialnumber}}" } }]';

/** Parameters that no two devices share. */
export const OWN_CASES: readonly MistakeCase[] = [
  list("one name for all devices of a CSV file", CSV, SAME),
  list("one name for all devices of a CSV file that has names", CSV, SAME, "serialNumber,deviceName\nA1,N-1\nA2,N-2\n"),
  list("one name for all devices of a list", "devices: [{ serialNumber: A1 }, { id: x }]", SAME),
  list("one name for all devices by a playbook", CSV, "playbook: «DLR021»same"),
  list("one eSIM for all devices", CSV, 'steps: [«DLR021»{ removeDeviceEsim: { iccId: "89441000300000000001" } }]'),
  list("no column for the names", CSV, "steps: [syncDevice, «DLR014»setDeviceName]"),
  list("no column for the names of a playbook", CSV, "playbook: «DLR014»rename"),
  list("a playbook that needs a column, for a list without columns", "devices: [{ id: x }]", "playbook: «DLR014»rename"),
  list("a playbook that needs a column, for one device", "device: { id: x }", "playbook: «DLR014»rename"),
  list("a plain step for one device", "device: { id: x }", "steps: [«DLR014»removeDeviceEsim]"),
  list("a row without a name", CSV, "playbook: rename", "serialNumber,deviceName\nA1,N-1\nA2,«DLR022»\n"),
  list("a name twice", CSV, "playbook: rename", "deviceName,serialNumber\nN-1,A1\n«DLR023»n-1,A2\n"),
  list("a name of a wrong form", CSV, "playbook: rename", "serialNumber,deviceName\nA1,N-1\nA2,«DLR021»Mia's iPad\n"),
  list("a name that is too long", CSV, "playbook: rename", `serialNumber,deviceName\nA1,«DLR021»${"N".repeat(64)}\n`),
  list("a number of an eSIM of a wrong form", CSV, "steps: [removeDeviceEsim]", "serialNumber,iccId\nA1,«DLR021»8.94E+19\n"),
  list("a serial number that makes no name", CSV, BY_SERIAL, "serialNumber\nA1\n«DLR021»A.2\n"),
  list("a device without a serial number in the list", "devices: [{ serialNumber: A1 }, «DLR021»{ id: x }]", BY_SERIAL),
  list("one device by its id", "«DLR021»device: { id: x }", BY_SERIAL),
  list(
    "a variable of Intune's that is not known here",
    CSV,
    'steps: [{ playLostModeSound: {} }, «DLR021»{ enableLostMode: { message: "{{deviceid}}", phoneNumber: "1" } }]',
  ),
  list("a variable in the number of an eSIM", CSV, 'steps: [{ removeDeviceEsim: { iccId: «DLR021»"{{serialnumber}}" } }]'),
  list("a variable without quotes", CSV, "steps: [{ setDeviceName: { deviceName: «DLR021»{«DLR015»{serialnumber}} } }]"),
];

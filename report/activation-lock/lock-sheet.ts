import type { Column, Sheet } from "../sheet/sheet.ts";
import { timeText } from "../sheet/time-text.ts";
import { chartsOf } from "./lock-charts.ts";
import { CODE_TEXT, escrowText, remarkText, supervisedText, systemText } from "./lock-words.ts";
import type { ActivationLockReport, LockDevice } from "./report.ts";
import { tellTotals } from "./totals.ts";

type Cell = Column & { readonly of: (device: LockDevice) => string };

const CELLS: readonly Cell[] = [
  { key: "serialNumber", title: "Serial number", kind: "text", of: ({ serialNumber }) => serialNumber ?? "" },
  { key: "deviceName", title: "Name", kind: "text", of: ({ deviceName }) => deviceName ?? "" },
  { key: "code", title: "Code", kind: "words", of: ({ code }) => CODE_TEXT[code] },
  { key: "escrow", title: "Escrow", kind: "words", of: ({ escrow }) => escrowText(escrow) },
  { key: "escrowAgeDays", title: "Age (days)", kind: "number", of: ({ escrow }) => (escrow === null ? "" : String(escrow.ageDays)) },
  { key: "lastSyncDateTime", title: "Last check-in", kind: "time", of: ({ lastSyncDateTime }) => timeText(lastSyncDateTime) },
  { key: "supervised", title: "Supervised", kind: "words", of: supervisedText },
  { key: "managedDeviceOwnerType", title: "Owner", kind: "text", of: ({ managedDeviceOwnerType }) => managedDeviceOwnerType ?? "" },
  { key: "system", title: "System", kind: "text", of: systemText },
  { key: "model", title: "Model", kind: "text", of: ({ model }) => model ?? "" },
  { key: "userPrincipalName", title: "User", kind: "text", of: ({ userPrincipalName }) => userPrincipalName ?? "" },
  { key: "escrowReference", title: "Reference", kind: "text", of: ({ escrow }) => escrow?.reference ?? "" },
  { key: "remark", title: "Remark", kind: "text", of: remarkText },
];

const NOTES = [
  "A code present is no lock: Intune holds codes of devices that nobody locked, and the device's own word is wrong both ways.",
  "Stale: the device was set up after its code was captured, or Intune holds another code now. Escrow it again.",
  "This report holds no code. Codes are in escrow, and their readers get them one by one.",
] as const;

/** The report for people. */
export function lockSheet(report: ActivationLockReport): Sheet {
  return {
    title: "Activation Lock",
    noun: "device",
    where: report.where,
    at: report.at,
    totals: tellTotals(report),
    notes: NOTES,
    columns: CELLS.map(({ key, title, kind }) => ({ key, title, kind })),
    rows: report.devices.map((device) => CELLS.map(({ of }) => of(device))),
    charts: chartsOf(report),
    lists: [],
    details: null,
  };
}

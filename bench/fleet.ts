import type { EmulatedDevice } from "../emulator/graph/start-emulator.ts";

/** What is asked of each device, by its name in `--modes`. */
export const MODES = {
  "escrow-only": "    playbook: escrow-bypass-code\n",
  "reset-passcode": "    playbook: reset-passcode\n",
  "unlock-and-wipe": "    playbook: unlock-and-wipe\n    expires: 2099-12-31\n    acknowledge: [dataLoss, physicalPossession]\n",
} as const;

export type Mode = keyof typeof MODES;

export function serialOf(index: number): string {
  return `DMPX${String(index).padStart(8, "0")}`;
}

/** So many iPads, each supervised and with a bypass code. */
export function fleetOf(size: number): readonly EmulatedDevice[] {
  return Array.from({ length: size }, (_, index) => ({
    serialNumber: serialOf(index),
    operatingSystem: "iPadOS",
    model: "iPad",
    isSupervised: true,
  }));
}

/** Files of a requests folder by name: one list of all devices. */
export function requestFiles(size: number, mode: Mode): Readonly<Record<string, string>> {
  const serials = Array.from({ length: size }, (_, index) => serialOf(index));
  return {
    "requests/fleet.csv": `serialNumber\n${serials.join("\n")}\n`,
    "requests/fleet.yaml": `requests:\n  - name: fleet\n    devicesFrom: fleet.csv\n    reason: Before the summer refresh\n${MODES[mode]}`,
  };
}

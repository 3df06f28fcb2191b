import { DAY_MS } from "../../providers/domain/day.ts";
import type { Bar, Chart } from "../sheet/sheet.ts";
import type { ActivationLockReport, LockDevice } from "./report.ts";

/** Charts of the devices that the report shows. */
export function chartsOf({ devices, at }: Pick<ActivationLockReport, "devices" | "at">): readonly Chart[] {
  const bar = (label: string, tone: Bar["tone"], isCounted: (device: LockDevice) => boolean): Bar => ({
    label,
    tone,
    count: devices.filter(isCounted).length,
  });
  const days = ({ lastSyncDateTime }: LockDevice) =>
    lastSyncDateTime === null ? null : (Date.parse(at) - Date.parse(lastSyncDateTime)) / DAY_MS;
  const seen = (label: string, tone: Bar["tone"], from: number, to: number) =>
    bar(label, tone, (device) => {
      const age = days(device);
      return age !== null && age >= from && age < to;
    });
  return [
    {
      title: "Bypass code in Intune",
      bars: [
        bar("code present", "good", ({ code }) => code === "present"),
        bar("no code", "attention", ({ code }) => code === "none"),
        bar("could not be read", "attention", ({ code }) => code === "unreadable"),
        bar("not asked", "neutral", ({ code }) => code === "notAsked"),
      ],
    },
    {
      title: "Bypass code in escrow",
      bars: [
        bar("escrowed", "good", ({ escrow }) => escrow?.stale === null),
        bar("stale", "attention", ({ escrow }) => escrow !== null && escrow.stale !== null),
        bar("not escrowed", "neutral", ({ escrow }) => escrow === null),
      ],
    },
    {
      title: "Last check-in",
      bars: [
        seen("within a week", "good", Number.NEGATIVE_INFINITY, 7),
        seen("1 to 4 weeks", "neutral", 7, 28),
        seen("4 to 13 weeks", "attention", 28, 91),
        seen("longer ago", "attention", 91, Number.POSITIVE_INFINITY),
        bar("not told", "neutral", ({ lastSyncDateTime }) => lastSyncDateTime === null),
      ],
    },
  ].map(({ title, bars }) => ({ title, bars: bars.filter(({ count }, index) => count > 0 || index < 2) }));
}

import type { Happening, NotifyEvent } from "../../notify/event.ts";
import { eventOf } from "../../notify/event-id.ts";

export const AT = "2026-11-20T12:00:00.000Z";
const IPAD = { id: "00000000-0000-4000-8000-00000000000a", serialNumber: "DMPXK2ABCDEF", deviceName: "Leeds iPad 0042" };

/** One of each kind, with a text of somebody's where there is one. */
export function happenings(text: string): readonly Happening[] {
  return [
    {
      kind: "outcome",
      request: "leeds-leaver-0042",
      generation: 1,
      outcome: "failed",
      reason: "Refused",
      message: text,
      device: { ...IPAD, deviceName: text },
      ticket: text,
    },
    {
      kind: "drift",
      request: "keep-code",
      finding: "BypassCodeChanged",
      state: "new",
      about: "bypassCode",
      message: text,
      firstSeen: AT,
      lastSeen: AT,
    },
    { kind: "brake", state: "set", reason: text, who: text, held: [] },
    { kind: "foreignAction", action: "wipe", device: { ...IPAD, deviceName: text }, who: text, entry: "0f1e2d3c" },
    { kind: "run", exitCode: 3, errors: [text] },
    { kind: "test" },
  ];
}

export function events(text = "the device said no"): readonly NotifyEvent[] {
  return happenings(text).map((happening) => eventOf(happening, "prod", AT));
}

import type { JsonObject } from "../../providers/domain/json.ts";
import { PLATFORMS } from "../../providers/domain/managed-device.ts";
import { COUNT, FLAG, record, TEXT, TEXT_OR_NULL, TIME, TIME_OR_NULL } from "../sheet/schema-words.ts";
import { CODE_WORDS, REPORT_FORMAT, STALE_WORDS } from "./report.ts";

const PLATFORM = { type: "string", enum: [...PLATFORMS] } as const;

const ESCROW = record(
  {
    reference: { ...TEXT, description: "Names the secret for dlr reveal; it is none itself." },
    capturedAt: TIME,
    ageDays: COUNT,
    request: { ...TEXT, description: "NAME#generation of the request that escrowed it." },
    stale: {
      enum: [null, ...STALE_WORDS],
      description: "Why it may open nothing: the device was set up since, or Intune holds another code now.",
    },
  },
  "The newest escrowed code of the device, as the ledger tells it.",
);

const DEVICE = record({
  serialNumber: TEXT_OR_NULL,
  id: TEXT_OR_NULL,
  deviceName: TEXT_OR_NULL,
  platform: { enum: [null, ...PLATFORMS] },
  osVersion: TEXT_OR_NULL,
  model: TEXT_OR_NULL,
  isSupervised: { type: ["boolean", "null"] },
  deviceEnrollmentType: TEXT_OR_NULL,
  managedDeviceOwnerType: TEXT_OR_NULL,
  userPrincipalName: TEXT_OR_NULL,
  enrolledDateTime: TIME_OR_NULL,
  lastSyncDateTime: TIME_OR_NULL,
  code: { enum: [...CODE_WORDS], description: "Whether Intune holds a bypass code: that is no lock." },
  problem: { ...TEXT_OR_NULL, description: "Why the code could not be read." },
  escrow: { oneOf: [{ type: "null" }, ESCROW] },
  sharesSerialNumber: FLAG,
});

/** The form of `dlr report activation-lock --format json`. */
export const LOCK_SCHEMA: JsonObject = {
  $schema: "http://json-schema.org/draft-07/schema#",
  title: "Activation Lock report",
  ...record({
    format: { const: REPORT_FORMAT },
    kind: { const: "activation-lock" },
    at: TIME,
    where: TEXT,
    platforms: { type: "array", items: PLATFORM },
    totals: record(
      {
        canHaveLock: COUNT,
        present: COUNT,
        none: COUNT,
        unreadable: COUNT,
        notAsked: COUNT,
        escrowed: COUNT,
        stale: COUNT,
        sharingSerialNumber: COUNT,
      },
      "Counts over all devices that can have the lock, whatever the options left out.",
    ),
    chosen: { type: "array", items: TEXT },
    devices: { type: "array", items: DEVICE },
  }),
};

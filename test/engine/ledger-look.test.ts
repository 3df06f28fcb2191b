import { expect, test } from "@jest/globals";
import type { IntentRecord } from "../../providers/domain/step-record.ts";
import { ledgerLook } from "../../providers/engine/ledger-look.ts";
import { LedgerIndex } from "../../providers/ledger/ledger-index.ts";
import { IPAD } from "../support/fakes-devices.ts";
import { AT, intent } from "../support/fakes-records.ts";
import { jobOf, lifecycleRequest } from "../support/fakes-requests.ts";

const NOW = Date.parse(AT);
const PLANNED = "DMPXK2ABCDEF";
const LIVE = "DMPXK2GHJKLM";

/**
 * Another request's wipe of a device of this serial number, which was enrolled under another id
 * then.
 */
function wipeOf(serialNumber: string | null, key: string): IntentRecord {
  return intent(0, { key, device: { id: "00000000-0000-4000-8000-0000000000ff", serialNumber, enrolledDateTime: null } });
}

test.each([
  ["the one that was planned for", PLANNED, LIVE, { records: [wipeOf(PLANNED, "a#1")], key: "a#1" }],
  ["the one that Graph gives now", PLANNED, LIVE, { records: [wipeOf(LIVE, "a#1")], key: "a#1" }],
  ["both, and the newest record counts", PLANNED, LIVE, { records: [wipeOf(LIVE, "a#1"), wipeOf(PLANNED, "b#1")], key: "b#1" }],
  ["both, whichever was wiped last", PLANNED, LIVE, { records: [wipeOf(PLANNED, "a#1"), wipeOf(LIVE, "b#1")], key: "b#1" }],
  ["the live one, where none was planned", null, LIVE, { records: [wipeOf(LIVE, "a#1")], key: "a#1" }],
  ["the planned one, where Graph gives none", PLANNED, null, { records: [wipeOf(PLANNED, "a#1")], key: "a#1" }],
  ["neither", PLANNED, LIVE, { records: [wipeOf("DMPXK2OTHER1", "a#1"), wipeOf(null, "b#1")], key: null }],
])("what destroyed data on a device before is found by its serial numbers: %s", (_name, planned, live, { records, key }) => {
  const index = new LedgerIndex();
  for (const record of records) index.add(record);
  const { plan } = jobOf(lifecycleRequest(["wipe"]), { ...IPAD, serialNumber: planned });

  const { destroyedBefore } = ledgerLook(index, plan, { serialNumber: live }, { now: NOW, isClockSure: true });

  expect(destroyedBefore?.key ?? null).toBe(key);
});

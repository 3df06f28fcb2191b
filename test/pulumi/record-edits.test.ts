import { expect, test } from "@jest/globals";
import type { SettingsRecord } from "../../providers/domain/ledger-record.ts";
import type { RequestRecord } from "../../providers/domain/request-record.ts";
import { recordEdits } from "../../providers/pulumi/program/record-edits.ts";
import { PROVENANCE } from "../support/fakes.ts";
import { AT, begun, outcome } from "../support/fakes-records.ts";
import { jobOf, lifecycleRequest } from "../support/fakes-requests.ts";
import { entryOf } from "../support/fakes-resolved.ts";

const STEPS = ["syncDevice"];
const { plan } = jobOf(lifecycleRequest(STEPS));
const WHY = { reason: "Leaver returned the iPad", ticket: "INC-4711", source: "devices/requests/a.yaml:2", ...PROVENANCE };
const ENDED = { records: [begun(plan, { why: WHY }), outcome("succeeded")], isEnded: true };

async function recorded(...entries: Parameters<typeof recordEdits>[0]) {
  const log: (RequestRecord | SettingsRecord | string)[] = [];
  const withDevice = async <T>(deviceId: string, work: () => Promise<T>): Promise<T> => {
    log.push(`holds ${deviceId}`);
    return work();
  };
  const ledger = {
    append: async (record: RequestRecord | SettingsRecord) => void log.push(record),
    close: async () => void log.push("closed"),
    withDevice,
  };
  await recordEdits(entries, { ledger, clock: { now: () => Date.parse(AT) } }, async () => {
    log.push("asked");
    return PROVENANCE;
  });
  return log;
}

test("new words for a request that has ended are recorded, and the lock is given back", async () => {
  const entry = entryOf({ steps: STEPS, reason: "Broken screen, as the leaver said" }, ENDED);

  expect(await recorded(entry)).toEqual([
    "asked",
    `holds ${plan.device.id}`,
    { kind: "edited", key: plan.key, at: AT, why: { ...WHY, reason: "Broken screen, as the leaver said" } },
    "closed",
  ]);
});

test.each([
  ["the same words", entryOf({ steps: STEPS }, ENDED)],
  ["a request that goes on: its run records it", entryOf({ steps: STEPS, reason: "other" }, { ...ENDED, isEnded: false })],
  ["a ledger that never said why", entryOf({ steps: STEPS, reason: "other" }, { records: [begun(plan)], isEnded: true })],
])("%s: nothing is asked, written or locked", async (_, entry) => {
  expect(await recorded(entry)).toEqual([]);
});

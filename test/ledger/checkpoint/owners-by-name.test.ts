import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { normalizeSerial } from "../../../providers/domain/managed-device.ts";
import { identitiesOf } from "../../../providers/domain/plan.ts";
import { DEVICE, intent } from "../../contract/sample-records.ts";
import { prefixOf } from "./checkpoint-samples.ts";

const anyText = fc.string({ unit: "binary", maxLength: 12 }).map((text) => text.replaceAll("\0", ""));

test("serial numbers that are folded at once are as if each was folded by itself", () => {
  fc.assert(
    fc.property(fc.array(anyText), (texts) => {
      expect(normalizeSerial(texts.join("\0")).split("\0")).toEqual(texts.length === 0 ? [""] : texts.map(normalizeSerial));
      expect(texts.join("\0").toLowerCase().split("\0")).toEqual(texts.length === 0 ? [""] : texts.map((text) => text.toLowerCase()));
    }),
    { numRuns: 2_000 },
  );
});

test("a device is found by every name that it has", () => {
  const anyDevice = fc.record({ id: anyText, serialNumber: fc.option(anyText) });
  fc.assert(
    fc.property(fc.array(anyDevice, { maxLength: 5 }), (devices) => {
      const records = devices.map((device, place) => intent(`r-${place}#1`, { device: { ...DEVICE, ...device } }));
      const prefix = prefixOf([{ kind: "created", version: 2, at: "2026-11-20T00:00:00Z" }, ...records]);

      const found = devices.map((device) => prefix.keysOfDevices(identitiesOf(device)));

      for (const [place, keys] of found.entries()) expect(keys).toContain(`r-${place}#1`);
    }),
  );
});

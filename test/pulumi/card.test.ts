import { describe, expect, test } from "@jest/globals";
import type { ManagedDevice } from "../../providers/domain/managed-device.ts";
import { renderCard } from "../../providers/pulumi/card.ts";
import type { Surveyed } from "../../providers/pulumi/surveyed.ts";
import { IPAD } from "../support/fakes-devices.ts";
import { begun, finished, outcome, sent } from "../support/fakes-records.ts";
import { jobOf, lifecycleRequest, UNLOCK_AND_WIPE } from "../support/fakes-requests.ts";

const REQUEST = lifecycleRequest(UNLOCK_AND_WIPE);

function surveyed(changes: Partial<Surveyed> = {}): Surveyed {
  const { plan } = jobOf(changes.request ?? REQUEST);
  return { request: REQUEST, records: [], plan, device: IPAD, last: undefined, isEnded: false, isBegun: false, ...changes };
}

const cardOf = (changes: Partial<Surveyed> = {}) => renderCard(surveyed(changes));
const cardOfDevice = (changes: Partial<ManagedDevice>) => cardOf({ device: { ...IPAD, ...changes } });

describe("the card of a request", () => {
  test("shows the device, the steps, why, until when, and what cannot be recalled", () => {
    expect(cardOf().split("\n")).toEqual([
      `device   Leeds iPad 0042, iPad Pro, iPadOS 18.1, serial DMPXK2ABCDEF, user j.doe@contoso.example, supervised, owner company, last seen 2026-11-19T18:00:00Z, id ${IPAD.id}`,
      "step 1   escrowBypassCode",
      "step 2   bypassActivationLock: Remove the Activation Lock",
      "step 3   wipe: Erase the device. DESTROYS DATA",
      "reason   Leaver returned the iPad (INC-4711)",
      "expires  2026-12-31, end of day UTC",
      "agreed   dataLoss, physicalPossession",
      "WARNING  what is accepted cannot be recalled: neither a revert nor removing the request brings the data back",
    ]);
  });

  test("shows how far it is, and how it stood at the end of the last run", () => {
    const records = [begun(), finished(0), ...sent(1), ...sent(2, "unknown")];

    const card = cardOf({ records, last: outcome("ambiguous"), isBegun: true });

    expect(card).toContain("step 1   escrowBypassCode [done]");
    expect(card).toContain("step 2   bypassActivationLock: Remove the Activation Lock [accepted]");
    expect(card).toContain("step 3   wipe: Erase the device. DESTROYS DATA [inDoubt]");
    expect(card).toContain("stands   ambiguous since 2026-11-20T12:00:00.000Z: it is ambiguous");
    expect(card).not.toContain("cannot be recalled");
  });

  test("shows parameters", () => {
    const request = lifecycleRequest([{ action: "wipe", parameters: { persistEsimDataPlan: true } }]);

    expect(cardOf({ request, plan: jobOf(request).plan })).toContain('wipe {"persistEsimDataPlan":true}: Erase the device. DESTROYS DATA');
  });

  test("leaves out what there is not", () => {
    const request = lifecycleRequest(["syncDevice"], { ticket: null, expires: null, acknowledge: [] });

    const card = cardOf({ request, plan: jobOf(request).plan });

    expect(card).toContain("reason   Leaver returned the iPad\n".trimEnd());
    expect(card).not.toMatch(/expires|agreed|stands|WARNING|INC/);
  });

  test("warns of a device that was enrolled anew", () => {
    expect(cardOfDevice({ enrolledDateTime: "2026-11-20T11:00:00Z" })).toContain("WARNING  the device was enrolled anew");
  });

  test("says of a device that left Intune that it did", () => {
    expect(cardOf({ device: null })).toContain("device   DMPXK2ABCDEF, not in Intune any more");
  });

  test("says what Graph does not tell", () => {
    const card = cardOfDevice({
      deviceName: null,
      model: null,
      userPrincipalName: null,
      isSupervised: null,
      lastSyncDateTime: null,
      osVersion: null,
    });

    expect(card).toContain("device   no name, unknown model, iPadOS, serial DMPXK2ABCDEF, no user, owner company, last seen never");
  });
});

describe("hostile text on a card", () => {
  const ESCAPE = "\u001b";
  const hostile = `${ESCAPE}[2K${ESCAPE}]0;title\u0007\r\nstep 9   nothing\u202etxt.exe\u0085\u2028end`;

  test.each<[string, string]>([
    ["in a reason", cardOf({ request: { ...REQUEST, reason: hostile } })],
    ["in a ticket", cardOf({ request: { ...REQUEST, ticket: hostile } })],
    ["in the name of a device", cardOfDevice({ deviceName: hostile })],
    ["in the name of a user", cardOfDevice({ userPrincipalName: hostile })],
    ["in an older message", cardOf({ last: outcome("pending", { message: hostile }) })],
  ])("%s steers no terminal and makes no line", (_, card) => {
    const lines = card.split("\n");

    expect(lines.filter((line) => line.startsWith("step 9"))).toEqual([]);
    expect(card.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/u);
    expect(card).toContain("\\u{1b}[2K");
    expect(card).toContain("\\u{202e}");
  });
});

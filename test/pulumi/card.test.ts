import { describe, expect, test } from "@jest/globals";
import type { ManagedDevice } from "../../providers/domain/managed-device.ts";
import type { FirstAct } from "../../providers/engine/decide/first-act.ts";
import { firstActOf } from "../../providers/engine/decide/first-act.ts";
import { renderCard } from "../../providers/pulumi/program/card.ts";
import { previewWarnings } from "../../providers/pulumi/program/preview-warnings.ts";
import type { ResolvedRequest } from "../../providers/pulumi/program/resolved-request.ts";
import { IPAD } from "../support/fakes-devices.ts";
import { AT, begun, finished, outcome, sent } from "../support/fakes-records.ts";
import { jobOf, lifecycleRequest, UNLOCK_AND_WIPE } from "../support/fakes-requests.ts";
import { entryOf } from "../support/fakes-resolved.ts";
import { situationOf } from "../support/fakes-situation.ts";

const REQUEST = { steps: UNLOCK_AND_WIPE };
const PLAN = jobOf(lifecycleRequest(UNLOCK_AND_WIPE)).plan;
const FOLLOWS = { kind: "follows", text: "follows: something" } as const;

function actOf(row: Parameters<typeof situationOf>[0]): FirstAct {
  const act = firstActOf(situationOf(row));
  if (act.kind === "look") throw new TypeError(`it wants to look at ${act.at.join(", ")}`);
  return act;
}

const cardOf = (request: Parameters<typeof entryOf>[0] = REQUEST, found: Parameters<typeof entryOf>[1] = {}, act: FirstAct = FOLLOWS) =>
  renderCard(entryOf(request, found), act, warningsOf(entryOf(request, found), act));
function warningsOf(entry: ResolvedRequest, act: FirstAct): readonly string[] {
  const { name } = entry.request;
  return previewWarnings([entry], new Map([[name, act]]), { now: Date.parse(AT), wasApprovalAsked: () => false }).get(name) ?? [];
}
const cardOfDevice = (changes: Partial<ManagedDevice>) => cardOf(REQUEST, { device: { ...IPAD, ...changes } });

describe("the card of a request", () => {
  test("shows the device, the steps, why, until when, and what cannot be recalled", () => {
    expect(cardOf(REQUEST, {}, actOf(REQUEST)).split("\n")).toEqual([
      "WIPES: first escrows the bypass code, then sends bypassActivationLock, then sends wipe",
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
    const records = [begun(PLAN), finished(0), ...sent(1), ...sent(2, "unknown"), outcome("ambiguous")];

    const card = cardOf(REQUEST, { records });

    expect(card).toContain("step 1   escrowBypassCode [done]");
    expect(card).toContain("step 2   bypassActivationLock: Remove the Activation Lock [accepted]");
    expect(card).toContain("step 3   wipe: Erase the device. DESTROYS DATA [inDoubt]");
    expect(card).toContain("last run ambiguous at 2026-11-20T12:00:00.000Z: it is ambiguous");
    expect(card).not.toContain("cannot be recalled");
  });

  test("shows parameters", () => {
    const steps = [{ action: "wipe", parameters: { persistEsimDataPlan: true } }];

    expect(cardOf({ steps })).toContain('wipe {"persistEsimDataPlan":true}: Erase the device. DESTROYS DATA');
  });

  test("leaves out what there is not", () => {
    const card = cardOf({ steps: ["syncDevice"], ticket: null, expires: null, acknowledge: [] });

    expect(card).toContain("reason   Leaver returned the iPad\n".trimEnd());
    expect(card).not.toMatch(/expires|agreed|last run|WARNING|INC/);
  });

  test("says first that a device was enrolled anew, and warns of nothing that will not be done", () => {
    const act = actOf({ ...REQUEST, since: { enrolledDateTime: "2026-11-20T11:00:00Z" } });

    const card = cardOf(REQUEST, {}, act);

    expect(card).toMatch(/^will not run: the device was enrolled anew \(2026-11-20T11:00:00Z, planned for /);
    expect(card).not.toContain("WARNING");
  });

  test("says of a device that is not shown just that: it may have left, and it may be hidden", () => {
    expect(cardOf(REQUEST, { device: null })).toContain("device   DMPXK2ABCDEF, not shown by Intune to this identity");
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
    ["in a reason", cardOf({ ...REQUEST, reason: hostile })],
    ["in a ticket", cardOf({ ...REQUEST, ticket: hostile })],
    ["in the name of a device", cardOfDevice({ deviceName: hostile })],
    ["in the name of a user", cardOfDevice({ userPrincipalName: hostile })],
    ["in an older message", cardOf(REQUEST, { records: [outcome("pending", { message: hostile })] })],
  ])("%s steers no terminal and makes no line", (_, card) => {
    const lines = card.split("\n");

    expect(lines.filter((line) => line.startsWith("step 9"))).toEqual([]);
    expect(card.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/u);
    expect(card).toContain("\\u{1b}[2K");
    expect(card).toContain("\\u{202e}");
  });
});

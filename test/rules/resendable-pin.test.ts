import { describe, expect, test } from "@jest/globals";
import { seen } from "../../providers/domain/observation.ts";
import { resendablePinRule } from "../../providers/rules/ledger-rules.ts";
import { ANDROID, MAC } from "../support/fakes-devices.ts";
import { jobOf, lifecycleRequest } from "../support/fakes-requests.ts";
import { ruleFacts } from "../support/fakes-rules.ts";
import { EMPTY_LEDGER } from "../support/fakes-situation.ts";

const { plan } = jobOf(lifecycleRequest(["escrowBypassCode", "wipe"]), MAC);
const ASKED = { ledger: seen({ ...EMPTY_LEDGER, approvalAsked: new Set(["wipe"]) }, 0, "a test") };
const NO_READ_BACK = {
  cloud: "global",
  followOnly: false,
  maxDestructive: 5,
  maxDisruptive: 50,
  protected: [],
  canResendSecrets: false,
} as const;
const asked = (changes: Parameters<typeof ruleFacts>[2], device = MAC) =>
  resendablePinRule.ask(ruleFacts(plan, device, { run: NO_READ_BACK, seen: ASKED, ...changes })).kind;

describe("the PIN that goes along with the wipe of a Mac", () => {
  test("is refused where it would have to be sent again and could not", () => {
    expect(asked({})).toBe("against");
  });

  test("is not where it was sent before: what asks for another PIN gets one", () => {
    expect(asked({ sent: new Set([1]) })).toBe("fine");
  });

  test("nor where the escrow gives it back, nobody asks for approval, or no Mac is meant", () => {
    expect(asked({ run: { ...NO_READ_BACK, canResendSecrets: true } })).toBe("fine");
    expect(asked({ seen: { ledger: seen(EMPTY_LEDGER, 0, "a test") } })).toBe("fine");
    expect(asked({}, ANDROID)).toBe("fine");
  });
});

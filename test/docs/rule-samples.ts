import { seen } from "../../providers/domain/observation.ts";
import { RULES } from "../../providers/rules/all-rules.ts";
import { type Finding, notReadableRule, type RuleFacts, type RuleText } from "../../providers/rules/rule.ts";
import { changedSettingsRule } from "../../providers/rules/run-rules.ts";
import { ANDROID, IPAD, MAC, UNSUPERVISED_IPAD } from "../support/fakes-devices.ts";
import { jobOf, lifecycleRequest, UNLOCK_AND_WIPE } from "../support/fakes-requests.ts";
import { ruleFacts } from "../support/fakes-rules.ts";
import { EMPTY_LEDGER } from "../support/fakes-situation.ts";

const NOW = Date.parse("2027-01-01T06:00:00Z");
const ANEW = "2026-11-20T11:59:00Z";
const { plan: WIPE } = jobOf(lifecycleRequest(UNLOCK_AND_WIPE));
const FACTS = ruleFacts(WIPE, IPAD, { now: NOW });
const RUN = FACTS.run;
/** The last step is next. */
const WIPES: Partial<RuleFacts> = { steps: WIPE.steps.slice(2) };

const ledger = (changes: Partial<typeof EMPTY_LEDGER>) => ({ seen: { ledger: seen({ ...EMPTY_LEDGER, ...changes }, NOW, "the ledger") } });
const request = (changes: Partial<RuleFacts["request"]>) => ({ request: { ...FACTS.request, ...changes } });
const wiped = (key: string, isUnsettled: boolean) => ({
  destroyedBefore: { key, action: "wipe", at: "2026-11-20T12:00:00.000Z", isUnsettled, mayHaveDestroyed: true },
});
const planOf = (steps: readonly string[], device = IPAD) => {
  const { plan } = jobOf(lifecycleRequest(steps), device);
  return { plan, steps: plan.steps, device };
};

/** What each rule is asked about, so that it has something to say. */
const FACTS_AGAINST: Readonly<Record<string, Partial<RuleFacts>>> = {
  "follow-only": { run: { ...RUN, followOnly: true } },
  enrolment: { device: { ...IPAD, enrolledDateTime: ANEW } },
  "enrolment-told": { device: { ...IPAD, enrolledDateTime: null } },
  "same-serial-number": { device: { ...IPAD, serialNumber: "DMPXK2GHJKLM" } },
  expiry: { ...WIPES, ...request({ terms: { expires: "2026-12-31", acknowledge: [] } }) },
  presence: { ...WIPES, device: null, seen: { gone: seen({ elsewhere: [] }, NOW, "Graph") } },
  "enrolment-known": { ...planOf(["wipe"], { ...ANDROID, enrolledDateTime: null }) },
  cloud: { ...planOf(["requestRemoteAssistance"]), run: { ...RUN, cloud: "usGovernment" } },
  platform: planOf(["rotateBitLockerKeys"]),
  version: planOf(["rotateRecoveryLockPasscode"], { ...MAC, osVersion: "11.4" }),
  supervision: planOf(["bypassActivationLock"], UNSUPERVISED_IPAD),
  "escrow-first": planOf(["wipe"]),
  owner: { device: { ...IPAD, managedDeviceOwnerType: "personal" } },
  protected: { run: { ...RUN, protected: ["*@contoso.example"] } },
  "not-reviewed": { seen: { review: seen("leeds-ipad-0042#1 is not in the review of 2026-11-20T12:00:00.000Z", NOW, "the review") } },
  "not-shown": { seen: { shown: seen("leeds-ipad-0042#1 is not in the preview of 2026-11-20T12:00:00.000Z", NOW, "the preview") } },
  brake: { seen: { brake: seen("somebody wipes the wrong iPads (anna, 2026-11-20T12:00:00.000Z)", NOW, "the brake") } },
  "wrong-clock": { ...WIPES, seen: { clock: seen({ ours: NOW, graphs: NOW - 3_600_000 }, NOW, "the answers of Graph") } },
  "last-look": { lookAgeMs: 8_000 },
  pause: { isPaused: true },
  permission: {
    calls: ["bypassActivationLock"],
    seen: {
      permissions: seen(
        new Map([
          [
            "bypassActivationLock",
            { kind: "missing", permission: "DeviceManagementManagedDevices.PrivilegedOperations.All", signIn: "./dlr login" },
          ],
        ]),
        NOW,
        "the tokens at hand",
      ),
    },
  },
  "audit-not-seen": { run: { ...RUN, foreignLimit: 10 }, ...ledger({ auditedAt: Date.parse("2027-01-01T03:00:00Z") }) },
  repetition: ledger(wiped("leeds-ipad-0042#1", false)),
  "other-member": {
    ...planOf(["resetPasscode"]),
    ...request({ name: "reset-all/00000000-0000-4000-8000-00000000000a" }),
    ...ledger({ sentForList: [{ key: "reset-all/DMPXK2ABCDEF#1", action: "resetPasscode", at: "2026-11-20T12:00:00.000Z" }] }),
  },
  "earlier-request-open": { plan: { ...WIPE, key: "leeds-leaver-0042#2" }, ...ledger(wiped("leeds-leaver-0042#1", true)) },
  "repeats-nothing": { ...request({ repeats: "leeds-ipad-0042" }), ...ledger({}) },
  "max-destructive": { coming: { destructive: 4, disruptive: 0, sends: new Map() }, ...ledger({ destroyedToday: 3 }) },
  "max-disruptive": {
    ...planOf(["resetPasscode"]),
    coming: { destructive: 0, disruptive: 51, sends: new Map() },
    ...ledger({}),
  },
  "daily-quota": {
    coming: { destructive: 1, disruptive: 0, sends: new Map([["wipe", 400]]) },
    ...ledger({ sentToday: new Map([["wipe", 120]]) }),
  },
  "secret-on-its-way": {
    ...planOf(["syncDevice"], MAC),
    ...ledger({ secretOnItsWay: { key: "mac-lock-0007#1", action: "remoteLock", kind: "unlockPin", at: "2026-11-20T12:00:00.000Z" } }),
  },
  "resendable-pin": { ...planOf(["wipe"], MAC), run: { ...RUN, canResendSecrets: false }, ...ledger({ approvalAsked: new Set(["wipe"]) }) },
  "bypass-code": { seen: { bypassCode: { kind: "absent", evidence: "Graph shows no bypass code", at: NOW } } },
  "not-readable": {
    isGuarded: true,
    seen: { hold: { kind: "unreadable", reason: "GraphNotReadable", why: "Graph did not answer", at: NOW } },
  },
};

/** What a rule finds in its sample; null where it has none, or finds nothing. */
export function findingOf(rule: RuleText): Finding | null {
  const asked = RULES.find(({ id }) => id === (rule === notReadableRule ? changedSettingsRule.id : rule.id));
  const answer = asked?.ask({ ...FACTS, ...FACTS_AGAINST[rule.id] });
  return answer?.kind === "against" && answer.rule.id === rule.id ? (answer.findings[0] ?? null) : null;
}

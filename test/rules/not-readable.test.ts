import { expect, test } from "@jest/globals";
import { absent, type Look, type Observation, seen } from "../../providers/domain/observation.ts";
import { Redacted } from "../../providers/domain/redacted.ts";
import { RULES } from "../../providers/rules/all-rules.ts";
import type { Rule, RuleFacts } from "../../providers/rules/rule.ts";
import { MAC } from "../support/fakes-devices.ts";
import { jobOf, lifecycleRequest } from "../support/fakes-requests.ts";
import { ruleFacts } from "../support/fakes-rules.ts";
import { EMPTY_LEDGER } from "../support/fakes-situation.ts";

/** Everything was looked at, and nothing stands against anything. */
const SEEN: Required<Observation> = {
  device: seen(MAC, 0, "Graph"),
  gone: absent("the list of all devices has it", 0),
  bypassCode: seen({ code: new Redacted("4K7Q1"), fingerprint: "f", reference: null }, 0, "Graph"),
  approval: seen({ kind: "approved" }, 0, "Graph"),
  brake: absent("the brake is not set", 0),
  hold: absent("no setting changed", 0),
  review: absent("nothing differs from the review", 0),
  shown: absent("nothing differs from the preview", 0),
  permissions: seen(new Map(), 0, "the tokens at hand"),
  ledger: seen(EMPTY_LEDGER, 0, "the ledger"),
  clock: seen({ ours: 0, graphs: 0 }, 0, "the answers of Graph"),
};
const LOOKS = Object.keys(SEEN) as Look[];

/** The wipe of a Mac, for which every rule that looks at anything has something to say. */
function factsWith(observation: Observation): RuleFacts {
  const { plan } = jobOf(lifecycleRequest(["wipe"]), MAC);
  const facts = ruleFacts(plan, MAC, {
    calls: ["wipe"],
    isGuarded: true,
    coming: { destructive: 1, disruptive: 0, sends: new Map([["wipe", 1]]) },
  });
  return { ...facts, run: { ...facts.run, canResendSecrets: false }, seen: observation };
}

function needs(rule: Rule, look: Look): boolean {
  const { [look]: _, ...rest } = SEEN;
  const answer = rule.ask(factsWith(rest));
  return answer.kind === "look" && answer.at.includes(look);
}

const PAIRS = RULES.flatMap((rule) => LOOKS.filter((look) => needs(rule, look)).map((look) => [rule.id, look, rule] as const));

test("every look that a rule needs is put to the test", () => {
  const looks = new Set(PAIRS.map(([, look]) => look));

  expect([...looks].sort()).toEqual(["brake", "bypassCode", "clock", "hold", "ledger", "permissions", "review", "shown"]);
  for (const [, , rule] of PAIRS) expect(rule.ask(factsWith(SEEN)).kind).not.toBe("look");
});

test.each(PAIRS)("%s is never content with a look at %s that failed", (id, look, rule) => {
  const why = "the store broke";

  const answer = rule.ask(factsWith({ ...SEEN, [look]: { kind: "unreadable", why, at: 0 } }));

  expect(answer).toMatchObject({ kind: "against", findings: [{ message: expect.stringContaining(why) }] });
  // What cannot be seen is held, and never refused for good.
  expect(answer).toMatchObject({ rule: { outcome: "pending", reason: id === "brake" ? "Brake" : "NotReadable" } });
});

test("a look that failed and that no rule needs stands against nothing", () => {
  const unreadable = { kind: "unreadable", reason: "GraphNotReadable", why: "Graph did not answer", at: 0 } as const;
  const of = (rule: Rule) => rule.ask(factsWith({ ...SEEN, device: unreadable, approval: unreadable })).kind;

  expect(RULES.map(of)).toEqual(RULES.map((rule) => rule.ask(factsWith(SEEN)).kind));
});

import type { EscrowFault } from "./breakable-escrow.ts";
import { DONE, taken } from "./expectations.ts";
import type { Expected, FaultCase, Strike } from "./fault-case.ts";

export interface EscrowCase extends FaultCase {
  readonly escrow: EscrowFault;
  /** A folder answers no questions, so that no answer can be lost. */
  readonly stores: readonly ("folder" | "vault")[];
}

const BOTH = ["folder", "vault"] as const;
const CHANGED: readonly Strike[] = [{ call: "readCode", nth: 2, effect: { kind: "code", code: "rotated" } }];

const WORDS = {
  beforeTheWrite: /escrow|vault/i,
  afterTheWrite: /escrow|vault/i,
  atTheReadBack: /read back|cannot read/,
  wrongReadBack: /read back/,
} as const;

/**
 * Nothing that destroys data was sent; the code, or the PIN, is put again once the escrow is whole.
 */
const stopped = (when: keyof typeof WORDS): Expected => ({ up: "broken", posts: 0, keeps: "", says: WORDS[when], later: ["succeeded", 1] });

/**
 * Graph took the action, and what the device reports of it is read again once the escrow is whole.
 */
const unkept = (when: keyof typeof WORDS): Expected => ({
  up: "broken",
  posts: 1,
  keeps: "intent accepted",
  says: WORDS[when],
  later: ["succeeded", 1],
});

const WHENS = ["beforeTheWrite", "afterTheWrite", "atTheReadBack", "wrongReadBack"] as const;

/** The first code, before anything destroys it. */
export const CODE_ESCROW_CASES: readonly EscrowCase[] = [
  ...WHENS.map((when) => ({ name: `the code: ${when}`, strikes: [], escrow: { entry: 1, when }, stores: BOTH, once: stopped(when) })),
  ...WHENS.map((when) => ({
    name: `a code that changed: ${when}`,
    strikes: CHANGED,
    escrow: { entry: 2, when },
    stores: BOTH,
    once: stopped(when),
  })),
  {
    name: "the code: an answer is lost once",
    strikes: [],
    escrow: { entry: 1, when: "answerLostOnce" },
    stores: ["vault"],
    once: taken(1),
  },
];

/** The PIN that goes along with the wipe of a Mac: the second entry, after the code. */
export const PIN_ESCROW_CASES: readonly EscrowCase[] = WHENS.map((when) => ({
  name: `the PIN: ${when}`,
  strikes: [],
  escrow: { entry: 2, when },
  stores: BOTH,
  once: stopped(when),
}));

/** The passcode or PIN that the device's result carries. */
export const RESULT_ESCROW_CASES: readonly EscrowCase[] = [
  ...WHENS.map((when) => ({ name: `what it reports: ${when}`, strikes: [], escrow: { entry: 1, when }, stores: BOTH, once: unkept(when) })),
  {
    name: "what it reports: an answer is lost once",
    strikes: [],
    escrow: { entry: 1, when: "answerLostOnce" },
    stores: ["vault"],
    once: { ...taken(1), says: DONE },
  },
];

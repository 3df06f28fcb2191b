import type { CloudName } from "../domain/cloud-name.ts";
import type { DiagnosticCode } from "../domain/diagnostic-codes.ts";
import type { ManagedDevice } from "../domain/managed-device.ts";
import type { Look, Observation } from "../domain/observation.ts";
import type { Outcome } from "../domain/outcome.ts";
import type { Plan, PlanStep } from "../domain/plan.ts";
import type { RequestKey } from "../domain/request.ts";
import type { RequestTerms } from "../domain/request-record.ts";

/** When a rule is asked; in the order of a request's life. */
export const MOMENTS = {
  program: "by the program, of each request that is not begun, before the first resource is registered",
  begun: "by the program, of each request that is begun and has something to send",
  totals: "by the program, once over all requests",
  device: "of each look at the device",
  start: "before a step is started, or sent again",
  step: "before anything is done for a step",
  takeOver: "before an action that somebody else started becomes the step's",
  send: "before a step is sent, or a bypass code is read for it",
  code: "once the bypass code was read",
  close: "before a step is closed",
  ledger: "in one go with the intent, where nobody else's record comes between",
  wire: "right before each try on the wire",
} as const;

/** A rule lists those in `asked` at which it can judge, and is silent at the others. */
export type Moment = keyof typeof MOMENTS;

/** What a rule is asked about. */
export interface RuleFacts {
  readonly request: {
    readonly name: string;
    readonly repeats: string | null;
    readonly terms: Pick<RequestTerms, "expires" | "acknowledge">;
  };
  readonly plan: Plan;
  /** The plan is frozen: something was done already. */
  readonly isBegun: boolean;
  /** Steps that are still to be sent, the one in question first. */
  readonly steps: readonly PlanStep[];
  /** Indexes of steps that a call was about to be sent for before. */
  readonly sent: ReadonlySet<number>;
  /** Names of the actions whose permission is needed now. */
  readonly calls: readonly string[];
  /**
   * A change of the safety settings holds this back: it destroys data, locks people out, or puts a
   * secret into escrow.
   */
  readonly isGuarded: boolean;
  /** This request put a bypass code of this enrolment into escrow. */
  readonly hasEscrowedCode: boolean;
  /** The device as it was just observed; null where Graph does not have it. */
  readonly device: ManagedDevice | null;
  readonly run: RunLimits;
  /**
   * Requests and sends that this question is about: one request's in the engine, all of a run's in
   * the program.
   */
  readonly coming: Coming;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /**
   * How old the last look at the device is, by the clock that saw more time pass; null where
   * nothing hangs on it.
   */
  readonly lookAgeMs: number | null;
  /** Graph asked for a pause since the place under the rate limit was taken. */
  readonly isPaused: boolean;
  readonly seen: Observation;
}

/** What the configuration sets for every request of a run. */
export interface RunLimits {
  readonly cloud: CloudName;
  readonly followOnly: boolean;
  readonly maxDestructive: number;
  readonly maxDisruptive: number;
  readonly protected: readonly string[];
  /** Actions of others in 24 hours beyond which the brake is set; absent where nobody set it. */
  readonly foreignLimit?: number | undefined;
  /** Actions of others count towards `maxDestructive`. */
  readonly countForeign?: boolean;
  /** A secret that went along with a call can be had from escrow again. */
  readonly canResendSecrets: boolean;
  /** For the commands in hints; undefined where a state of an older version does not say. */
  readonly stack?: string | undefined;
}

/**
 * How many requests and sends the limits have to make room for, beside what the ledger already
 * counts.
 */
export interface Coming {
  /** Requests that would destroy data and did not yet. */
  readonly destructive: number;
  /**
   * Requests that would lock people out, and did not yet; those that would destroy data do not
   * count.
   */
  readonly disruptive: number;
  /** Sends of each action. */
  readonly sends: ReadonlyMap<string, number>;
}

/** What stands against it, and what to do about that. */
export interface Finding {
  readonly message: string;
  readonly hint: string;
}

/**
 * What people and scripts know a rule by; docs/configuration.md's table of guards is made of it.
 */
export interface RuleText {
  /** Stable name, in kebab-case. */
  readonly id: string;
  /** Code of the diagnostic where the program refuses. */
  readonly code: DiagnosticCode | null;
  /** Reason of the condition `Finished` where the engine stops. */
  readonly reason: string;
  /**
   * How the request stands where the engine stops: `failed` and `expired` refuse, the others hold.
   */
  readonly outcome: Extract<Outcome, "failed" | "expired" | "pending" | "awaitingSignIn">;
  readonly asked: readonly Moment[];
  /** The key of the request that is to be changed; `plan` is its playbook or its steps. */
  readonly key: RequestKey | "plan";
  /** For docs/configuration.md: when it applies, and how to get on. */
  readonly when: string;
  readonly goOn: string;
  /** Not asked where Graph is a double on this machine. */
  readonly realGraphOnly?: true;
  /** The page that says so, for what is not ours. */
  readonly source?: string;
}

/** What a rule answers: nothing against it, a finding, or what has to be looked at first. */
export type Answer =
  | { readonly kind: "fine" }
  | { readonly kind: "look"; readonly at: readonly Look[] }
  /** Never empty. */
  | { readonly kind: "against"; readonly rule: Rule; readonly findings: readonly Finding[] };

/** Made with `defineRule`; `ask` decides from the facts alone and reads nothing itself. */
export interface Rule extends RuleText {
  ask(facts: RuleFacts): Answer;
}

type Readable<T> = Exclude<T, undefined | { readonly kind: "unreadable" }>;

/**
 * The looks that a rule is given: each was made, and could be read unless the rule judges
 * unreadable ones itself.
 */
type Judged<N extends Look, U extends Look> = {
  readonly [K in N]: K extends U ? NonNullable<Observation[K]> : Readable<Observation[K]>;
};

interface Definition<N extends Look, U extends N> extends RuleText {
  /** False where the rule has nothing to say: then nothing is looked at for it. */
  readonly applies?: (facts: RuleFacts) => boolean;
  readonly needs?: readonly N[];
  /**
   * Looks that the rule judges also where they failed; any other that failed stands against it,
   * without asking the rule.
   */
  readonly judgesUnreadable?: readonly U[];
  /**
   * Empty, null: nothing stands against it. Several where several things do, such as two steps of a
   * plan.
   */
  readonly judge: (facts: RuleFacts, seen: Judged<N, U>) => readonly Finding[] | Finding | null;
}

const FINE: Answer = { kind: "fine" };

/**
 * Stands in for a rule whose look failed: while the ledger cannot be read, for example, nothing
 * that has to be checked against it is sent.
 */
export const notReadableRule: Rule = {
  id: "not-readable",
  code: null,
  reason: "NotReadable",
  outcome: "pending",
  asked: [],
  key: "plan",
  when: "what another guard has to see cannot be read: that nothing was seen against it is no leave",
  goOn: "nothing: the next `up` looks again",
  ask: () => FINE,
};

/** One rule: what it needs to see is looked at before it is asked. */
export function defineRule<N extends Look = never, U extends N = never>(definition: Definition<N, U>): Rule {
  const { applies = () => true, needs = [], judgesUnreadable = [], judge, ...text } = definition;
  const rule: Rule = {
    ...text,
    ask: (facts) => {
      if (!applies(facts)) return FINE;
      const { seen } = facts;
      const missing = needs.filter((need) => seen[need] === undefined);
      if (missing.length > 0) return { kind: "look", at: missing };
      if (!isReadable(seen, needs, judgesUnreadable))
        return { kind: "against", rule: notReadableRule, findings: unreadable(seen, needs, text.id) };
      const findings = [judge(facts, seen) ?? []].flat();
      return findings.length === 0 ? FINE : { kind: "against", rule, findings };
    },
  };
  return rule;
}

function isReadable<N extends Look, U extends N>(
  seen: Observation,
  needs: readonly N[],
  judgesUnreadable: readonly U[],
): seen is Observation & Judged<N, U> {
  const judged: readonly Look[] = judgesUnreadable;
  return needs.every((need) => judged.includes(need) || seen[need]?.kind !== "unreadable");
}

function unreadable(seen: Observation, needs: readonly Look[], id: string): readonly Finding[] {
  return needs.flatMap((need) => {
    const look = seen[need];
    if (look?.kind !== "unreadable") return [];
    return {
      message: `what the guard ${id} has to see (${need}) cannot be read: ${look.why}`,
      hint: "nothing was sent; the next up looks again",
    };
  });
}

/** The first of the rules that stands against it, or that has to see more first. */
export function askRules(rules: readonly Rule[], moment: Moment, facts: RuleFacts): Answer {
  for (const rule of rules) {
    if (!rule.asked.includes(moment)) continue;
    const answer = rule.ask(facts);
    if (answer.kind !== "fine") return answer;
  }
  return FINE;
}

/** What may stop a whole run, before anything is registered; its judge stands beside it. */
export interface RunGuard extends Pick<RuleText, "id" | "when" | "goOn" | "realGraphOnly"> {
  /** What happens: the run is refused, or goes on without what is guarded. */
  readonly effect: string;
}

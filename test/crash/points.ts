/**
 * Who is killed. `machine`: every process of the run at once. `group`: `npm run up` with the
 * engine, as `kill -9 -PID` does it; plugins have groups of their own. `terminate`: the group is
 * asked to end, with SIGTERM.
 */
export type Victim = "machine" | "group" | "engine" | "host" | "program" | "provider" | "terminate";

/**
 * When: at an event of the emulator, which waits until the kill is done, or once a record is in the
 * ledger's file.
 */
export type Moment =
  | { readonly at: "request" | "applied" | "answered"; readonly call: string }
  | { readonly at: "record"; readonly kind: string; readonly step: number | null }
  | { readonly at: "state" };

/** How it goes on after the crash, before or instead of a plain `npm run up`. */
export type Aftermath = "up" | "stateLost" | "olderState" | "renamed" | "twoUps" | "replace" | "crashAgain" | "tornState" | "tornNote";

/** What is wrong with Graph during the run that dies; the runs after it find it as it should be. */
export type Weather = "fair" | "throttled" | "misdirected" | "slowLook" | "hiddenLook";

export interface Point {
  readonly name: string;
  readonly victim: Victim;
  readonly moment: Moment;
  /**
   * The call under way never reached Graph; otherwise Graph takes it although nobody waits for the
   * answer.
   */
  readonly isLost: boolean;
  readonly skipCheckpoints: boolean;
  /**
   * A `slow` device reports its wipe only when a later run has seen it under way; a quick one is
   * gone by then.
   */
  readonly device: "quick" | "slow";
  readonly aftermath: Aftermath;
  readonly weather: Weather;
}

const MOMENTS: Readonly<Record<string, Moment>> = {
  "before the code is read": { at: "request", call: "readCode" },
  "once the code is read": { at: "answered", call: "readCode" },
  "once the code is escrowed": { at: "record", kind: "escrowed", step: 0 },
  "once escrow is finished": { at: "record", kind: "finished", step: 0 },
  "before the bypass": { at: "request", call: "bypassActivationLock" },
  "when the bypass is taken": { at: "applied", call: "bypassActivationLock" },
  "at the bypass's result": { at: "record", kind: "result", step: 1 },
  "at the reset's intent": { at: "record", kind: "intent", step: 2 },
  "before the reset": { at: "request", call: "resetPasscode" },
  "when the reset is taken": { at: "applied", call: "resetPasscode" },
  "when the reset is answered": { at: "answered", call: "resetPasscode" },
  "at the reset's result": { at: "record", kind: "result", step: 2 },
  "when the reset is done": { at: "record", kind: "finished", step: 2 },
  "when the wait is over": { at: "record", kind: "finished", step: 3 },
  "at the wipe's intent": { at: "record", kind: "intent", step: 4 },
  "before the wipe": { at: "request", call: "wipe" },
  "when the wipe is taken": { at: "applied", call: "wipe" },
  "when the wipe is answered": { at: "answered", call: "wipe" },
  "at the wipe's result": { at: "record", kind: "result", step: 4 },
  "when the wipe is done": { at: "record", kind: "finished", step: 4 },
  "at the outcome": { at: "record", kind: "outcome", step: null },
  "when the state is written": { at: "state" },
};

type MomentName = keyof typeof MOMENTS;
type Variant = Partial<Pick<Point, "isLost" | "skipCheckpoints" | "device" | "aftermath" | "weather">>;

function point(victim: Victim, when: MomentName, variant: Variant = {}): Point {
  const { isLost = false, skipCheckpoints = true, device = "quick", aftermath = "up", weather = "fair" } = variant;
  const moment = MOMENTS[when];
  if (moment === undefined) throw new Error(`no moment is named ${when}`);
  const remarks = [
    isLost ? "call lost" : "",
    skipCheckpoints ? "" : "checkpoints",
    device === "slow" ? "slow device" : "",
    WEATHER_WORDS[weather],
    aftermath === "up" ? "" : `then ${AFTERMATH_WORDS[aftermath]}`,
  ];
  const name = [`${victim} ${when}`, ...remarks.filter((remark) => remark !== "")].join(", ");
  return { name, victim, moment, isLost, skipCheckpoints, device, aftermath, weather };
}

const AFTERMATH_WORDS: Readonly<Record<Aftermath, string>> = {
  up: "up",
  stateLost: "the state is lost",
  olderState: "an older state is restored",
  renamed: "renamed back and forth",
  twoUps: "two up at once",
  replace: "up --replace",
  crashAgain: "the next run dies too",
  tornState: "the state is torn",
  tornNote: "the note beside the state is torn, and two up at once",
};

const WEATHER_WORDS: Readonly<Record<Weather, string>> = {
  fair: "",
  throttled: "after Graph said 429 twice",
  misdirected: "after the answer 421",
  slowLook: "after a look that took 7 s",
  hiddenLook: "after a look that was refused",
};

const EVERYWHERE = Object.keys(MOMENTS);
const SENDS = [
  "before the reset",
  "when the reset is taken",
  "when the reset is answered",
  "before the wipe",
  "when the wipe is taken",
  "when the wipe is answered",
];

/** In the order of the summary; their numbers are their places. */
export const POINTS: readonly Point[] = [
  ...EVERYWHERE.map((when) => point("machine", when)),
  ...["before the bypass", "before the reset", "before the wipe"].map((when) => point("machine", when, { isLost: true })),
  ...["when the wipe is taken", "before the wipe", "at the wipe's result"].map((when) => point("machine", when, { device: "slow" })),
  ...SENDS.map((when) => point("provider", when)),
  ...["before the code is read", "once the code is escrowed", "at the reset's result", "when the wipe is done"].map((when) =>
    point("provider", when),
  ),
  point("provider", "before the wipe", { isLost: true }),
  ...["before the code is read", ...SENDS, "at the reset's result", "when the wait is over"].map((when) => point("engine", when)),
  point("engine", "when the reset is answered", { device: "slow" }),
  ...["before the reset", "when the wipe is taken", "at the wipe's result"].map((when) => point("group", when)),
  ...["before the code is read", "when the reset is taken", "before the wipe", "at the outcome"].map((when) => point("host", when)),
  ...["before the code is read", "when the wipe is answered"].map((when) => point("program", when)),
  ...["before the code is read", "before the wipe", "when the wipe is answered"].map((when) => point("terminate", when)),
  ...["machine", "provider", "engine", "host"].flatMap((victim) =>
    ["when the reset is taken", "before the wipe"].map((when) => point(victim as Victim, when, { skipCheckpoints: false })),
  ),
  point("machine", "when the state is written", { skipCheckpoints: false }),
  ...["once the code is escrowed", "when the reset is answered", "when the wipe is taken", "at the outcome"].flatMap((when) => [
    point("machine", when, { aftermath: "stateLost" }),
    point("machine", when, { aftermath: "olderState", skipCheckpoints: false }),
  ]),
  ...["before the wipe", "at the wipe's result"].map((when) => point("machine", when, { aftermath: "renamed", device: "slow" })),
  ...["when the reset is taken", "before the wipe"].map((when) => point("machine", when, { aftermath: "twoUps" })),
  ...["when the reset is answered", "at the outcome"].map((when) => point("machine", when, { aftermath: "replace" })),
  ...["once the code is escrowed", "when the reset is answered", "before the wipe"].map((when) =>
    point("machine", when, { aftermath: "crashAgain" }),
  ),
  ...(["throttled", "slowLook"] as const).flatMap((weather) =>
    ["before the wipe", "when the wipe is taken"].map((when) => point("machine", when, { weather })),
  ),
  ...["at the wipe's result", "at the outcome"].map((when) => point("machine", when, { weather: "misdirected" })),
  point("machine", "at the outcome", { weather: "hiddenLook" }),
  point("provider", "when the wipe is taken", { weather: "throttled" }),
  point("engine", "before the wipe", { weather: "slowLook" }),
  ...(["tornState", "tornNote"] as const).map((aftermath) =>
    point("machine", "when the wipe is taken", { aftermath, skipCheckpoints: false }),
  ),
];

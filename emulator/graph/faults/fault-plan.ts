import type { ForcedResult } from "../actions/forced-result.ts";
import { CHALLENGE } from "../authorization.ts";
import type { GraphAnswer, GraphCall, Handled } from "../graph-call.ts";
import { type ErrorShape, errorBody, errorCodeOf } from "./error-answer.ts";
import type { FaultEffect } from "./fault-spec.ts";
import { retryAfterHeader } from "./throttle.ts";

type Replacement = Extract<FaultEffect, { readonly kind: "status" | "reset" | "hang" }>;

/** All faults of one call, sorted by when they strike. */
export interface FaultPlan {
  readonly delayMs: number;
  readonly deviceGone: boolean;
  readonly rotateCode: boolean;
  readonly hideCode: boolean;
  readonly result: ForcedResult | undefined;
  readonly omitItems: number;
  readonly body: ErrorShape | undefined;
  readonly cut: boolean;
  readonly instead: Replacement | undefined;
}

/** Several faults of one call as one: delays add up, and of two replacements the first counts. */
export function planFaults(effects: readonly FaultEffect[]): FaultPlan {
  const all = <K extends FaultEffect["kind"]>(kind: K) =>
    effects.filter((effect): effect is Extract<FaultEffect, { readonly kind: K }> => effect.kind === kind);
  const codes = all("code").map((effect) => effect.code);
  return {
    delayMs: all("slow").reduce((sum, effect) => sum + effect.delayMs, 0),
    deviceGone: all("gone").length > 0,
    rotateCode: codes.includes("rotated"),
    hideCode: codes.includes("null"),
    result: all("result")[0]?.state,
    omitItems: all("omitItems").reduce((sum, effect) => sum + effect.count, 0),
    body: all("body")[0]?.body,
    cut: all("cut").length > 0,
    instead: effects.find((effect): effect is Replacement => ["status", "reset", "hang"].includes(effect.kind)),
  };
}

/** What goes out instead of an answer of our own. */
export function replacement(call: GraphCall, effect: Replacement): Handled {
  if (effect.kind === "status") return { answer: statusAnswer(call, effect), delivery: "whole" };
  return { answer: { status: 0, headers: {}, body: { kind: "none" } }, delivery: effect.kind === "reset" ? "reset" : "never" };
}

/** Our own answer, damaged as planned. */
export function damage(call: GraphCall, answer: GraphAnswer, plan: FaultPlan): Handled {
  const shown = plan.body === undefined ? answer : { ...answer, body: errorBody(plan.body, errorOf(answer.status), call) };
  return { answer: shown, delivery: plan.cut ? "cut" : "whole" };
}

const RETRY_DATE_SECONDS = 2;

function statusAnswer(call: GraphCall, effect: Extract<FaultEffect, { readonly kind: "status" }>): GraphAnswer {
  const error = { ...errorOf(effect.status), ...(effect.code === undefined ? {} : { code: effect.code }) };
  const message = (effect.message ?? error.message).replaceAll("$BODY", () => bodyText(call));
  const retry = retryAfterHeader(effect.retryAfter ?? "none", call.receivedAt, RETRY_DATE_SECONDS);
  return {
    status: effect.status,
    headers: { ...(effect.status === 401 ? CHALLENGE : {}), ...retry, ...effect.headers },
    body: errorBody(effect.body ?? "graph", { ...error, message }, call),
  };
}

function bodyText({ body }: GraphCall): string {
  return body.kind === "json" ? JSON.stringify(body.value) : "";
}

function errorOf(status: number) {
  return { status, code: errorCodeOf(status), message: "An error has occurred" };
}

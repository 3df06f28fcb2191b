import { GraphReadError } from "../../domain/errors.ts";
import type { Redacted } from "../../domain/redacted.ts";
import { serverText } from "../../support/server-text.ts";
import { parseErrorBody } from "./error-body.ts";
import { ADMINISTRATOR_HINT, isNoAdministrator, isUnlicensed, LICENCE_HINT, UNLICENSED } from "./licence.ts";

/** One answer of Graph's, read whole. */
export interface GraphAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: string;
}

const PHRASES: Readonly<Record<number, string>> = {
  400: "the request is not right",
  401: "the token was refused",
  403: "not allowed",
  404: "not found",
  409: "conflict",
  412: "a condition was not met",
  429: "too many requests",
  500: "internal error",
  502: "bad gateway",
  503: "not available",
  504: "no answer behind the gateway",
};

/** `503 (not available): ServiceUnavailable: try later`, without secrets. */
export function describeAnswer(answer: Pick<GraphAnswer, "status" | "body">, secrets: readonly Redacted<string>[]): string {
  const { code, message } = parseErrorBody(answer.body);
  const phrase = PHRASES[answer.status];
  const head = phrase === undefined ? `${answer.status}` : `${answer.status} (${phrase})`;
  const texts = [serverText(code, secrets, 100), serverText(message, secrets)].filter((text) => text !== "");
  return [head, ...texts].join(": ");
}

/** The service's own name of the request, for a support case. */
export function requestIdOf(headers: Pick<Headers, "get">, secrets: readonly Redacted<string>[]): string | null {
  const id = headers.get("request-id");
  return id === null || id === "" ? null : serverText(id, secrets, 100);
}

/** A read that Graph refused for good. `what` names what was read, for people. */
export function readError(
  what: string,
  answer: Pick<GraphAnswer, "status" | "body">,
  secrets: readonly Redacted<string>[],
): GraphReadError {
  const { status } = answer;
  const error = parseErrorBody(answer.body);
  if (isUnlicensed(status, error))
    return new GraphReadError(`${UNLICENSED}: ${describeAnswer(answer, secrets)}`, { status, hint: LICENCE_HINT });
  const hint = isNoAdministrator(status, error) ? ADMINISTRATOR_HINT : HINTS[status];
  return new GraphReadError(`Graph did not give ${what}: ${describeAnswer(answer, secrets)}`, {
    status,
    ...(hint === undefined ? {} : { hint }),
  });
}

const HINTS: Readonly<Record<number, string>> = {
  401: "sign in again, or put a token for this tenant and cloud into GRAPH_ACCESS_TOKEN",
  403: "grant the identity DeviceManagementManagedDevices.Read.All, and see that the tenant has an Intune licence",
  404: "nobody can tell from this whether it is gone: a proxy may have answered, or the role of this identity does not let it see the device (scope tags)",
  429: "Graph throttles this tenant: try again in a few minutes",
};

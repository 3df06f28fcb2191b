import { NotVisibleError } from "../../domain/errors.ts";
import type { Redacted } from "../../domain/redacted.ts";
import { isJsonObject } from "../../support/is-json-object.ts";
import { describeAnswer, type GraphAnswer } from "./answer.ts";
import { parseErrorBody } from "./error-body.ts";

/**
 * What Intune says of a device that is there and that this identity may not see: "Resource does not
 * contain a tag allowed by the current role".
 * Source: https://github.com/microsoft/Intune-PowerShell-SDK/issues/119
 */
const OF_RIGHTS = /\b(?:scope|tags?|roles?|permissions?|privileges?|allowed|authori[sz]\w*|forbidden|denied)\b/i;

/**
 * Null where Graph itself says that it does not know the device; any other 404, such as a proxy's,
 * proves nothing and gives an error.
 */
export function readNotFound(
  what: string,
  answer: Pick<GraphAnswer, "status" | "body">,
  secrets: readonly Redacted<string>[],
): NotVisibleError | null {
  const { code, message } = parseErrorBody(answer.body);
  const isOfGraph = code.toLowerCase() === "resourcenotfound";
  if (isOfGraph && !OF_RIGHTS.test(message)) return null;
  const said = `Graph did not give ${what}: ${describeAnswer(answer, secrets)}`;
  return new NotVisibleError(`${said}; ${isOfGraph ? NOT_SEEN : NOT_GRAPH}`, {
    status: answer.status,
    hint: isOfGraph ? LOOK : LOOK_ON_THE_WAY,
  });
}

const NOT_SEEN = "the device may be there, and this identity may not see it";
const LOOK = "look for the device in the Intune admin centre, and at the scope tags of the identity's role";
const NOT_GRAPH = "that is not how Graph says that it does not know a device";
const LOOK_ON_THE_WAY = "look for the device in the Intune admin centre, and at proxies and gateways on the way to Graph";

/**
 * An answer of something that stands before Graph, such as the page of a proxy: another try may get
 * through.
 */
export function isForeignNotFound({ status, body }: Pick<GraphAnswer, "status" | "body">): boolean {
  return status === 404 && !isJsonObject(body);
}

import { printable } from "../domain/diagnostic.ts";
import { GraphReadError } from "../domain/errors.ts";
import type { ManagedDevice } from "../domain/managed-device.ts";
import type { DeviceSelector } from "../domain/request.ts";
import type { Resolved } from "./resolve-selectors.ts";

/** All answers, or one error that names the selectors that it is about. */
export function orFailure(selectors: readonly DeviceSelector[], results: readonly Resolved[]): readonly (readonly ManagedDevice[])[] {
  const failed = results.flatMap((result, index) => (result instanceof GraphReadError ? [{ index, error: result }] : []));
  const [first] = failed;
  if (first === undefined) return results.flatMap((result) => (result instanceof GraphReadError ? [] : [result]));
  const { error, index } = first;
  const like = failed.filter((one) => one.error.message === error.message);
  const about = like.length === results.length ? "" : `${describeSelector(selectors[index] ?? {})}${andMore(like.length - 1)}: `;
  throw new GraphReadError(`${about}${error.message}`, {
    hint: error.hint,
    cause: error,
    selectors: like.map((one) => one.index),
    ...(error.status === null ? {} : { status: error.status }),
  });
}

function andMore(count: number): string {
  return count === 0 ? "" : ` and ${count} more`;
}

function describeSelector(selector: DeviceSelector): string {
  const keys = Object.entries(selector).map(([key, value]) => `${key} ${typeof value === "string" ? value : JSON.stringify(value)}`);
  return printable(keys.join(", "));
}

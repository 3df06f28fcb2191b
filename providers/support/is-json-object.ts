import { isObject, parseJson } from "../domain/json.ts";

/** Whether a body is what Graph answers with where it answers with anything. */
export function isJsonObject(text: string): boolean {
  return isObject(parseJson(text));
}

import { isObject } from "../domain/json.ts";

/** Whether a body is what Graph answers with where it answers with anything. */
export function isJsonObject(text: string): boolean {
  try {
    return isObject(JSON.parse(text));
  } catch {
    return false;
  }
}

import { isObject, parseJson } from "../../domain/json.ts";

/**
 * What an error answer says: `code` for programs, `message` for people; "" where it says nothing.
 * Raw: make it printable.
 */
export interface ErrorText {
  readonly code: string;
  readonly message: string;
}

const NOTHING: ErrorText = { code: "", message: "" };

/**
 * The OData shapes of Graph (`error`, also with `message.value`, `odata.error`, `errors`), JSON
 * inside the message as the Intune services put it, the sign-in service's `error_description`, bare
 * `Message`, HTML of a gateway, plain text, nothing, broken JSON.
 */
export function parseErrorBody(body: string): ErrorText {
  const text = body.trim();
  if (text === "") return NOTHING;
  const json = parseJson(text);
  if (json !== undefined) return readError(json, 0);
  if (text.startsWith("<")) return { code: "", message: titleOf(text) };
  return text.startsWith("{") || text.startsWith("[") ? NOTHING : { code: "", message: text };
}

/** Intune nests its own error once; a hostile answer is not followed further. */
const DEEPEST = 3;

function readError(value: unknown, depth: number): ErrorText {
  if (typeof value === "string") return { code: "", message: value };
  if (Array.isArray(value)) return value.length > 0 && depth < DEEPEST ? readError(value[0], depth + 1) : NOTHING;
  if (!isObject(value) || depth > DEEPEST) return NOTHING;
  const inner = value.error ?? value["odata.error"] ?? value.errors;
  if (typeof inner === "string") return { code: inner, message: textOf(value.error_description) };
  if (inner !== undefined) return readError(inner, depth + 1);
  const code = textOf(value.code) || textOf(value.Code) || textOf(value.ErrorCode);
  return unfold({ code, message: messageOf(value.message ?? value.Message) }, depth);
}

function messageOf(value: unknown): string {
  return isObject(value) ? textOf(value.value) : textOf(value);
}

/**
 * `{"_version": 3, "Message": "… - Operation ID (…): … - Activity ID: …"}` as text inside
 * `message`.
 */
function unfold(error: ErrorText, depth: number): ErrorText {
  const nested = error.message.trimStart().startsWith("{") ? parseJson(error.message) : undefined;
  if (nested === undefined) return { code: error.code, message: withoutSupportIds(error.message) };
  const inner = readError(nested, depth + 1);
  // The gateway calls an error so that it knows no word for.
  const isTold = error.code !== "" && error.code !== "UnknownError";
  return { code: isTold ? error.code : inner.code || error.code, message: inner.message };
}

function withoutSupportIds(message: string): string {
  return message.split(/ - Operation ID \(for customer support\)/, 1)[0] ?? "";
}

function titleOf(html: string): string {
  return /<title[^>]{0,200}>([^<]{1,300})</i.exec(html)?.[1] ?? "";
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

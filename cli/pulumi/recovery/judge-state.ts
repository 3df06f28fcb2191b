import { gunzipSync, zstdDecompressSync } from "node:zlib";
import { parseJson } from "../../../providers/domain/json.ts";
import { systemCode } from "../../../providers/support/system-code.ts";

/** How a file ends that a crash cut short, in words. */
export type Tear = "is empty" | "breaks off";

/**
 * What a state file holds. `torn`: the beginning of a state, or nothing. `foreign`: no JSON, and
 * yet nothing that a crash leaves, such as an edit that went wrong.
 */
export type StateVerdict =
  | { readonly kind: "whole"; readonly data: unknown }
  | { readonly kind: "torn"; readonly how: Tear }
  | { readonly kind: "foreign" };

/** Pulumi, too, goes by the bytes, and not by the file's name. Any version of a state is whole. */
export function judgeState(bytes: Uint8Array): StateVerdict {
  const text = textOf(bytes);
  if (text === null) return { kind: "torn", how: "breaks off" };
  const data = parseJson(text);
  if (data !== undefined) return { kind: "whole", data };
  // A disk that lost its power may give zeros for what was not written.
  const said = text.replace(/[\0\s]+$/, "");
  if (said === "") return { kind: "torn", how: "is empty" };
  return breaksOff(said) ? { kind: "torn", how: "breaks off" } : { kind: "foreign" };
}

/** Null where what is compressed has no end. */
function textOf(bytes: Uint8Array): string | null {
  try {
    return Buffer.from(inflated(bytes)).toString("utf8");
  } catch (error) {
    if (systemCode(error) === null) throw error;
    return null;
  }
}

const GZIP = [0x1f, 0x8b, 0x08];
const ZSTD = [0x28, 0xb5, 0x2f, 0xfd];

function inflated(bytes: Uint8Array): Uint8Array {
  if (GZIP.every((byte, place) => bytes[place] === byte)) return gunzipSync(bytes);
  return ZSTD.every((byte, place) => bytes[place] === byte) ? zstdDecompressSync(bytes) : bytes;
}

const DEPTHS: Readonly<Record<string, number>> = { "{": 1, "[": 1, "}": -1, "]": -1 };

/** True for an object that is not closed. */
function breaksOff(text: string): boolean {
  if (!text.startsWith("{")) return false;
  let depth = 0;
  let isInText = false;
  for (let place = 0; place < text.length; place++) {
    const letter = text.charAt(place);
    if (letter === '"') isInText = !isInText;
    else if (!isInText) depth += DEPTHS[letter] ?? 0;
    else if (letter === "\\") place++;
  }
  return isInText || depth > 0;
}

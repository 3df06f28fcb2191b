/** Text, or how much of the bytes was text before the first one that is not UTF-8. */
export type Decoded =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "notUtf8"; readonly before: string; readonly looksLike: "utf16" | "workbook" | null };

const REPLACEMENT = "\ufffd";

/**
 * UTF-8 only, with or without a byte order mark, which is dropped. Never replaces a byte silently.
 */
export function decodeText(bytes: Uint8Array): Decoded {
  const looksLike = hasUtf16Mark(bytes) || isUnmarkedUtf16(bytes) ? "utf16" : isWorkbook(bytes) ? "workbook" : null;
  if (looksLike !== null) return { kind: "notUtf8", before: "", looksLike };
  const lossy = new TextDecoder("utf-8").decode(bytes);
  const bad = lossy.includes(REPLACEMENT) ? firstReplacement(lossy, bytes) : -1;
  if (bad === -1) return { kind: "text", text: lossy };
  return { kind: "notUtf8", before: lossy.slice(0, bad), looksLike };
}

/**
 * A replacement character may also be written on purpose: only one whose own three bytes are not
 * there is a fault.
 */
function firstReplacement(lossy: string, bytes: Uint8Array): number {
  let byte = hasUtf8Mark(bytes) ? 3 : 0;
  let index = 0;
  for (const character of lossy) {
    if (character === REPLACEMENT && !(bytes[byte] === 0xef && bytes[byte + 1] === 0xbf && bytes[byte + 2] === 0xbd)) return index;
    byte += utf8Length(character.codePointAt(0) ?? 0);
    index += character.length;
  }
  return -1;
}

function utf8Length(codePoint: number): number {
  if (codePoint < 0x80) return 1;
  if (codePoint < 0x800) return 2;
  return codePoint < 0x10000 ? 3 : 4;
}

function hasUtf8Mark(bytes: Uint8Array): boolean {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
}

function hasUtf16Mark(bytes: Uint8Array): boolean {
  return (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
}

/**
 * Excel's own files, new and old, whatever they are called: the one is a ZIP archive, the other a
 * compound file.
 */
function isWorkbook(bytes: Uint8Array): boolean {
  return ["504b0304", "d0cf11e0"].includes(Buffer.from(bytes.subarray(0, 4)).toString("hex"));
}

const LOOKED_AT = 200;

/** Text of Latin letters has a zero in every other byte then. */
function isUnmarkedUtf16(bytes: Uint8Array): boolean {
  const start = bytes.subarray(0, LOOKED_AT - (LOOKED_AT % 2));
  if (start.length < 4 || hasUtf16Mark(bytes)) return false;
  const zeros = (parity: number) => start.filter((byte, index) => byte === 0 && index % 2 === parity).length;
  const most = Math.max(zeros(0), zeros(1));
  return most > start.length / 4 && Math.min(zeros(0), zeros(1)) === 0;
}

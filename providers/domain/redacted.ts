const inspect = Symbol.for("nodejs.util.inspect.custom");

/** A secret in memory. Every accidental way to text gives `<redacted>`; `reveal` is the one door. */
export class Redacted<T> {
  readonly #value: T;

  constructor(value: T) {
    this.#value = value;
  }

  /** The secret itself. Callers hand it straight to an encrypting store, a request body or an authorized reader. */
  reveal(): T {
    return this.#value;
  }

  toString(): string {
    return "<redacted>";
  }

  toJSON(): string {
    return "<redacted>";
  }

  [inspect](): string {
    return "<redacted>";
  }
}

/**
 * The text without the secrets, in each form in which servers and libraries repeat what they were sent: as it is, percent-encoded, in JSON, base64,
 * base64url, hex. The longest secret goes first, so that no shorter one leaves half of it behind.
 */
export function withoutSecrets(text: string, secrets: readonly Redacted<string>[]): string {
  const values = secrets.map((secret) => secret.reveal()).filter((value) => value !== "");
  return values.sort((a, b) => b.length - a.length).reduce((rest, value) => rest.replaceAll(patternOf(value), "<redacted>"), text);
}

/** Base64 runs on before and after a secret, and the character at each end holds some of its bits. */
const BASE64 = "[\\w+/-]?";

function patternOf(secret: string): RegExp {
  const bytes = Buffer.from(secret);
  const hex = bytes.toString("hex");
  const inBase64 = [0, 1, 2].map((offset) => base64Within(bytes, offset));
  const inBase64Url = inBase64.map((form) => form.replaceAll("+", "-").replaceAll("/", "_"));
  const plain = [secret, encodeURIComponent(secret.toWellFormed()), JSON.stringify(secret).slice(1, -1), hex, hex.toUpperCase()];
  const encoded = [...inBase64, ...inBase64Url].map((form) => `${BASE64}${escapeRegExp(form)}${BASE64}={0,2}`);
  return new RegExp([...encoded, ...plain.map(escapeRegExp)].join("|"), "g");
}

/** What stays the same of a secret in base64, `offset` bytes behind a multiple of three, whatever stands before and after it. */
function base64Within(secret: Buffer, offset: number): string {
  const text = Buffer.concat([Buffer.alloc(offset), secret]).toString("base64");
  return text.slice(Math.ceil((offset * 8) / 6), Math.floor(((offset + secret.length) * 8) / 6));
}

function escapeRegExp(text: string): string {
  return text.replaceAll(/[^\w]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

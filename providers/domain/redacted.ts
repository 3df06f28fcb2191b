const inspect = Symbol.for("nodejs.util.inspect.custom");

/**
 * Whatever this process has ever held as a secret: a text that comes from who knows where is
 * compared with all of it.
 */
const KNOWN = new Set<string>();

/**
 * For texts of unknown origin, such as an error of a library: `withoutSecrets` takes all of these
 * out of them.
 */
export function knownSecrets(): readonly Redacted<string>[] {
  return [...KNOWN].map((value) => new Redacted(value));
}

/**
 * A secret in memory. Every accidental way to text gives `<redacted>`; `reveal` is the one door.
 */
export class Redacted<T> {
  readonly #value: T;

  constructor(value: T) {
    this.#value = value;
    if (typeof value === "string" && value !== "") KNOWN.add(value);
  }

  /**
   * The secret itself. Callers hand it straight to an encrypting store, a request body or an
   * authorized reader.
   */
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
 * The text without the secrets, in each form in which servers and libraries repeat what they were
 * sent: as it is, percent-encoded, in JSON, base64, base64url, hex. The longest secret goes first,
 * so that no shorter one leaves half of it behind. Texts are split and never matched by a pattern
 * of a secret: one that is too long for a pattern would be told by the error.
 */
export function withoutSecrets(text: string, secrets: readonly Redacted<string>[]): string {
  const values = secrets.map((secret) => secret.reveal()).sort((a, b) => b.length - a.length);
  return values.reduce<readonly string[]>((pieces, value) => pieces.flatMap((piece) => around(piece, value)), [text]).join("<redacted>");
}

/** What stands before, between and after the forms of one secret. */
function around(text: string, secret: string): readonly string[] {
  const plain = plainForms(secret).reduce<readonly string[]>((pieces, form) => pieces.flatMap((piece) => piece.split(form)), [text]);
  return base64Forms(secret).reduce((pieces, form) => pieces.flatMap((piece) => aroundBase64(piece, form)), plain);
}

function plainForms(secret: string): readonly string[] {
  const hex = Buffer.from(secret).toString("hex");
  const forms = [secret, encodeURIComponent(secret.toWellFormed()), JSON.stringify(secret).slice(1, -1), hex, hex.toUpperCase()];
  return forms.filter((form) => form !== "");
}

function base64Forms(secret: string): readonly string[] {
  const bytes = Buffer.from(secret);
  const plain = [0, 1, 2].map((offset) => base64Within(bytes, offset)).filter((form) => form !== "");
  return [...plain, ...plain.map((form) => form.replaceAll("+", "-").replaceAll("/", "_"))];
}

/**
 * What stays the same of a secret in base64, `offset` bytes behind a multiple of three, whatever
 * stands before and after it.
 */
function base64Within(secret: Buffer, offset: number): string {
  const text = Buffer.concat([Buffer.alloc(offset), secret]).toString("base64");
  return text.slice(Math.ceil((offset * 8) / 6), Math.floor(((offset + secret.length) * 8) / 6));
}

/**
 * Base64 runs on before and after a secret, and the character at each end holds some of its bits.
 */
function aroundBase64(text: string, form: string): readonly string[] {
  const pieces = text.split(form);
  return pieces.map((piece, index) => {
    const rest = index === 0 ? piece : piece.replace(/^[\w+/-]?={0,2}/, "");
    return index === pieces.length - 1 ? rest : rest.replace(/[\w+/-]$/, "");
  });
}

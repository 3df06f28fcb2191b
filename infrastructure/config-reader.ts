import { isObject, parseJson } from "../providers/domain/json.ts";

/** One thing that is wrong with the configuration: the key, and what to write instead. */
export interface Mistake {
  readonly key: string;
  readonly text: string;
}

/** How a text of the configuration has to look; `words` go into the mistake. */
export interface Form {
  readonly pattern: RegExp;
  /** What fits the pattern, in words. */
  readonly words: string;
}

/** Ids of tenants, subscriptions, applications and groups. */
export const GUID: Form = {
  pattern: /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i,
  words: "an id such as 00000000-1111-2222-3333-444444444444",
};

/**
 * Reads the values of a stack's configuration, and notes every mistake instead of stopping at the
 * first. What does not fit reads as empty.
 */
export class ConfigReader {
  readonly mistakes: Mistake[] = [];
  readonly #values: ReadonlyMap<string, string>;
  readonly #asked = new Set<string>();

  /** Values by key, without the namespace, as Pulumi keeps them: lists and mappings as JSON. */
  constructor(values: ReadonlyMap<string, string>) {
    this.#values = values;
  }

  note(key: string, text: string): void {
    this.mistakes.push({ key, text });
  }

  /** The text of a key, or undefined where it is absent or blank. */
  text(key: string): string | undefined {
    this.#asked.add(key);
    const text = this.#values.get(key)?.trim();
    return text === "" ? undefined : text;
  }

  /** Notes a mistake where the value is there and does not fit. */
  fit(key: string, value: string, { pattern, words }: Form): string {
    if (!pattern.test(value)) this.note(key, `is ${JSON.stringify(value)}; it must be ${words}`);
    return value;
  }

  optional(key: string, form: Form): string | undefined {
    const value = this.text(key);
    return value === undefined ? undefined : this.fit(key, value, form);
  }

  required(key: string, form: Form): string {
    const value = this.optional(key, form);
    if (value === undefined) this.note(key, `is missing; it must be ${form.words}`);
    return value ?? "";
  }

  oneOf<T extends string>(key: string, known: readonly T[], otherwise: T): T {
    const value = this.text(key) ?? otherwise;
    const found = known.find((word) => word === value);
    if (found === undefined) this.note(key, `is ${JSON.stringify(value)}; it must be one of ${known.join(", ")}`);
    return found ?? otherwise;
  }

  days(key: string, otherwise: number, least: number, most: number): number {
    const value = this.text(key) ?? String(otherwise);
    const days = /^\d{1,6}$/.test(value) ? Number(value) : Number.NaN;
    if (days >= least && days <= most) return days;
    this.note(key, `is ${JSON.stringify(value)}; it must be a number of days from ${least} to ${most}`);
    return otherwise;
  }

  /** A YAML list, or texts with commas between them. */
  texts(key: string): readonly string[] {
    const text = this.text(key);
    if (text === undefined) return [];
    if (!text.startsWith("[") && !text.startsWith("{")) return text.split(",").map((item) => item.trim());
    const list = parseJson(text);
    if (Array.isArray(list) && list.every((item) => typeof item === "string")) return list;
    this.note(key, "must be a list of texts");
    return [];
  }

  /** A YAML mapping, without keys that are not known. */
  mapping(key: string, known: readonly string[] | null): Readonly<Record<string, unknown>> | null {
    const text = this.text(key);
    if (text === undefined) return null;
    const value = parseJson(text);
    if (!isObject(value)) this.note(key, "must be a mapping");
    else this.#noteUnknown(key, value, known);
    return isObject(value) ? value : null;
  }

  mappings(key: string, known: readonly string[]): readonly Readonly<Record<string, unknown>>[] {
    const text = this.text(key);
    const list = text === undefined ? [] : parseJson(text);
    if (!Array.isArray(list) || !list.every(isObject)) {
      this.note(key, "must be a list of mappings");
      return [];
    }
    for (const [index, value] of list.entries()) this.#noteUnknown(`${key}[${index}]`, value, known);
    return list;
  }

  /** Notes the keys that nobody has asked for: a mistyped one must not look like a default. */
  noteUnasked(): void {
    for (const key of this.#values.keys()) {
      if (!this.#asked.has(key)) this.note(key, `is not a key of this program; its keys are ${[...this.#asked].sort().join(", ")}`);
    }
  }

  #noteUnknown(key: string, value: Readonly<Record<string, unknown>>, known: readonly string[] | null): void {
    for (const name of Object.keys(value)) {
      if (known !== null && !known.includes(name)) this.note(`${key}.${name}`, `is not known; known are ${known.join(", ")}`);
    }
  }
}

import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { type Document, isMap, parseDocument } from "yaml";
import { ConfigurationError } from "../../providers/domain/errors.ts";
import { systemCode } from "../../providers/support/system-code.ts";

/** A value of a stack's configuration that is about to change. */
export interface Change {
  /** With its namespace. */
  readonly key: string;
  /** Null where there is none so far. */
  readonly before: string | null;
  readonly after: string;
}

/**
 * A stack's file, `Pulumi.STACK.yaml`: edited key by key, so that comments and everything else in
 * it stay as they are.
 */
export class ConfigFile {
  readonly path: string;
  readonly #document: Document;

  private constructor(file: string, document: Document) {
    this.path = file;
    this.#document = document;
  }

  /**
   * Throws `ConfigurationError` for one that is not a stack's file; one that is not there is empty.
   */
  static async read(file: string): Promise<ConfigFile> {
    const document = parseDocument(await textOf(file));
    const [mistake] = document.errors;
    const what = mistake === undefined ? problemOf(document) : mistake.message;
    if (what !== null)
      throw new ConfigurationError(`${file} is not the file of a stack: ${what}`, { hint: "mend it by hand, then run this again" });
    return new ConfigFile(file, document);
  }

  get name(): string {
    return path.basename(this.path);
  }

  /** The value of a key as data, or undefined. */
  value(key: string): unknown {
    return this.#values()[key];
  }

  /**
   * Values of one namespace, without it, as Pulumi hands them to a program: lists and mappings as
   * JSON.
   */
  valuesOf(namespace: string): ReadonlyMap<string, string> {
    const prefix = `${namespace}:`;
    const own = Object.entries(this.#values()).filter(([key]) => key.startsWith(prefix));
    return new Map(own.map(([key, value]) => [key.slice(prefix.length), textOfValue(value)]));
  }

  /** Sets what differs, in memory, and tells it. */
  set(wanted: Readonly<Record<string, unknown>>): readonly Change[] {
    return Object.entries(wanted).flatMap(([key, value]) => {
      const found = this.value(key);
      const [before, after] = [found === undefined ? null : textOfValue(found), textOfValue(value)];
      if (before === after) return [];
      if (!isMap(this.#document.get("config"))) this.#document.set("config", this.#document.createNode({}));
      this.#document.setIn(["config", key], this.#document.createNode(value));
      return [{ key, before, after }];
    });
  }

  get text(): string {
    return this.#document.toString({ lineWidth: 0 });
  }

  async write(): Promise<void> {
    await writeFile(this.path, this.text);
  }

  #values(): Readonly<Record<string, unknown>> {
    const content: unknown = this.#document.toJS({ maxAliasCount: 100 });
    const config = (content as { readonly config?: Readonly<Record<string, unknown>> | null } | null)?.config;
    return config ?? {};
  }
}

function problemOf(document: Document): string | null {
  if (document.contents === null) return null;
  if (!isMap(document.contents)) return "it is not a mapping";
  const config: unknown = document.contents.get("config");
  return config === undefined || config === null || isMap(config) ? null : "its `config` is not a mapping";
}

function textOfValue(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    if (systemCode(error) === "ENOENT") return "";
    throw error;
  }
}

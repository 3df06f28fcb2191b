import { Composer, type CST, type Document, isScalar, type ParsedNode } from "yaml";
import type { Diagnostic } from "../../domain/diagnostic.ts";
import type { SourceFile } from "../files/source-file.ts";
import { syntaxMistakes } from "./yaml-mistakes.ts";
import type { YamlNode } from "./yaml-node.ts";
import { readTokens } from "./yaml-tokens.ts";
import { YamlTree } from "./yaml-tree.ts";

/** All mistakes of the syntax at once, where the text lets the reader go on. */
export interface ParsedYaml {
  /** Null where the text cannot be relied on; then there are diagnostics. */
  readonly root: YamlNode | null;
  readonly diagnostics: readonly Diagnostic[];
}

/** YAML 1.2, core schema, one document, nothing indirect. */
export function parseYaml(file: SourceFile): ParsedYaml {
  const { tokens, diagnostics, complete, unclosed } = readTokens(file);
  if (!complete) return { root: null, diagnostics };
  const documents = composeQuickly(tokens, file.text.length);
  const syntax = syntaxMistakes(
    file,
    documents.flatMap((document) => document.errors),
    unclosed,
  );
  const refused = [...diagnostics, ...syntax];
  if (refused.length > 0) return { root: null, diagnostics: refused };
  const contents = documents[0]?.contents ?? null;
  if (contents === null || (isScalar(contents) && contents.source === ""))
    return {
      root: null,
      diagnostics: [file.mistake("DLR005", 0, "the file is empty", "delete the file, or start it like the ones in devices/examples/")],
    };
  const tree = new YamlTree(file);
  const root = tree.node(contents, 0);
  return { root: tree.misread ? null : root, diagnostics: tree.diagnostics };
}

type ComposedDocument = Document.Parsed<ParsedNode>;

/**
 * Without the library's own search for duplicate keys, which takes quadratic time, and without a
 * stack in each of the up to 500,000 errors that hostile text can have, which takes ten seconds.
 * Nothing else runs in between: the call is synchronous.
 */
function composeQuickly(tokens: readonly CST.Token[], length: number): readonly ComposedDocument[] {
  const composer = new Composer({ version: "1.2", schema: "core", uniqueKeys: false, logLevel: "silent", prettyErrors: false });
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 0;
  try {
    return [...composer.compose(tokens, false, length)] as ComposedDocument[];
  } finally {
    Error.stackTraceLimit = limit;
  }
}

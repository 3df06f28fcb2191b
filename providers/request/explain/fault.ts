import type { ErrorObject } from "ajv";
import type { SourceFile } from "../files/source-file.ts";
import type { YamlNode } from "../yaml/yaml-node.ts";

/** One fault that the schema found, with the node that it is about. */
export interface Fault {
  readonly file: SourceFile;
  readonly error: ErrorObject;
  readonly path: readonly string[];
  readonly node: YamlNode;
  /** What the place is called in a message: `expires`, or `an item of steps`. */
  readonly label: string;
}

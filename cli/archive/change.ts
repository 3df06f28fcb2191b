/** What becomes of one file. Its bytes are compared with `before` again when they are written. */
export interface Change {
  /** Which folder it is in. */
  readonly place: "requests" | "archive";
  /** Relative to that folder, with `/`. */
  readonly name: string;
  /** Null where nothing is there. */
  readonly before: Buffer | null;
  /** Null where nothing is to be there. */
  readonly after: Buffer | null;
  /** The list in the folder of requests that this is a copy of. */
  readonly list?: string;
}

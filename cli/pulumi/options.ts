/** An environment as `process.env` has it. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** What finding or installing the CLI needs from whoever calls it. */
export interface SetUpOptions {
  readonly env: Environment;
  /** The project's folder: the one of package.json. */
  readonly root: string;
  /** Tells the user one line; commands write it to stderr, so that stdout stays Pulumi's. */
  readonly say: (line: string) => void;
  /**
   * Stops an installation: children are ended, nothing half-made is kept, and the signal's reason
   * is thrown.
   */
  readonly signal?: AbortSignal;
}

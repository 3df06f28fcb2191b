import type { OwnState } from "./own-state.ts";

/** What a survey asks whoever runs it: Pulumi's engine, or a command of ours. */
export interface RunHost {
  /** Nothing is recorded. */
  readonly isPreview: boolean;
  /** The stack's settings by whole key: `device-lifecycle:ledger` → `file:ledger`. */
  readonly configuration: Readonly<Record<string, string>>;
  readonly project: string;
  readonly stack: string;
  /** With organization and project, where the backend has organizations. */
  readonly fullStackName: string;
  readonly readOwnState: () => Promise<OwnState>;
  /** Tells people something of the whole run. */
  readonly warn: (text: string) => Promise<void>;
  /** Tells people why the run is red. */
  readonly error: (text: string) => Promise<void>;
}

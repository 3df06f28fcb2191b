import type { CloudName } from "../../providers/domain/cloud-name.ts";

/** What the command line of `dlr setup-azure` says. */
export interface SetupFlags {
  readonly stack: string;
  readonly location?: string;
  readonly tenant?: string;
  readonly subscription?: string;
  readonly readersGroup?: string;
  readonly operatorsGroup?: string;
  readonly name?: string;
  readonly allowIp?: readonly string[];
  readonly github?: string;
  readonly githubEnvironment?: readonly string[];
  readonly cloud?: CloudName;
  readonly dryRun?: true;
  readonly overwrite?: true;
  readonly yes?: true;
}

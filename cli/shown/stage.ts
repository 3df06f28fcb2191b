import type { CloudName } from "../../providers/domain/cloud-name.ts";
import { PROJECT } from "../../providers/domain/project.ts";
import { isCi } from "../../providers/support/ci.ts";
import { isLoopbackHost, parseCloud } from "../../providers/support/cloud.ts";
import type { PulumiCommand } from "../pulumi/ask-pulumi.ts";
import type { Environment } from "../pulumi/options.ts";
import { type CommandWriter, commandWriter } from "../support/command-writer.ts";
import type { StackSettings } from "../support/stack-settings.ts";
import { terminalWidth } from "../support/table.ts";
import { LiveLine } from "./live-line.ts";
import type { Look } from "./look.ts";

/** Where a run is shown, and what about. */
export interface Stage {
  readonly pulumi: PulumiCommand;
  /** For Pulumi. */
  readonly args: readonly string[];
  readonly withDetails: boolean;
  /** For what the runs write; nobody else may read in it. */
  readonly folder: string;
  /** Where what the run has to tell is written; null: nowhere. */
  readonly saveRun: string | null;
  readonly live: LiveLine;
  readonly look: Look;
  readonly stack: string;
  readonly settings: StackSettings;
  /** Null where Graph is a double: it has no admin center. */
  readonly cloud: CloudName | null;
  readonly write: CommandWriter;
  /** What stays, as whole lines. */
  readonly print: (lines: readonly string[]) => void;
}

/** Narrower terminals fold the lines themselves. */
const LEAST_WIDTH = 80;

/** Writes to our standard streams; a build service gets no colour, and no line that moves. */
export function openStage(
  settings: StackSettings,
  env: Environment,
  run: Pick<Stage, "pulumi" | "args" | "withDetails" | "folder" | "saveRun">,
): Stage {
  const write = commandWriter({ stack: settings.stack });
  const isTerminal = !isCi(env) && env.TERM !== "dumb";
  const color = isTerminal && process.stdout.isTTY === true && (env.NO_COLOR ?? "") === "";
  return {
    ...run,
    live: new LiveLine(process.stderr, isTerminal && process.stderr.isTTY === true),
    look: { width: Math.max(LEAST_WIDTH, terminalWidth()), color, details: write("preview", "--details") },
    stack: settings.stack,
    settings,
    cloud: cloudOf(settings),
    write,
    print: (lines) => {
      if (lines.length > 0) process.stdout.write(`\n${lines.join("\n")}\n`);
    },
  };
}

function cloudOf({ values }: StackSettings): CloudName | null {
  const endpoint = URL.parse(values[`${PROJECT}:graphEndpoint`] ?? "");
  return endpoint !== null && isLoopbackHost(endpoint.hostname) ? null : parseCloud(values[`${PROJECT}:cloud`] ?? "global");
}

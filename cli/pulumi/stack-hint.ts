import { parseJson } from "../../providers/domain/json.ts";
import { ensurePulumi } from "./ensure-pulumi.ts";
import { pulumiEnvironment } from "./environment.ts";
import type { SetUpOptions } from "./options.ts";
import { runTool } from "./run-tool.ts";
import { stackNamed } from "./stack-named.ts";

const LIMIT_MS = 15_000;

interface ListedStack {
  readonly name: string;
  readonly current: boolean;
}

/**
 * After a failed run: the command that makes or selects its stack, when that was what lacked; null
 * when the stack is there or the backend does not say.
 */
export async function stackHint(command: "up" | "preview", args: readonly string[], options: SetUpOptions): Promise<string | null> {
  const stacks = await listStacks(options);
  if (stacks === null) return null;
  const wanted = stackNamed(args);
  if (wanted === null) {
    if (stacks.some((stack) => stack.current)) return null;
    const name = stacks[0]?.name ?? "dev";
    const create = stacks.length === 0 ? "--create " : "";
    return `no stack is selected: npm run pulumi -- stack select ${create}${name}   (or name one: npm run ${command} -- --stack ${name})`;
  }
  if (stacks.some((stack) => shortName(stack.name) === shortName(wanted))) return null;
  return `there is no stack ${wanted}: npm run pulumi -- stack select --create ${wanted}`;
}

/** `ORGANIZATION/PROJECT/NAME` and `ORGANIZATION/NAME` may stand for `NAME`. */
function shortName(name: string): string {
  return name.slice(name.lastIndexOf("/") + 1);
}

async function listStacks(options: SetUpOptions): Promise<readonly ListedStack[] | null> {
  const { command, pathPrefix } = await ensurePulumi(options);
  const result = await runTool({
    command,
    args: ["stack", "ls", "--json", "--non-interactive"],
    cwd: options.root,
    env: pulumiEnvironment(options.env, pathPrefix, options.root),
    limit: LIMIT_MS,
  });
  return result.kind === "exited" && result.code === 0 ? parseStacks(result.stdout) : null;
}

function parseStacks(text: string): readonly ListedStack[] | null {
  const list = parseJson(text);
  return Array.isArray(list) && list.every(isListedStack) ? list : null;
}

function isListedStack(item: unknown): item is ListedStack {
  return (
    typeof item === "object" &&
    item !== null &&
    "name" in item &&
    typeof item.name === "string" &&
    "current" in item &&
    typeof item.current === "boolean"
  );
}

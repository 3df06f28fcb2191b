import { readFile } from "node:fs/promises";
import path from "node:path";
import { createInterface } from "node:readline/promises";
import { Writable } from "node:stream";
import { parse } from "yaml";
import { printable } from "../../providers/domain/diagnostic.ts";
import { ConfigurationError } from "../../providers/domain/errors.ts";
import { isObject } from "../../providers/domain/json.ts";
import { isCi } from "../../providers/support/ci.ts";
import { systemCode } from "../../providers/support/system-code.ts";
import { type PulumiCommand, selectedStack } from "../pulumi/ask-pulumi.ts";
import { optionValues, stackNamed } from "../pulumi/stack-named.ts";

const PASSPHRASE = "PULUMI_CONFIG_PASSPHRASE";

/**
 * Pulumi would ask for the passphrase of the stack's secrets on a display that nobody sees, and
 * once for each of its runs: so we ask for it before, once, without an echo. Gives the command with
 * it. Throws `ConfigurationError` for Ctrl-C and Ctrl-D.
 */
export async function withPassphrase(pulumi: PulumiCommand, args: readonly string[]): Promise<PulumiCommand> {
  const { env } = pulumi;
  const isAsked = env[PASSPHRASE] === undefined && env[`${PASSPHRASE}_FILE`] === undefined;
  if (!isAsked || isCi(env) || !process.stdin.isTTY || !process.stderr.isTTY) return pulumi;
  const stack = stackNamed(args) ?? (await selectedStack(pulumi));
  if (stack === null || !(await hasPassphrase(pulumi.root, stack, optionValues(args, "--config-file").at(-1)))) return pulumi;
  const passphrase = await askHidden(printable(`Passphrase of the stack ${stack} (${PASSPHRASE} is not set): `));
  return { ...pulumi, env: { ...env, [PASSPHRASE]: passphrase } };
}

/** Other secrets providers leave other keys in a stack's file. */
async function hasPassphrase(
  root: string,
  stack: string,
  file = `Pulumi.${stack.slice(stack.lastIndexOf("/") + 1)}.yaml`,
): Promise<boolean> {
  try {
    const settings: unknown = parse(await readFile(path.resolve(root, file), "utf8"));
    return isObject(settings) && typeof settings.encryptionsalt === "string";
  } catch (error) {
    // What is wrong with a file that is there, Pulumi says.
    if (systemCode(error) !== null || (error instanceof Error && error.name === "YAMLParseError")) return false;
    throw error;
  }
}

async function askHidden(question: string): Promise<string> {
  process.stderr.write(question);
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const terminal = createInterface({ input: process.stdin, output: silent, terminal: true });
  const gone = new AbortController();
  terminal.once("close", () => gone.abort());
  try {
    return await terminal.question("", { signal: gone.signal });
  } catch (error) {
    if (!gone.signal.aborted) throw error;
    throw new ConfigurationError("no passphrase was typed; nothing was sent");
  } finally {
    terminal.close();
    process.stderr.write("\n");
  }
}

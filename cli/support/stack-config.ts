import { readdir, readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { parseDocument } from "yaml";
import { ConfigurationError } from "../../providers/domain/errors.ts";
import { isObject } from "../../providers/domain/json.ts";
import { systemCode } from "../../providers/support/system-code.ts";

/**
 * Plain values of the configuration namespace, without it: `ledger` → `file:ledger`. Secrets and
 * values of ESC environments are not in it.
 */
export type StackConfig = ReadonlyMap<string, string>;

const NAMESPACE = "device-lifecycle:";
const MAX_BYTES = 1024 * 1024;

/**
 * What `Pulumi.yaml` says for all stacks and, over it, what `Pulumi.STACK.yaml`, or another file in
 * its place, says. Throws `ConfigurationError` for a stack without a file of its own: a mistyped
 * name must not look like a stack with defaults.
 */
export async function readStackConfig(root: string, stack: string | undefined, file?: string): Promise<StackConfig> {
  const project = await readYaml(join(root, "Pulumi.yaml"));
  const values = new Map(configValues(project ?? {}));
  if (stack === undefined) return values;
  const own = await readYaml(resolve(root, file ?? stackFile(stack)));
  if (own === null) throw new ConfigurationError(`there is no configuration of a stack "${stack}"`, { hint: await stackHint(root) });
  for (const [name, value] of configValues(own)) values.set(name, value);
  return values;
}

/** `organization/project/stack` has its configuration under its last part. */
function stackFile(stack: string): string {
  const name = stack.split("/").at(-1) ?? "";
  if (/^[\w.-]{1,100}$/.test(name)) return `Pulumi.${name}.yaml`;
  throw new ConfigurationError(`${JSON.stringify(stack)} is not the name of a stack`, {
    hint: "letters, digits, hyphens, dots and underscores",
  });
}

async function stackHint(root: string): Promise<string> {
  const names = (await readdir(root)).map((file) => /^Pulumi\.(.+)\.yaml$/.exec(file)?.[1]).filter((name) => name !== undefined);
  return names.length === 0
    ? "make one with `npm run pulumi -- stack select --create NAME` and `npm run pulumi -- config set KEY VALUE`"
    : `stacks with a configuration here: ${names.join(", ")}`;
}

async function readYaml(path: string): Promise<Readonly<Record<string, unknown>> | null> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    if (systemCode(error) === "ENOENT") return null;
    throw new ConfigurationError(`cannot read ${path}`, { cause: error });
  }
  if (text.length > MAX_BYTES) throw new ConfigurationError(`${path} is larger than 1 MiB`);
  const document = parseDocument(text);
  const [mistake] = document.errors;
  if (mistake !== undefined) throw new ConfigurationError(`${path} is not well-formed YAML: ${mistake.message}`, { cause: mistake });
  const value: unknown = document.toJS({ maxAliasCount: 100 });
  return isObject(value) ? value : {};
}

/**
 * In a project file a key stands without its namespace too, and its value may be `{ type, default
 * }` or `{ value }`.
 */
function configValues(file: Readonly<Record<string, unknown>>): readonly (readonly [string, string])[] {
  if (!isObject(file.config)) return [];
  return Object.entries(file.config).flatMap(([key, declared]) => {
    const name = key.startsWith(NAMESPACE) ? key.slice(NAMESPACE.length) : key;
    const value = isObject(declared) ? (declared.value ?? declared.default) : declared;
    if (name.includes(":") || !["string", "number", "boolean"].includes(typeof value)) return [];
    return [[name, String(value)] as const];
  });
}

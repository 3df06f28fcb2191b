import { writeFile } from "node:fs/promises";
import path from "node:path";
import { LANGUAGE_HOST_VERSION } from "./versions.ts";

/** The compiled host stands beside its launcher under this name. */
export const LANGUAGE_HOST_FILE = `pulumi-language-nodejs-${LANGUAGE_HOST_VERSION}`;

/**
 * Today's engine hands the runtime's options over by call, not as flags; this older host knows only
 * flags and would take every program for one that ts-node compiles. Node runs our programs by
 * itself.
 */
const LANGUAGE_HOST = `#!/bin/sh
exec "\${0%/*}/${LANGUAGE_HOST_FILE}" -typescript=false "$@"
`;

/**
 * Starts the dynamic providers of a Node program. Unlike the launcher that comes with the SDK it
 * leaves no shell between the engine and the provider, so that the provider can tell that the
 * engine is gone.
 */
const DYNAMIC_PROVIDER = `#!/bin/sh
exec node -e 'require("@pulumi/pulumi/cmd/dynamic-provider")' -- dynamic-provider "$@"
`;

/** What a compiled CLI needs beside it. */
export async function writeLaunchers(folder: string): Promise<void> {
  await writeFile(path.join(folder, "pulumi-language-nodejs"), LANGUAGE_HOST, { mode: 0o755 });
  await writeFile(path.join(folder, "pulumi-resource-pulumi-nodejs"), DYNAMIC_PROVIDER, { mode: 0o755 });
}

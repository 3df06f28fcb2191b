import { rename } from "node:fs/promises";
import path from "node:path";
import { ConfigurationError } from "../../providers/domain/errors.ts";
import { PROJECT } from "../../providers/domain/project.ts";
import { isLoopbackHost } from "../../providers/support/cloud.ts";
import { dlrCommand } from "../../providers/support/dlr-command.ts";
import { systemCode } from "../../providers/support/system-code.ts";
import type { PulumiCommand } from "../pulumi/ask-pulumi.ts";
import { forgetStack, makeStack, stacksOf, writeSettings } from "../support/make-stack.ts";
import { isSameStack, readStackSettings, type StackSettings } from "../support/stack-settings.ts";

/** The stack of `dlr try`, and the folder of the project in which everything of it lies. */
export const TRY = "try";

/** Where its stores are, as settings name them. */
export const TRY_STORES = { escrow: `file:${TRY}/escrow`, ledger: `file:${TRY}/ledger` } as const;

const FOLDERS = { requests: `${TRY}/requests`, playbooks: `${TRY}/playbooks` } as const;

/**
 * Whether the stack is there. Throws `ConfigurationError` for one of that name that somebody made
 * otherwise: it stays as it is.
 */
export async function hasTryStack(pulumi: PulumiCommand): Promise<boolean> {
  const names = await stacksOf(pulumi);
  if (!names.some((name) => isSameStack(name, TRY))) return false;
  if (isOurs(await readStackSettings(pulumi, TRY))) return true;
  throw new ConfigurationError(`there is a stack ${TRY} already that \`dlr try\` did not make; it stays as it is`, {
    hint: `give it another name: ${dlrCommand("pulumi stack rename", undefined, ["OTHER-NAME", "--stack", TRY])}`,
  });
}

/** A stack with any setting that leads elsewhere is somebody's own. */
function isOurs({ values }: StackSettings): boolean {
  const url = URL.parse(values[`${PROJECT}:graphEndpoint`] ?? "");
  const places = Object.entries({ ...FOLDERS, ...TRY_STORES });
  return url !== null && isLoopbackHost(url.hostname) && places.every(([key, place]) => values[`${PROJECT}:${key}`] === place);
}

/** Makes the stack where it is not there, and points it at the emulator. */
export async function pointTryStack(pulumi: PulumiCommand, isThere: boolean, graphEndpoint: string): Promise<void> {
  if (!isThere) await makeStack(pulumi, TRY);
  const settings = { ...FOLDERS, ...TRY_STORES, graphEndpoint };
  await writeSettings(pulumi, TRY, Object.fromEntries(Object.entries(settings).map(([key, value]) => [`${PROJECT}:${key}`, value])));
}

/**
 * Forgets the stack's state where there is one, and puts its stores aside under a name with
 * `time`: nothing of a store is ever removed.
 */
export async function forgetTries(pulumi: PulumiCommand, isThere: boolean, time: string): Promise<void> {
  if (isThere) await forgetStack(pulumi, TRY);
  for (const store of ["ledger", "escrow"]) await putAside(path.join(pulumi.root, TRY, store), time.replaceAll(/[:.]/g, "-"));
}

async function putAside(folder: string, mark: string): Promise<void> {
  try {
    await rename(folder, `${folder}.${mark}`);
  } catch (error) {
    if (systemCode(error) !== "ENOENT") throw error;
  }
}

import { printable } from "../../providers/domain/diagnostic.ts";
import { ConfigurationError, EXIT_CODES, ProductError } from "../../providers/domain/errors.ts";
import { pulumiCommand } from "../../providers/support/dlr-command.ts";
import { tellUnexpected } from "../../providers/support/unexpected-error.ts";
import { tellBrake } from "../notify/tell-brake.ts";
import type { PulumiCommand } from "../pulumi/ask-pulumi.ts";
import { openLedgerAt, pulumiOf } from "../support/open-stores.ts";
import { operator } from "../support/operator.ts";
import { PROJECT_FOLDER } from "../support/project-folder.ts";
import { shellAtHand } from "../support/shell-at-hand.ts";
import { readStackSettings, stackNames } from "../support/stack-settings.ts";
import { configuredPlace, type StoreOptions } from "../support/store-locations.ts";
import { renderWhere } from "../support/where.ts";

type Stopped = { readonly stack: string; readonly place: string } | { readonly stack: string; readonly why: string };

/**
 * Brakes every ledger of the project's stacks, each once. What cannot be braked keeps none of the
 * others from it: it is named at the end, and the exit code is 3.
 */
export async function stopAll(reason: string, { stack, ledger }: StoreOptions): Promise<void> {
  if (stack !== undefined || ledger !== undefined) throw new ConfigurationError("--all is every stack: name one, or say --all");
  const pulumi = await pulumiOf(PROJECT_FOLDER, process.env);
  const names = await stackNames(pulumi);
  if (names === null)
    throw new ConfigurationError("the stacks cannot be listed", {
      hint: `${pulumiCommand(["stack", "ls"], undefined, shellAtHand(process.env, process.platform))} says why; --ledger PLACE stops one ledger`,
    });
  if (names.length === 0)
    throw new ConfigurationError("there are no stacks, and so nothing was stopped", { hint: "--ledger PLACE stops one ledger" });
  const brakes = new Map<string, Promise<string | null>>();
  const tried = await Promise.all(names.map((name) => stopStack(name, reason, pulumi, brakes)));
  const left = tried.filter((one) => "why" in one);
  for (const { stack: name, why } of left) console.error(printable(`NOT STOPPED: stack ${name}: ${why}`));
  const stopped = tried.length - left.length;
  console.log(`stopped: ${stopped} of ${tried.length} stacks; nothing more is sent by runs that use their ledgers`);
  if (stopped > 0) await tellBrake({ state: "set", reason }, "every stack", process.env);
  if (left.length > 0) process.exitCode = EXIT_CODES.service;
}

/** Stacks share ledgers: the first to come brakes, the others wait for how that went. */
async function stopStack(
  stack: string,
  reason: string,
  pulumi: PulumiCommand,
  brakes: Map<string, Promise<string | null>>,
): Promise<Stopped> {
  try {
    const settings = await readStackSettings(pulumi, stack);
    const place = configuredPlace("ledger", settings);
    const brake = brakes.get(place) ?? setBrake(place, reason);
    brakes.set(place, brake);
    const why = await brake;
    if (why !== null) return { stack, why };
    console.error(renderWhere({ settings, ledger: place }, reason));
    return { stack, place };
  } catch (error) {
    return { stack, why: whyOf(error) };
  }
}

/** Why it could not be set, or null. */
async function setBrake(place: string, reason: string): Promise<string | null> {
  try {
    await openLedgerAt(place, PROJECT_FOLDER, process.env).setBrake("stop", operator(), reason);
    return null;
  } catch (error) {
    return whyOf(error);
  }
}

function whyOf(error: unknown): string {
  if (!(error instanceof ProductError)) return tellUnexpected(error, { root: PROJECT_FOLDER, env: process.env });
  return error.hint === "" ? error.message : `${error.message} (${error.hint})`;
}

import { ConfigurationError } from "../../providers/domain/errors.ts";
import { PROJECT } from "../../providers/domain/project.ts";
import { escrowPlaceAt } from "../../providers/escrow/escrow-stores.ts";
import { folderStore } from "../../providers/escrow/file/folder-store.ts";
import type { Settings } from "../../providers/pulumi/settings.ts";
import { CLOUDS, parseGraphEndpoint } from "../../providers/support/cloud.ts";
import { systemClock } from "../../providers/support/system-clock.ts";
import { diagnose } from "../doctor/doctor.ts";
import { findPulumi, type PulumiCommand } from "../pulumi/ask-pulumi.ts";
import type { SetUpOptions } from "../pulumi/options.ts";
import { makeLedger } from "../support/make-ledger.ts";
import { makeStack, stacksOf, writeSettings } from "../support/make-stack.ts";
import { openLedgerAt } from "../support/open-stores.ts";
import { readerKeyFile } from "../support/reader-key.ts";
import { askText, canAsk } from "../support/require-consent.ts";
import { isSameStack, projectName, readStackSettings, type StackSettings } from "../support/stack-settings.ts";
import { worldOf } from "../support/stack-world.ts";
import { addReaders, makeOwnReader } from "./make-readers.ts";
import { mayKnowRequests } from "./may-know-requests.ts";
import { type SaidSettings, settingsWith, settlePlaces } from "./settle-places.ts";

/** What the command line says. */
export interface InitFlags extends SaidSettings {
  readonly reader?: readonly string[];
  readonly keygen?: true;
  readonly overwrite?: true;
}

type Options = Omit<SetUpOptions, "signal">;

/**
 * `dlr init STACK`: makes what is missing of stack, settings, ledger and readers, and leaves alone
 * what is there; then looks at everything, as the doctor does. All that can be wrong is told before
 * anything is made. Gives the exit code.
 */
export async function init(stack: string, flags: InitFlags, options: Options): Promise<number> {
  if (!/^[\w.-]{1,100}$/.test(stack)) throw new ConfigurationError(`${JSON.stringify(stack)} is not the name of a stack`);
  const pulumi = await findPulumi(options);
  const before = await settingsBefore(pulumi, stack);
  const ask = canAsk() ? askText : null;
  const wanted = await settlePlaces(flags, before, { ask, mayOverwrite: flags.overwrite === true });
  const settings = settingsWith(wanted, before?.values ?? {}, { project: await projectName(options.root), stack });

  if (before === null) await makeStack(pulumi, stack);
  options.say(before === null ? `made the stack ${stack}` : `the stack ${stack} is there already`);
  await ensureLedger(pulumi, settings, before, stack);
  if (Object.keys(wanted).length > 0) {
    await writeSettings(pulumi, stack, wanted);
    options.say(`wrote ${Object.keys(wanted).join(", ")} to Pulumi.${stack}.yaml: commit it`);
  }
  await ensureReaders(settings, flags, options);
  console.error("");
  return await diagnose(stack, options, false);
}

/** Null where there is no stack of that name. */
async function settingsBefore(pulumi: PulumiCommand, stack: string): Promise<StackSettings | null> {
  const names = await stacksOf(pulumi);
  return names.some((name) => isSameStack(name, stack)) ? await readStackSettings(pulumi, stack) : null;
}

/**
 * Before the setting is written: of a stack that names a ledger, or whose state knows requests, a
 * missing one is lost, and never made anew.
 */
async function ensureLedger(pulumi: PulumiCommand, settings: Settings, before: StackSettings | null, stack: string): Promise<void> {
  const { ledger } = settings;
  const named = before?.values[`${PROJECT}:ledger`];
  if (named === ledger || (before !== null && (await mayKnowRequests(pulumi, stack)))) return;
  const { root, env, say } = pulumi;
  await makeLedger({ ledger: openLedgerAt(ledger, root, { ...env }), world: worldOf(settings), isKnown: false, clock: systemClock, say });
}

/** For folders of runs against Microsoft: a vault has roles, and an emulator its own reader. */
async function ensureReaders({ escrow, cloud, graphEndpoint }: Settings, flags: InitFlags, { root, say }: Options): Promise<void> {
  const { isLoopback } = parseGraphEndpoint(cloud, graphEndpoint);
  if (!folderStore.claims(escrow) || isLoopback) return;
  const place = escrowPlaceAt(escrow, { root, isLoopbackGraph: false, vaultSuffixes: [CLOUDS[cloud].vaultSuffix] });
  const work = { folder: place.recipientsFolder(), root, say };
  await addReaders(flags.reader ?? [], work);
  if (flags.keygen) return await makeOwnReader(readerKeyFile(), work);
  if (flags.reader !== undefined || !canAsk() || (await place.describeReaders()) !== "nobody") return;
  const answer = await askText(
    "Who may read codes: the public key (age1…) of a reader, or ENTER for a key of your own on this machine",
    "",
  );
  await (answer === "" ? makeOwnReader(readerKeyFile(), work) : addReaders([answer], work));
}

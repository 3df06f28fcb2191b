import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type { AzurePartsArguments } from "../../infrastructure/arguments.ts";
import { ConfigurationError } from "../../providers/domain/errors.ts";
import { graphNamed, parseTenantId } from "../../providers/domain/world.ts";
import { CLOUDS, parseGraphEndpoint } from "../../providers/support/cloud.ts";
import { systemClock } from "../../providers/support/system-clock.ts";
import { isBackendChosen } from "../pulumi/backend-choice.ts";
import { ensurePulumi } from "../pulumi/ensure-pulumi.ts";
import { DEMO_PASSPHRASE, pulumiEnvironment } from "../pulumi/environment.ts";
import type { SetUpOptions } from "../pulumi/options.ts";
import { ensureInfrastructurePackages } from "../support/infrastructure-packages.ts";
import { makeLedger } from "../support/make-ledger.ts";
import { openLedgerAt } from "../support/open-stores.ts";
import { isConfirmed, requireConsent } from "../support/require-consent.ts";
import { AzureApi } from "./azure-api.ts";
import { isHomeSaid, settleSettings } from "./azure-settings.ts";
import { findHome, providerEnvironment, signInEnvironment, tokenFor } from "./azure-sign-in.ts";
import { checkAzure } from "./check-azure.ts";
import { type Change, ConfigFile } from "./config-file.ts";
import type { SetupFlags } from "./flags.ts";
import { InfrastructureStack } from "./infrastructure-stack.ts";
import { type AzureOutputs, parseOutputs } from "./outputs.ts";
import { LEDGER_KEY, placesOf, requestsConfig } from "./places.ts";
import { renderNext } from "./render-next.ts";
import { renderChanges, renderPlan } from "./render-plan.ts";
import { renderRights } from "./render-rights.ts";

type Options = Omit<SetUpOptions, "signal">;

/**
 * What one run works with, once all that can be wrong without asking Azure is known to be right.
 */
interface Run {
  readonly flags: SetupFlags;
  readonly settings: AzurePartsArguments;
  /** Files of the stacks as they will be, and what that changes. */
  readonly parts: ConfigFile;
  readonly partsChanges: readonly Change[];
  readonly requests: ConfigFile;
  readonly requestsChanges: readonly Change[];
  /** The environment with the tenant named in it. */
  readonly options: Options;
}

/**
 * From nothing to a stack that may act on real devices, and again at any time: settings, sign-in
 * and names are checked before anything is made; each part of the work leaves alone what is there.
 */
export async function setupAzure(flags: SetupFlags, options: Options): Promise<void> {
  if (!flags.dryRun) requireConsent(flags.yes === true);
  const run = await prepare(flags, options);
  const { settings, say } = { settings: run.settings, say: options.say };
  const { env } = run.options;
  const token = (host: string) => tokenFor(host, env, settings.cloud, settings.tenantId);
  const host = CLOUDS[settings.cloud].managementHost;
  say(renderPlan(settings, await checkAzure(settings, new AzureApi(host, await token(host)))));
  for (const { file, changes } of changesOf(run)) say(renderChanges(file.name, changes));
  if (!flags.dryRun) await agreeToReplace(run);

  const stack = await openStack(run);
  if (flags.dryRun || !flags.yes) await preview(stack, run);
  if (flags.dryRun) return say("nothing was made or changed");
  if (!(await isConfirmed("Make and change this?", flags.yes === true))) return say("nothing was made or changed");

  if (run.partsChanges.length > 0) await run.parts.write();
  await stack.ensure();
  await stack.up();
  const outputs = parseOutputs(await stack.outputs());
  const isKnown = !run.requestsChanges.some(({ key }) => key === LEDGER_KEY);
  const ledger = openLedgerAt(outputs.ledger, options.root, { ...env });
  const world = { graph: graphNamed(parseGraphEndpoint(settings.cloud, undefined)), tenant: parseTenantId(settings.tenantId) };
  await makeLedger({ ledger, world, isKnown, clock: systemClock, say });
  await writeRequestsStack(run, outputs, say);
  const principals = { preview: outputs.previewPrincipalId, up: outputs.upPrincipalId };
  console.log(await renderRights(principals, settings.cloud, () => token(CLOUDS[settings.cloud].graphHost)));
  console.log(`\n${renderNext(outputs, flags.stack, localPassphrase(options))}`);
}

/** Null where somebody has chosen a backend; `…` where they have chosen a passphrase. */
function localPassphrase({ env, root }: Options): string | null {
  if (isBackendChosen(env, root)) return null;
  const isOwn = env.PULUMI_CONFIG_PASSPHRASE !== undefined || env.PULUMI_CONFIG_PASSPHRASE_FILE !== undefined;
  return isOwn ? "…" : DEMO_PASSPHRASE;
}

async function prepare(flags: SetupFlags, options: Options): Promise<Run> {
  if (!/^[\w.-]{1,100}$/.test(flags.stack)) {
    throw new ConfigurationError(`${JSON.stringify(flags.stack)} is not the name of a stack`, {
      hint: "letters, digits, hyphens, dots and underscores",
    });
  }
  const file = `Pulumi.${flags.stack}.yaml`;
  const parts = await ConfigFile.read(path.join(options.root, "infrastructure", file));
  const requests = await ConfigFile.read(path.join(options.root, file));
  const home = isHomeSaid(flags, parts) ? null : await findHome(options.env, options.root);
  const { settings, changes } = settleSettings(flags, home, parts);
  const requestsChanges = requests.set(requestsConfig(settings, placesOf(settings)));
  const env = signInEnvironment(options.env, settings.tenantId);
  return { flags, settings, parts, partsChanges: changes, requests, requestsChanges, options: { ...options, env } };
}

function changesOf({ parts, partsChanges, requests, requestsChanges }: Run) {
  const all = [
    { file: parts, changes: partsChanges },
    { file: requests, changes: requestsChanges },
  ];
  return all.filter(({ changes }) => changes.length > 0);
}

/**
 * Another escrow or ledger than the stack had: what was sent and captured so far is known to the
 * old ones alone.
 */
async function agreeToReplace({ flags, requests, requestsChanges }: Run): Promise<void> {
  const replaced = requestsChanges.filter(({ before }) => before !== null);
  if (replaced.length === 0) return;
  const question = `${requests.name} names other places so far, and only those know what was sent and captured until now. Replace them?`;
  if (await isConfirmed(question, flags.overwrite === true, "--overwrite")) return;
  throw new ConfigurationError(`${requests.name} stays as it is; nothing was made`, { hint: "use another stack: --stack NAME" });
}

async function openStack({ settings, flags, options }: Run): Promise<InfrastructureStack> {
  await ensureInfrastructurePackages(options);
  const { command, pathPrefix } = await ensurePulumi(options);
  const env = { ...pulumiEnvironment(options.env, pathPrefix, options.root), ...providerEnvironment(options.env, settings) };
  return new InfrastructureStack({ command, env, root: options.root, say: options.say }, flags.stack);
}

/** Of a stack that is there: all of a new one is new. The files stay as they are. */
async function preview(stack: InfrastructureStack, { parts }: Run): Promise<void> {
  if (!(await stack.exists())) return;
  const folder = await mkdtemp(path.join(tmpdir(), "device-lifecycle-setup-"));
  try {
    const file = path.join(folder, parts.name);
    await writeFile(file, parts.text);
    await stack.preview(file);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * Writes the addresses that Azure gave, once the ledger is there: of a stack that names a ledger, a
 * missing one counts as lost.
 */
async function writeRequestsStack({ requests, settings, requestsChanges }: Run, outputs: AzureOutputs, say: Options["say"]): Promise<void> {
  const more = requests.set(requestsConfig(settings, outputs));
  if (requestsChanges.length + more.length === 0) return;
  await requests.write();
  say(`wrote escrow, ledger and tenant to ${requests.name}: commit it`);
}

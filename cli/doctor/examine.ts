import { isCredentialNamed } from "../../providers/identity/credential-choice.ts";
import { openTokens } from "../../providers/identity/open-tokens.ts";
import { openPorts } from "../../providers/pulumi/open-ports.ts";
import type { Settings } from "../../providers/pulumi/settings.ts";
import { parseGraphEndpoint } from "../../providers/support/cloud.ts";
import { dlrCommand, type Shell } from "../../providers/support/dlr-command.ts";
import { type PulumiCommand, selectedStack } from "../pulumi/ask-pulumi.ts";
import { installedPulumi, type PulumiInstallation } from "../pulumi/ensure-pulumi.ts";
import { pulumiEnvironment } from "../pulumi/environment.ts";
import type { SetUpOptions } from "../pulumi/options.ts";
import { commandWriter } from "../support/command-writer.ts";
import { checkedSettings, readStackSettings } from "../support/stack-settings.ts";
import { askGraph, lookAtClock, lookAtPermissions, lookAtSignIn, lookAtTenant } from "./look-at-graph.ts";
import { lookAtNotify } from "./look-at-notify.ts";
import { lookAtBackend, lookAtRequests, lookAtSettings, lookAtStackItself, requestsOf } from "./look-at-stack.ts";
import { lookAtBrake, lookAtEscrow, lookAtLedger, lookAtWorld } from "./look-at-stores.ts";
import { lookAtNode, lookAtPackages, lookAtPulumi } from "./look-here.ts";
import { type Finding, lookAt, type Row, seek, unknown } from "./row.ts";

/** What is looked at, and how its commands are written. */
export interface Patient {
  readonly options: Omit<SetUpOptions, "signal">;
  /** As named; undefined: the selected one. */
  readonly stack: string | undefined;
  readonly shell: Shell;
}

/** Told each row as soon as it is known. */
type Tell = (row: Row) => void;

interface KnownStack {
  readonly stack: string;
  readonly settings: Settings;
}

/** Looks at everything that a run needs, in the order in which it needs it. Changes nothing. */
export async function examine(patient: Patient, tell: Tell): Promise<void> {
  const { options, shell } = patient;
  const get = dlrCommand("pulumi version", undefined, [], shell);
  tell(await lookAt("Node", () => lookAtNode(process.versions.node)));
  tell(await lookAt("packages", () => lookAtPackages(options.root)));
  tell(await lookAt("notify", () => lookAtNotify(options.env, dlrCommand("notify", undefined, ["--test"], shell))));
  const findCli = async () => {
    const value = await installedPulumi(options);
    return { value, finding: lookAtPulumi(value, get) };
  };
  const cli = await seek("Pulumi CLI", findCli, tell);
  const known = cli === null ? null : await examineStack(patient, commandOf(cli, options), tell);
  if (known !== null) return await examineRun(patient, known, tell);
  for (const what of cli === null ? [...OF_PULUMI, ...OF_RUNS] : OF_RUNS) tell({ what, ...NOT_LOOKED_AT });
}

/** Rows that need the CLI, and rows that need the settings. */
const OF_PULUMI = ["backend", "stack", "settings"] as const;
const OF_RUNS = ["requests", "sign-in", "Graph", "clock", "tenant", "permissions", "ledger", "world", "brake", "escrow"] as const;

const NOT_LOOKED_AT: Finding = unknown("not looked at: what comes before it is missing");

function commandOf({ command, pathPrefix }: PulumiInstallation, { env, root, say }: Patient["options"]): PulumiCommand {
  return { command, env: pulumiEnvironment(env, pathPrefix, root), root, say };
}

/** Null where there is no such stack, or its settings are wrong. */
async function examineStack({ stack: named, shell }: Patient, pulumi: PulumiCommand, tell: Tell): Promise<KnownStack | null> {
  tell(await lookAt("backend", () => lookAtBackend(pulumi)));
  const findStack = async () => {
    const stack = named ?? (await selectedStack(pulumi));
    const finding = await lookAtStackItself(pulumi, stack, dlrCommand("init", stack ?? "NAME", [], shell));
    return { finding, value: finding.state === "ok" ? stack : null };
  };
  const stack = await seek("stack", findStack, tell);
  if (stack === null) {
    tell({ what: "settings", ...NOT_LOOKED_AT });
    return null;
  }
  const findSettings = async () => {
    const read = await readStackSettings(pulumi, stack);
    const closed = lookAtSettings(read);
    return closed.state === "ok" ? { finding: closed, value: checkedSettings(read) } : { finding: closed, value: null };
  };
  const settings = await seek("settings", findSettings, tell);
  return settings === null ? null : { stack, settings };
}

/** What a run with these settings needs of the world outside. */
async function examineRun({ options, shell }: Patient, { stack, settings }: KnownStack, tell: Tell): Promise<void> {
  const { root, env } = options;
  const command = commandWriter({ stack }, shell);
  const ports = openPorts(settings, root, { ...env });
  const endpoint = parseGraphEndpoint(settings.cloud, settings.graphEndpoint);
  const tokens = openTokens(env, settings.cloud, endpoint);
  const setTenant = (tenant: string) => dlrCommand("pulumi config set tenant", undefined, [tenant, "--stack", stack], shell);
  const login = dlrCommand("login", undefined, [], shell);
  const readRequests = async () => {
    const value = await requestsOf(settings, root);
    return { value, finding: lookAtRequests(value, settings.requests, shell) };
  };
  const readLedger = async () => {
    const value = await ports.ledger.read();
    return { value, finding: lookAtLedger(ports, value, command) };
  };

  const loaded = await seek("requests", readRequests, tell);
  tell(await lookAt("sign-in", () => lookAtSignIn(ports, tokens, isCredentialNamed(env), login)));
  const graph = await seek("Graph", () => askGraph(endpoint, tokens), tell);
  tell(await lookAt("clock", async () => (graph === null ? unknown("Graph did not tell the time") : lookAtClock(graph))));
  tell(await lookAt("tenant", () => lookAtTenant(ports, settings, setTenant)));
  tell(await lookAt("permissions", () => lookAtPermissions(ports, loaded)));
  const ledger = await seek("ledger", readLedger, tell);
  tell(await lookAt("world", async () => (ledger === null ? unknown("the ledger was not read") : lookAtWorld(ports, settings, ledger))));
  tell(await lookAt("brake", async () => (ledger === null ? unknown("the ledger was not read") : lookAtBrake(ports, ledger, command))));
  tell(await lookAt("escrow", () => lookAtEscrow(ports, settings, command)));
}

import type { CloudName } from "../domain/cloud-name.ts";
import { ConfigurationError } from "../domain/errors.ts";
import { PROJECT } from "../domain/project.ts";
import { escrowPlaceAt } from "../escrow/escrow-stores.ts";
import { ledgerPlaceAt } from "../ledger/ledger-stores.ts";
import { MAX_DISRUPTIVE } from "../rules/safety-settings.ts";
import { CLOUDS, isLoopbackHost, parseGraphEndpoint } from "../support/cloud.ts";
import { pulumiCommand } from "../support/dlr-command.ts";
import { type Key, keyMistakes, type RunningStack } from "./configuration-keys.ts";
import { parseProtectedGlobs } from "./protected-globs.ts";
import {
  type Parsed,
  parseBoolean,
  parseCloudName,
  parseCount,
  parseDays,
  parseDuration,
  parsePlace,
  parseShard,
  parseTenant,
  type Shard,
} from "./setting-values.ts";

/** Everything that a stack can configure. Meanings and defaults are in docs/configuration.md. */
export interface Settings {
  readonly requests: string;
  readonly playbooks: string;
  readonly policies: string;
  readonly cloud: CloudName;
  /** GUID in lower case. */
  readonly tenant: string | undefined;
  readonly graphEndpoint: string | undefined;
  readonly escrow: string;
  readonly ledger: string;
  /** How long one run follows pending actions, in milliseconds. */
  readonly waitMs: number;
  readonly maxDestructive: number;
  readonly maxDisruptive: number;
  /** Globs over users, device names and categories. */
  readonly protected: readonly string[];
  readonly followOnly: boolean;
  /** Holds what destroys data or escrows a secret unless a review has it. */
  readonly requireReview: boolean;
  /** Actions of others on devices in 24 hours, beyond which the brake is set; undefined: none. */
  readonly foreignLimit: number | undefined;
  /** They count towards `maxDestructive`. */
  readonly countForeign: boolean;
  /** How many milliseconds after its success a request goes onto a shelf; undefined: never. */
  readonly shelveMs: number | undefined;
  readonly shard: Shard;
  /** What the run is for; undefined in the provider, which Pulumi does not tell. */
  readonly stack?: string | undefined;
}

/** The value of a key as the stack's file holds it, or undefined. */
export type ReadKey = (key: string) => string | undefined;

/**
 * For the program, which sees every key. Throws `ConfigurationError` that tells all mistakes in
 * keys and values, and what to write instead.
 */
export function parseConfiguration(values: Readonly<Record<string, string>>, running: RunningStack): Settings {
  const { settings, mistakes } = readSettings((key) => values[`${PROJECT}:${key}`], running.stack);
  refuseMistakes([...keyMistakes(Object.keys(values), running), ...mistakes]);
  return settings;
}

/**
 * For the provider, which can ask for single keys only; the program has looked at all of them
 * before. Throws as `parseConfiguration` does.
 */
export function parseSettings(read: ReadKey): Settings {
  const { settings, mistakes } = readSettings(read);
  refuseMistakes(mistakes);
  return settings;
}

/** Where stores are when nobody says so. */
export interface StorePlaces {
  readonly escrow: string;
  readonly ledger: string;
}

/**
 * A double on this machine has stores of its own: what was done to its devices was done to no
 * other.
 */
export function defaultPlaces(graphEndpoint: string | undefined): StorePlaces {
  const url = URL.parse(graphEndpoint ?? "");
  const isDouble = url !== null && isLoopbackHost(url.hostname);
  return isDouble
    ? { escrow: "file:emulator-stores/escrow", ledger: "file:emulator-stores/ledger" }
    : { escrow: "file:escrow", ledger: "file:ledger" };
}

interface Reading {
  /** Of no use where there are mistakes: the defaults stand for what is wrong. */
  readonly settings: Settings;
  readonly mistakes: readonly ConfigurationError[];
}

function readSettings(read: ReadKey, stack?: string): Reading {
  const mistakes: ConfigurationError[] = [];
  const get = <T>(key: Key, parse: (text: string) => Parsed<T>, byDefault: T): T => {
    const text = read(key);
    const parsed = text === undefined ? { value: byDefault } : parse(text);
    if ("value" in parsed) return parsed.value;
    mistakes.push(...parsed.problems.map((problem) => wrongValue(key, problem, stack)));
    return byDefault;
  };
  const graphEndpoint = get<string | undefined>("graphEndpoint", parsePlace, undefined);
  const places = defaultPlaces(graphEndpoint);
  const settings: Settings = {
    requests: get("requests", parsePlace, "devices/requests"),
    playbooks: get("playbooks", parsePlace, "devices/playbooks"),
    policies: get("policies", parsePlace, "devices/policies"),
    cloud: get("cloud", parseCloudName, "global"),
    tenant: get<string | undefined>("tenant", parseTenant, undefined),
    graphEndpoint,
    escrow: get("escrow", parsePlace, places.escrow),
    ledger: get("ledger", parsePlace, places.ledger),
    waitMs: get("wait", parseDuration, 120_000),
    maxDestructive: get("maxDestructive", parseCount, 5),
    maxDisruptive: get("maxDisruptive", parseCount, MAX_DISRUPTIVE),
    protected: get("protected", parseProtectedGlobs, []),
    followOnly: get("followOnly", parseBoolean, false),
    requireReview: get("requireReview", parseBoolean, false),
    foreignLimit: get<number | undefined>("foreignLimit", parseCount, undefined),
    countForeign: get("countForeign", parseBoolean, false),
    shelveMs: get<number | undefined>("shelve", parseDays, undefined),
    shard: get("shard", parseShard, { index: 1, of: 1 }),
    ...(stack === undefined ? {} : { stack }),
  };
  return { settings, mistakes: mistakes.length > 0 ? mistakes : placeMistakes(settings) };
}

/** Whether the places are of the chosen cloud: a question for values that are right one by one. */
function placeMistakes({ cloud, graphEndpoint, escrow, ledger }: Settings): readonly ConfigurationError[] {
  const { blobSuffix, vaultSuffix } = CLOUDS[cloud];
  const endpoint = attempt(() => parseGraphEndpoint(cloud, graphEndpoint));
  if (endpoint instanceof ConfigurationError) return [endpoint];
  // The folder that relative places start in makes none of them right or wrong.
  const rules = { root: "/", isLoopbackGraph: endpoint.isLoopback, blobSuffixes: [blobSuffix], vaultSuffixes: [vaultSuffix] };
  const places = [attempt(() => escrowPlaceAt(escrow, rules)), attempt(() => ledgerPlaceAt(ledger, rules))];
  return places.filter((place) => place instanceof ConfigurationError);
}

function attempt<T>(parse: () => T): T | ConfigurationError {
  try {
    return parse();
  } catch (error) {
    if (error instanceof ConfigurationError) return error;
    throw error;
  }
}

function wrongValue(key: Key, problem: string, stack: string | undefined): ConfigurationError {
  return new ConfigurationError(`configuration ${PROJECT}:${key} ${problem}`, {
    hint: pulumiCommand(["config", "set", key, "VALUE"], stack),
  });
}

/** One error for all of them. */
function refuseMistakes(mistakes: readonly ConfigurationError[]): void {
  const [first, ...others] = mistakes;
  if (first === undefined) return;
  if (others.length === 0) throw first;
  const list = mistakes.map(({ message, hint }) => `  ${message}${hint === "" ? "" : `\n    help: ${hint}`}`);
  throw new ConfigurationError(`the configuration has ${mistakes.length} mistakes:\n${list.join("\n")}`);
}

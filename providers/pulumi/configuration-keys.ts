import { ConfigurationError } from "../domain/errors.ts";
import { PROJECT } from "../domain/project.ts";
import { didYouMean } from "../support/did-you-mean.ts";
import { pulumiCommand } from "../support/dlr-command.ts";

/** Every key that has an effect. Meanings and defaults are in docs/configuration.md. */
export const KEYS = [
  "requests",
  "playbooks",
  "policies",
  "cloud",
  "tenant",
  "graphEndpoint",
  "escrow",
  "ledger",
  "wait",
  "maxDestructive",
  "maxDisruptive",
  "protected",
  "followOnly",
  "requireReview",
  "foreignLimit",
  "countForeign",
  "shelve",
  "shard",
] as const;

/** A configuration key of the project, without `device-lifecycle:` before it. */
export type Key = (typeof KEYS)[number];

/**
 * Keys that mean ours under whatever name they stand; the others are words that a provider may use
 * too.
 */
const UNMISTAKABLE: readonly string[] = [
  "playbooks",
  "graphEndpoint",
  "escrow",
  "ledger",
  "maxDestructive",
  "maxDisruptive",
  "protected",
  "followOnly",
  "requireReview",
  "foreignLimit",
  "countForeign",
  "shelve",
];

/** The project and the stack that a run is for, as Pulumi names them. */
export interface RunningStack {
  readonly project: string;
  readonly stack: string;
}

/**
 * Keys, with their namespaces, that no part of the program reads: whoever wrote them relies on
 * something that is not there.
 */
export function keyMistakes(keys: readonly string[], running: RunningStack): readonly ConfigurationError[] {
  return [...projectMistakes(keys, running), ...keys.flatMap((key) => keyMistake(key, running))];
}

/**
 * Commands and editors put settings under the project's own name, and the program reads them under
 * ours.
 */
function projectMistakes(keys: readonly string[], { project, stack }: RunningStack): readonly ConfigurationError[] {
  if (project === PROJECT) return [];
  const lost = keys.filter((key) => key.startsWith(`${project}:`));
  const unread = lost.length === 0 ? "what is set for it" : lost.join(", ");
  const message = `Pulumi.yaml names the project ${JSON.stringify(project)}, and settings are read for ${PROJECT} alone: ${unread} would have no effect`;
  return [
    new ConfigurationError(message, {
      hint: `write name: ${PROJECT} in Pulumi.yaml, and ${PROJECT}: before each key in Pulumi.${stack}.yaml`,
    }),
  ];
}

function keyMistake(full: string, running: RunningStack): readonly ConfigurationError[] {
  const [namespace = "", ...rest] = full.split(":");
  const key = rest.join(":");
  if (namespace === PROJECT) return unknownKey(key, running);
  if (namespace === running.project || namespace === "pulumi") return [];
  return isMeantForUs(namespace, key) ? [misplacedKey(full, key, running)] : [];
}

function unknownKey(key: string, { stack }: RunningStack): readonly ConfigurationError[] {
  const full = `${PROJECT}:${key}`;
  if (isKnown(key)) return [];
  const suggestion = didYouMean(key, KEYS);
  const hint =
    suggestion === ""
      ? `the keys are ${KEYS.join(", ")}; ${takeOut(full, stack)}`
      : `rename it in Pulumi.${stack}.yaml, or ${takeOut(full, stack)}`;
  return [new ConfigurationError(`configuration ${full} is not known${suggestion}: it would have no effect`, { hint })];
}

function isKnown(key: string): boolean {
  return KEYS.some((known) => known === key);
}

function isMeantForUs(namespace: string, key: string): boolean {
  return didYouMean(namespace, [PROJECT]) !== "" || UNMISTAKABLE.includes(key);
}

function misplacedKey(full: string, key: string, { stack }: RunningStack): ConfigurationError {
  const own = isKnown(key) ? key : "KEY";
  const message = `configuration ${full} would have no effect: settings are read as ${PROJECT}:${own}`;
  return new ConfigurationError(message, {
    hint: `${takeOut(full, stack)}, then ${pulumiCommand(["config", "set", `${PROJECT}:${own}`, "VALUE"], stack)}`,
  });
}

function takeOut(key: string, stack: string): string {
  return pulumiCommand(["config", "rm", key], stack);
}

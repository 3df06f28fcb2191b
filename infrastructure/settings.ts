import { CLOUD_NAMES } from "../providers/domain/cloud-name.ts";
import { ConfigurationError } from "../providers/domain/errors.ts";
import { type AzurePartsArguments, REDUNDANCIES, type ResourceNames } from "./arguments.ts";
import { ConfigReader, type Form, GUID } from "./config-reader.ts";
import { NAME_KEYS, NAME_RULES } from "./name-rules.ts";
import { conventionalNames } from "./naming.ts";
import { parseRanges, parseSubnets } from "./networks.ts";
import { noteWithoutFederation, parseRegion, requireRegion } from "./regions.ts";
import { parseTags } from "./tags.ts";
import { parseTrusts } from "./trusts.ts";

/** Name of the project and namespace of its configuration. */
export const PROJECT = "device-lifecycle-infrastructure";

const BASE: Form = { pattern: /^[a-z][a-z0-9]{1,9}$/, words: "2 to 10 lower-case letters and digits, beginning with a letter" };

/**
 * What the stack's configuration says, all of it checked before anything is made. Keys and defaults
 * are in docs/azure.md. Throws one `ConfigurationError` that lists every mistake with its key and
 * what to write instead.
 */
export function parseSettings(values: ReadonlyMap<string, string>, stack: string): AzurePartsArguments {
  const reader = new ConfigReader(values);
  const cloud = reader.oneOf("cloud", CLOUD_NAMES, "global");
  const location = requireRegion(reader, "location", cloud);
  const identityLocation = parseRegion(reader, "identityLocation", cloud) ?? location;
  const tenantId = reader.required("tenantId", GUID).toLowerCase();
  const subscriptionId = reader.required("subscriptionId", GUID).toLowerCase();
  const trusts = parseTrusts(reader);
  if (trusts.length > 0) noteWithoutFederation(reader, identityLocation);
  const settings: AzurePartsArguments = {
    cloud,
    location,
    identityLocation,
    tenantId,
    subscriptionId,
    trusts,
    names: parseNames(reader, tenantId, subscriptionId),
    tags: parseTags(reader, "tags", stack),
    readersGroupId: reader.required("readersGroupId", GUID),
    operatorsGroupId: reader.optional("operatorsGroupId", GUID) ?? null,
    allowedIpRanges: parseRanges(reader, "allowedIpRanges"),
    allowedSubnets: parseSubnets(reader, "allowedSubnets"),
    redundancy: reader.oneOf("redundancy", REDUNDANCIES, "ZRS"),
    ledgerRetentionDays: reader.days("ledgerRetentionDays", 365, 1, 146_000),
    dataRetentionDays: reader.days("dataRetentionDays", 90, 7, 365),
    logRetentionDays: reader.days("logRetentionDays", 90, 30, 730),
  };
  reader.noteUnasked();
  if (reader.mistakes.length > 0) throw allMistakes(reader);
  return settings;
}

function parseNames(reader: ConfigReader, tenantId: string, subscriptionId: string): ResourceNames {
  const base = reader.optional("name", BASE) ?? "devices";
  const names: Record<keyof ResourceNames, string> = { ...conventionalNames({ base, tenantId, subscriptionId }) };
  const own = reader.mapping("names", NAME_KEYS) ?? {};
  for (const key of NAME_KEYS) {
    const name = own[key];
    if (typeof name === "string") names[key] = reader.fit(`names.${key}`, name, NAME_RULES[key]);
    else if (name !== undefined) reader.note(`names.${key}`, `must be ${NAME_RULES[key].words}`);
  }
  for (const [one, other] of TWINS) {
    if (names[one].toLowerCase() === names[other].toLowerCase()) reader.note(`names.${other}`, `is the name of ${one} too`);
  }
  return names;
}

/** Of one kind, in one place. */
const TWINS = [
  ["ledgerContainer", "stateContainer"],
  ["previewIdentity", "upIdentity"],
] as const satisfies readonly (readonly [keyof ResourceNames, keyof ResourceNames])[];

function allMistakes({ mistakes }: ConfigReader): ConfigurationError {
  const count = mistakes.length === 1 ? "1 mistake" : `${mistakes.length} mistakes`;
  const lines = mistakes.map(({ key, text }) => `  ${PROJECT}:${key} ${text}`);
  return new ConfigurationError(`the configuration of the Azure parts has ${count}; nothing was made or changed\n${lines.join("\n")}`, {
    hint: "./dlr pulumi -C infrastructure config set KEY VALUE, or the stack's file in infrastructure/; docs/azure.md has every key",
  });
}

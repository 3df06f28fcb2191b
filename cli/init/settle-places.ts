import { ConfigurationError } from "../../providers/domain/errors.ts";
import { PROJECT } from "../../providers/domain/project.ts";
import { parseConfiguration, type Settings } from "../../providers/pulumi/settings.ts";
import type { StackSettings } from "../support/stack-settings.ts";

/** Settings that the command line may name. */
export interface SaidSettings {
  readonly escrow?: string;
  readonly ledger?: string;
  readonly tenant?: string;
  readonly cloud?: string;
  readonly graphEndpoint?: string;
}

type Key = keyof SaidSettings;

const KEYS: readonly Key[] = ["escrow", "ledger", "tenant", "cloud", "graphEndpoint"];

/** Asks a person; null where nobody is there. */
export type Ask = ((question: string, byDefault: string) => Promise<string>) | null;

/** Neither has a default here: where they lie is decided once, by somebody. */
const ASKED = {
  escrow: { question: "Where do codes go: the address of a Key Vault, or a folder", byDefault: "file:escrow" },
  ledger: { question: "Where is it recorded what was sent: a container of Azure Storage, or a folder", byDefault: "file:ledger" },
} as const;

/**
 * What the stack does not say yet, by whole keys: from the command line, else asked. Throws
 * `ConfigurationError` where somebody would have to be asked and nobody is there, and where the
 * command line contradicts what is set.
 */
export async function settlePlaces(
  said: SaidSettings,
  before: StackSettings | null,
  { ask, mayOverwrite }: { readonly ask: Ask; readonly mayOverwrite: boolean },
): Promise<Readonly<Record<string, string>>> {
  const known = (key: Key) => before?.values[`${PROJECT}:${key}`];
  refuseContradictions(said, known, mayOverwrite);
  const open = (["escrow", "ledger"] as const).filter((key) => said[key] === undefined && known(key) === undefined);
  if (ask === null && open.length > 0) throw nobodyToAsk(open);
  const wanted: Record<string, string> = {};
  for (const key of KEYS) if (said[key] !== undefined && said[key] !== known(key)) wanted[`${PROJECT}:${key}`] = said[key];
  for (const key of open) if (ask !== null) wanted[`${PROJECT}:${key}`] = await ask(ASKED[key].question, ASKED[key].byDefault);
  return wanted;
}

function refuseContradictions(said: SaidSettings, known: (key: Key) => string | undefined, mayOverwrite: boolean): void {
  const others = KEYS.filter((key) => said[key] !== undefined && known(key) !== undefined && said[key] !== known(key));
  if (others.length === 0 || mayOverwrite) return;
  const list = others.map((key) => `${key} is ${known(key)}, and --${optionOf(key)} says ${said[key]}`).join("; ");
  throw new ConfigurationError(`the stack has other settings already: ${list}; nothing was changed`, {
    hint: "leave the option out, or add --overwrite: what was sent and captured so far is known to the old places alone",
  });
}

function nobodyToAsk(open: readonly Key[]): ConfigurationError {
  const flags = open.map((key) => `--${optionOf(key)} PLACE`).join(" and ");
  return new ConfigurationError(`nobody is there to be asked where escrow and ledger are; nothing was made`, { hint: `say ${flags}` });
}

function optionOf(key: Key): string {
  return key === "graphEndpoint" ? "graph-endpoint" : key;
}

/** All settings as they will be, checked. Throws `ConfigurationError`. */
export function settingsWith(
  wanted: Readonly<Record<string, string>>,
  before: Readonly<Record<string, string>>,
  running: { readonly project: string; readonly stack: string },
): Settings {
  return parseConfiguration({ ...before, ...wanted }, running);
}

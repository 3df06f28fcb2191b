import { REMOTE_ACTIONS } from "../../domain/actions/action-table.ts";

const plain = (word: string): string => word.toLowerCase().replaceAll(/[^a-z0-9]/g, "");

/** The portal's own names, beside those that Graph gives a result. */
const PORTAL_NAMES: Readonly<Record<string, string>> = { freshstart: "cleanWindowsDevice", autopilotreset: "wipe", reset: "wipe" };

const BY_WORD: ReadonlyMap<string, string> = new Map([
  ...Object.entries(PORTAL_NAMES),
  ...REMOTE_ACTIONS.filter(({ destroysData }) => destroysData).flatMap(({ name, result }) =>
    [name, ...(result.kind === "reported" ? result.names : [])].map((word) => [plain(word), name] as const),
  ),
]);

/** Words within a longer one, such as `bulkWipe`, that nobody documents. */
const WITHIN: readonly (readonly [RegExp, string])[] = [
  [/wipe|erase|factoryreset/, "wipe"],
  [/retire|removecompanydata/, "retire"],
];

/** What takes an action back is none. */
const UNDOES = /^(?:cancel|undo|stop)/;

/**
 * The action of our table that a word of Graph's names, where it destroys data; null for any other.
 * Words that are not known to destroy, and look like it, count.
 */
export function destructiveAction(word: string): string | null {
  const name = plain(word);
  if (UNDOES.test(name)) return null;
  return BY_WORD.get(name) ?? WITHIN.find(([pattern]) => pattern.test(name))?.[1] ?? null;
}

/** Microsoft's call for many devices at once: which action it was, its properties tell. */
export function isBulkActivity(activityType: string): boolean {
  return plain(activityType).startsWith("executeaction");
}

/**
 * The same of an audit event's `activityType`, such as `wipe ManagedDevice`: the verb counts, of
 * managed devices alone. Names seen in the field:
 * https://github.com/ThomasKur/Sentinel-And-DefenderXDR
 */
export function destructiveActivity(activityType: string): string | null {
  const words = activityType.trim().split(/\s+/);
  const type = words.length > 1 ? plain(words.at(-1) ?? "") : "manageddevice";
  if (type !== "manageddevice" && type !== "manageddevices") return null;
  return destructiveAction((words.length > 1 ? words.slice(0, -1) : words).join(""));
}

import { printable } from "../../providers/domain/diagnostic.ts";
import { ConfigurationError } from "../../providers/domain/errors.ts";
import type { EscrowedRecord } from "../../providers/domain/step-record.ts";
import type { CommandWriter } from "../support/command-writer.ts";
import { type KnownRequest, nearName, requestsNamed } from "../support/known-requests.ts";

/** What is in escrow for a device, and the system that the device had then. */
export interface FoundSecret {
  readonly record: EscrowedRecord;
  readonly operatingSystem: string | null;
}

/** True for a reference itself, which needs no ledger. */
export function isReference(text: string): boolean {
  return /^(file|https?):/.test(text);
}

/**
 * The newest secret of the request, list, serial number or device that is named. Throws
 * `ConfigurationError` where there is none, and where several are meant: then each is listed with
 * its command.
 */
export function findSecret(asked: string, known: readonly KnownRequest[], command: CommandWriter): FoundSecret {
  const { own, members } = requestsNamed(asked, known);
  const ofName = [...own, ...members].flatMap(secretsOf);
  const found = newest(ofName.length > 0 ? ofName : known.flatMap(secretsOf).filter(({ record }) => isOfDevice(record, asked)));
  const [one, ...others] = found;
  if (one === undefined) throw nothing(asked, own.length + members.length > 0, known, command);
  if (others.length === 0) return one;
  const lines = found.map(({ record }) => printable(`  ${command("reveal", record.reference)}   ${describe(record)}`));
  throw new ConfigurationError(`${found.length} secrets are meant by ${JSON.stringify(asked)}:\n${lines.join("\n")}`, {
    hint: "reveal one of them by its reference",
  });
}

function secretsOf({ records }: KnownRequest): readonly FoundSecret[] {
  const device = records.find((record) => record.kind === "begun")?.device;
  return records.flatMap((record) => (record.kind === "escrowed" ? [{ record, operatingSystem: device?.operatingSystem ?? null }] : []));
}

function isOfDevice({ device }: EscrowedRecord, asked: string): boolean {
  return [device.serialNumber, device.id].some((word) => word?.toLowerCase() === asked.trim().toLowerCase());
}

/** Of each kind and device one: a code that was escrowed again is the one that works. */
function newest(found: readonly FoundSecret[]): readonly FoundSecret[] {
  const groups = Map.groupBy(found, ({ record }) => `${record.secret} ${record.device.id}`);
  return [...groups.values()].map((some) => some.reduce((last, one) => (one.record.at >= last.record.at ? one : last)));
}

function describe({ secret, device, at }: EscrowedRecord): string {
  return `${secret}, serial ${device.serialNumber ?? "unknown"}, id ${device.id}, ${at}`;
}

function nothing(asked: string, isKnown: boolean, known: readonly KnownRequest[], command: CommandWriter): ConfigurationError {
  const text = isKnown
    ? `nothing is in escrow for ${JSON.stringify(asked)}`
    : `the ledger knows no request, serial number or device ${JSON.stringify(asked)}${nearName(asked, known)}`;
  return new ConfigurationError(printable(text), { hint: `${command("status")} lists the requests` });
}

import type { ConfigReader } from "./config-reader.ts";

const SUBNET =
  /^\/subscriptions\/[0-9a-f-]{36}\/resourceGroups\/[^/]+\/providers\/Microsoft\.Network\/virtualNetworks\/[^/]+\/subnets\/[^/]+$/i;

/**
 * Ranges that are nobody's on the internet: [first address, length of the prefix]. Source:
 * https://www.iana.org/assignments/iana-ipv4-special-registry
 */
const NOT_PUBLIC: readonly (readonly [string, number])[] = [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.168.0.0", 16],
  ["224.0.0.0", 3],
];

/** Wider than this is no list of known machines any more. */
const WIDEST = 8;
/**
 * Storage takes single addresses and /30 at the smallest. Source:
 * https://learn.microsoft.com/azure/storage/common/storage-network-security-limitations
 */
const NARROWEST = 30;

/**
 * Notes a mistake for each range that is no public IPv4 range of a sensible size; gives all of them
 * back.
 */
export function parseRanges(reader: ConfigReader, key: string): readonly string[] {
  const ranges = reader.texts(key);
  for (const range of ranges) {
    const problem = problemOf(range);
    if (problem !== null) reader.note(key, `has ${JSON.stringify(range)}: ${problem}`);
  }
  return ranges;
}

/** Notes a mistake for each text that is no resource id of a subnet; gives all of them back. */
export function parseSubnets(reader: ConfigReader, key: string): readonly string[] {
  const subnets = reader.texts(key);
  for (const subnet of subnets.filter((id) => !SUBNET.test(id))) {
    const form = "/subscriptions/ID/resourceGroups/GROUP/providers/Microsoft.Network/virtualNetworks/NETWORK/subnets/SUBNET";
    reader.note(key, `has ${JSON.stringify(subnet)}, which is no id of a subnet: ${form}`);
  }
  return subnets;
}

function problemOf(range: string): string | null {
  const [, address = "", prefix] = /^([\d.]+)(?:\/(\d{1,2}))?$/.exec(range) ?? [];
  const number = addressNumber(address);
  if (number === null) return "write a public IPv4 address or range, such as 203.0.113.7 or 203.0.113.0/24";
  const length = prefix === undefined ? 32 : Number(prefix);
  if (length < WIDEST) return `a range wider than /${WIDEST} lets nearly everybody in`;
  if (prefix !== undefined && length > NARROWEST) return `Azure Storage takes ranges down to /${NARROWEST}; write single addresses instead`;
  if (NOT_PUBLIC.some(([first, bits]) => sameNetwork(number, addressNumber(first) ?? 0, Math.min(bits, length)))) {
    return "it is not a public address; machines in a network of Azure's are let in by allowedSubnets or a private endpoint";
  }
  if (networkOf(number, length) !== number) return "the address is not the first of its range";
  return null;
}

function addressNumber(address: string): number | null {
  const parts = address.split(".");
  if (parts.length !== 4 || !parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) < 256)) return null;
  return parts.reduce((number, part) => number * 256 + Number(part), 0);
}

function sameNetwork(one: number, other: number, length: number): boolean {
  return networkOf(one, length) === networkOf(other, length);
}

function networkOf(address: number, length: number): number {
  const size = 2 ** (32 - length);
  return Math.floor(address / size) * size;
}

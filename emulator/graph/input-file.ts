import { readFileSync } from "node:fs";
import { parse, YAMLParseError } from "yaml";
import { ConfigurationError } from "../../providers/domain/errors.ts";
import { isObject } from "../../providers/domain/json.ts";
import type { EmulatedToken } from "./authorization.ts";
import type { EmulatedDevice } from "./devices/emulated-device.ts";
import type { FaultSpec } from "./faults/fault-spec.ts";
import { checkDevices, checkFaults, checkTokens } from "./input-check.ts";

/**
 * Devices of a JSON or YAML file: a list, or the list under `value` (as Graph answers it) or
 * `devices`. Throws `ConfigurationError`.
 */
export function readDeviceFile(file: string): readonly EmulatedDevice[] {
  return checkDevices(readList(file, ["value", "devices"]), file);
}

/** Faults of a JSON or YAML file: a list, or the list under `faults`. */
export function readFaultFile(file: string): readonly FaultSpec[] {
  return checkFaults(readList(file, ["faults"]), file);
}

/** Tokens of a JSON or YAML file: a list, or the list under `tokens`. */
export function readTokenFile(file: string): readonly EmulatedToken[] {
  return checkTokens(readList(file, ["tokens"]), file);
}

function readList(file: string, keys: readonly string[]): readonly unknown[] {
  const data = parseText(readText(file), file);
  if (Array.isArray(data)) return data;
  const list = isObject(data) ? keys.map((key) => data[key]).find(Array.isArray) : undefined;
  if (list !== undefined) return list;
  throw new ConfigurationError(`${file}: must hold a list, or a mapping with a list under ${keys.join(" or ")}`);
}

function readText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    const code = isObject(error) ? String(error.code) : "unknown error";
    throw new ConfigurationError(`${file}: cannot be read (${code})`, { cause: error });
  }
}

/** YAML reads JSON too, and says where a mistake is. */
function parseText(text: string, file: string): unknown {
  try {
    return parse(text, { maxAliasCount: 100 });
  } catch (error) {
    if (!(error instanceof YAMLParseError) && !(error instanceof ReferenceError)) throw error;
    throw new ConfigurationError(`${file}: is not well-formed: ${error.message.trim()}`, { cause: error });
  }
}

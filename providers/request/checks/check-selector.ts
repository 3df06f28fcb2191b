import type { Diagnostic } from "../../domain/diagnostic.ts";
import { listed } from "../../support/words.ts";
import { LEGAL_PATHS } from "../device-path.ts";
import type { SourceFile } from "../files/source-file.ts";
import { NAME_KEYS, ROW_KEYS } from "../schema/selector-schema.ts";
import type { YamlMap, YamlNode } from "../yaml/yaml-node.ts";

/**
 * Which keys of a selector stand together, whatever their values. The schemas say the same to
 * editors.
 */
export function checkSelector(file: SourceFile, node: YamlNode | undefined, place: "device" | "row"): readonly Diagnostic[] {
  if (node?.kind !== "map") return [];
  const names: readonly string[] = place === "device" ? NAME_KEYS : ROW_KEYS;
  const present = names.filter((key) => node.entries.has(key));
  const wrongPath = checkPath(file, node, present.length > 0);
  if (wrongPath !== null) return [wrongPath];
  if (present.length > 1) {
    const offset = node.entries.get(present[1] ?? "")?.keyOffset ?? node.offset;
    return [
      file.mistake("DLR018", offset, `${listed(present, "and")} cannot stand together`, "keep one of them: a device has one name here"),
    ];
  }
  const namedByRun = place === "device" && node.entries.has("deviceRunState") && !node.entries.has("detectedApp");
  if (present.length === 1 || namedByRun) return [];
  const hint = place === "device" ? "for example device: { serialNumber: DMPXK2ABCDEF }" : "for example - serialNumber: DMPXK2ABCDEF";
  return [file.mistake("DLR018", node.offset, `${listed(names)} is missing`, hint)];
}

/** Graph has no path through a user and a script run at once. */
function checkPath(file: SourceFile, node: YamlMap, named: boolean): Diagnostic | null {
  const user = node.entries.get("user");
  const runState = node.entries.get("deviceRunState");
  const detectedApp = node.entries.get("detectedApp");
  const illegal =
    runState === undefined
      ? null
      : user !== undefined
        ? [user, runState]
        : detectedApp !== undefined && !named
          ? [detectedApp, runState]
          : null;
  if (illegal === null) return null;
  const offset = Math.max(...illegal.map((entry) => entry.keyOffset));
  const message =
    user === undefined ? "deviceRunState with detectedApp needs the device as well" : "user and deviceRunState cannot stand together";
  return file.mistake("DLR019", offset, message, `Graph knows these ways to a device: ${LEGAL_PATHS.join("; ")}`);
}

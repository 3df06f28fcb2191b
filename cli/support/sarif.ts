import type { Diagnostic } from "../../providers/domain/diagnostic.ts";
import { DIAGNOSTIC_CODES } from "../../providers/domain/diagnostic-codes.ts";

/**
 * Diagnostics as SARIF 2.1.0, which services show beside code:
 * https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
 */
export function sarifOf(diagnostics: readonly Diagnostic[]): object {
  const codes = [...new Set(diagnostics.map(({ code }) => code))].sort();
  const rules = codes.map((id) => ({ id, shortDescription: { text: DIAGNOSTIC_CODES[id] } }));
  return {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [{ tool: { driver: { name: "device-lifecycle", rules } }, columnKind: "utf16CodeUnits", results: diagnostics.map(resultOf) }],
  };
}

function resultOf({ code, severity, message, hint, location }: Diagnostic): object {
  const { file, line, column } = location;
  // Folders stay folders, and no name is an address of another kind.
  const uri = file.toWellFormed().split("/").map(encodeURIComponent).join("/");
  return {
    ruleId: code,
    level: severity,
    message: { text: hint === undefined ? message : `${message} (${hint})` },
    locations: [{ physicalLocation: { artifactLocation: { uri }, region: { startLine: line, startColumn: column } } }],
  };
}

import { isObject } from "../../providers/domain/json.ts";
import { AzureError } from "./azure-error.ts";

const NAMES = [
  "escrow",
  "ledger",
  "backend",
  "tenantId",
  "subscriptionId",
  "previewClientId",
  "upClientId",
  "previewPrincipalId",
  "upPrincipalId",
] as const;

/** What the program in infrastructure/ has made. */
export type AzureOutputs = Readonly<Record<(typeof NAMES)[number], string>>;

/** Throws `AzureError` for the outputs of a run that did not come to its end. */
export function parseOutputs(outputs: unknown): AzureOutputs {
  const found = isObject(outputs) ? outputs : {};
  const texts = NAMES.map((name) => [name, found[name]] as const);
  const missing = texts.filter(([, value]) => typeof value !== "string" || value === "").map(([name]) => name);
  if (missing.length > 0) {
    throw new AzureError(`the Azure parts have no output ${missing.join(", ")}`, {
      hint: "run this again: the last run did not come to its end",
    });
  }
  return Object.fromEntries(texts) as AzureOutputs;
}

/** What is exported, by the variables that OpenTelemetry's SDKs share. */
export interface ExportChoice {
  readonly traces: boolean;
  readonly metrics: boolean;
}

const ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT";

/**
 * Nothing, unless a receiver is named; of both, or of one signal alone. Source:
 * https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/
 */
export function exportChoice(environment: NodeJS.ProcessEnv): ExportChoice {
  const isOff = environment.OTEL_SDK_DISABLED?.trim().toLowerCase() === "true";
  const wants = (signal: "TRACES" | "METRICS") => {
    const isNamed = isSet(environment[ENDPOINT]) || isSet(environment[`OTEL_EXPORTER_OTLP_${signal}_ENDPOINT`]);
    return !isOff && isNamed && environment[`OTEL_${signal}_EXPORTER`]?.trim().toLowerCase() !== "none";
  };
  return { traces: wants("TRACES"), metrics: wants("METRICS") };
}

function isSet(text: string | undefined): boolean {
  return (text ?? "").trim() !== "";
}

import { expect, test } from "@jest/globals";
import { exportChoice } from "../../providers/telemetry/export-choice.ts";

const ALL = "OTEL_EXPORTER_OTLP_ENDPOINT";
const URL = "http://127.0.0.1:4318";

test.each([
  ["nothing is named", {}, false, false],
  ["an empty one is named", { [ALL]: " " }, false, false],
  ["one receiver for both", { [ALL]: URL }, true, true],
  ["one for traces", { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `${URL}/v1/traces` }, true, false],
  ["one for metrics", { OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: `${URL}/v1/metrics` }, false, true],
  ["metrics are left out", { [ALL]: URL, OTEL_METRICS_EXPORTER: "none" }, true, false],
  ["the SDK is switched off", { [ALL]: URL, OTEL_SDK_DISABLED: "True" }, false, false],
])("%s", (_, environment, traces, metrics) => {
  expect(exportChoice(environment)).toEqual({ traces, metrics });
});

// Node loads this first in each process that Pulumi starts (NODE_OPTIONS), and only the program's
// goes on: the SDK starts it with an inspector for its serializer of closures, whose flags also
// make Node throw away what other processes have kept compiled, with exporters of traces, and with
// source maps, by which it maps a stack trace for each resource. This program serializes nothing,
// and runs as it is written. `pulumi --tracing` and an OpenTelemetry parent load all as it was.
const [, script = "", ...args] = process.argv;
const isProgram = /[\\/]@pulumi[\\/]pulumi[\\/]cmd[\\/]run([\\/]index\.js)?$/.test(script);
const isTraced = process.env.TRACEPARENT !== undefined || args.some((arg) => arg.startsWith("--tracing"));
if (isProgram && !isTraced) lighten();

function lighten() {
  try {
    const { standIn } = require("./stand-in.cjs");
    const sdk = require("node:module").createRequire(require("node:fs").realpathSync(script));
    standIn(sdk.resolve("source-map-support/register"), {});
    standIn(sdk.resolve("../../runtime/closure/v8Hooks"), { __esModule: true, isInitializedAsync: async () => {} });
    const { trace, INVALID_SPAN_CONTEXT } = sdk("@opentelemetry/api");
    const newSpan = () => trace.wrapSpanContext(INVALID_SPAN_CONTEXT);
    standIn(sdk.resolve("./tracing"), { __esModule: true, newSpan, stop: () => {} });
  } catch {
    // An SDK that is built otherwise starts in its own way.
  }
}

import { createRequire, flushCompileCache } from "node:module";
import { keepCompiled } from "../../support/keep-compiled.js";

// Starts the SDK's host of dynamic providers, as its own `pulumi-resource-pulumi-nodejs` does.
const require = createRequire(import.meta.url);
const sdk = createRequire(require.resolve("@pulumi/pulumi/cmd/dynamic-provider"));
const { standIn } = require("./stand-in.cjs");

await keepCompiled(process.env);
// Our code runs as it is written: there are no source maps to map stack traces by.
standIn(sdk.resolve("source-map-support/register"), {});
// The host loads the SDK's whole runtime, with a serializer of closures, TypeScript and npm's own
// installer, for two numbers that stand in its settings.
standIn(require.resolve("@pulumi/pulumi/runtime"), require("@pulumi/pulumi/runtime/settings"));
// An interrupt of the engine ends in nothing there; our provider sends nothing more from then on.
const { Server } = sdk("@grpc/grpc-js");
const { addService } = Server.prototype;
Server.prototype.addService = function addWithInterrupt(service, served) {
  const cancel = served.cancel.bind(served);
  served.cancel = (call, callback) => {
    process.emit("device-lifecycle-interrupted");
    cancel(call, callback);
  };
  return addService.call(this, service, served);
};
require("@pulumi/pulumi/cmd/dynamic-provider");
// The engine kills this process in the end, and Node keeps what it compiled only at an end of its own.
flushCompileCache();

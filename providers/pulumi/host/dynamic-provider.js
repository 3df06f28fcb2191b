import { createRequire, flushCompileCache } from "node:module";
import { keepCompiled } from "../../support/keep-compiled.js";
import { watchEngine } from "../provider/engine-watch.ts";

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
const { Server } = sdk("@grpc/grpc-js");
const { InvokeResponse } = sdk("../../proto/provider_pb.js");
const { addService } = Server.prototype;
Server.prototype.addService = function addOurService(service, served) {
  const cancel = served.cancel.bind(served);
  // An interrupt of the engine ends in nothing there; our provider sends nothing more from then on.
  served.cancel = (call, callback) => {
    process.emit("device-lifecycle-interrupted");
    cancel(call, callback);
  };
  // The program asks for nothing, and early, so that the engine starts this process.
  served.invoke = (_, callback) => callback(null, new InvokeResponse());
  for (const name of ["create", "update", "read", "delete"]) served[name] = counted(served[name].bind(served));
  return addService.call(this, service, served);
};

let underWay = 0;

function counted(serve) {
  return (call, callback) => {
    underWay += 1;
    return serve(call, (...answer) => {
      underWay -= 1;
      callback(...answer);
    });
  };
}

/** Milliseconds: whoever ends work tells what was seen of it first, which takes 1,500 at most. */
const LAST_WORDS = 2_000;

// An engine that is killed ends none of its processes, and this one is there before any work is.
// What is under way goes on to its end.
watchEngine(process.argv, () => {
  setInterval(() => underWay === 0 && process.exit(1), LAST_WORDS);
});
require("@pulumi/pulumi/cmd/dynamic-provider");
// The engine kills this process in the end, and Node keeps what it compiled only at an end of its own.
flushCompileCache();

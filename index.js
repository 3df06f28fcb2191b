import { setImmediate } from "node:timers/promises";
import { otherNode } from "./providers/support/other-node.js";

// Plain JavaScript that any Node reads: Pulumi runs this with whichever Node stands first on PATH.
const problem = otherNode(process.versions.node);
if (problem !== null) {
  console.error(`device-lifecycle: ${problem}; \`./dlr up\` does that by itself`);
  process.exit(2);
}

// Asked before anything else of ours is loaded, which takes as long as the provider's start.
(await import("./providers/pulumi/program/start-provider.js")).startProvider();
await setImmediate();

/** Stack outputs, as the program gives them. */
export default (await import("./index.ts")).default;

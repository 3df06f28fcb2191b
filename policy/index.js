import { otherNode } from "../providers/support/other-node.js";

// Plain JavaScript that any Node reads: Pulumi runs this with whichever Node stands first on PATH.
// It is loaded by `require`, which takes no top-level await.
const problem = otherNode(process.versions.node);
if (problem !== null) {
  console.error(`device-lifecycle: ${problem}`);
  process.exit(2);
}

void import("./pack.ts").then(({ startPack }) => startPack());

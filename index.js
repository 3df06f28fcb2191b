import { otherNode } from "./providers/support/other-node.js";

// Plain JavaScript that any Node reads: Pulumi runs this with whichever Node stands first on PATH.
const problem = otherNode(process.versions.node);
if (problem !== null) {
  console.error(`device-lifecycle: ${problem}; \`./dlr up\` does that by itself`);
  process.exit(2);
}

/** Stack outputs, as the program gives them. */
export default (await import("./index.ts")).default;

#!/usr/bin/env node
import { keepCompiled } from "../providers/support/keep-compiled.js";
import { otherNode } from "../providers/support/other-node.js";

// Plain JavaScript that any Node reads: TypeScript comes after the look at its version.
const problem = otherNode(process.versions.node);
if (problem === null) {
  await keepCompiled(process.env);
  const { dispatch } = await import("./dispatch.ts");
  await dispatch(process.argv.slice(2), process.env);
} else {
  console.error(`dlr: ${problem}`);
  process.exitCode = 2;
}

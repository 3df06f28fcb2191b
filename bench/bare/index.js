import * as pulumi from "@pulumi/pulumi";

/** Does nothing, and gives back nothing. */
const PROVIDER = `exports.handler=()=>({
  check: async (_, inputs) => ({ inputs }),
  diff: async () => ({ changes: false }),
  create: async () => ({ id: "empty", outs: {} }),
})`;

// As many empty resources as BENCH_RESOURCES says: what the engine costs, whatever a program does.
for (let index = 0; index < Number(process.env.BENCH_RESOURCES); index += 1) {
  new pulumi.CustomResource("pulumi-nodejs:dynamic:Resource", `empty-${index}`, { __provider: PROVIDER });
}

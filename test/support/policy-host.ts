import path from "node:path";

const RUNNER = path.resolve(import.meta.dirname, "../../node_modules/@pulumi/pulumi/cmd/run-policy-pack");

/**
 * A script that starts a policy pack as the SDK does. The language host that can be compiled here
 * knows no policies; as `pulumi-analyzer-policy-NAME` on PATH this serves packs of `runtime: NAME`.
 */
export function policyHost(): string {
  return `#!/bin/sh\nexec "${process.execPath}" --disable-warning=ExperimentalWarning "${RUNNER}" "$@"\n`;
}

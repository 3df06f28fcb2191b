import { POLICY_TYPE } from "../../domain/project.ts";
import type { PolicyInputs, PolicyOutcome } from "../policy-state.ts";
import * as pulumi from "../sdk.ts";

/** Lands in the state of every policy, as that of requests does. */
const PROVIDER = 'exports.handler=()=>require("./providers/pulumi/policy-provider.ts")';

/** One policy that allows the Activation Lock, as a Pulumi resource. */
export class ActivationLockPolicy extends pulumi.CustomResource {
  declare readonly outcome: pulumi.Output<PolicyOutcome>;
  declare readonly message: pulumi.Output<string>;

  constructor(inputs: PolicyInputs, options?: pulumi.CustomResourceOptions) {
    const outputs = { outcome: undefined, message: undefined };
    super(POLICY_TYPE, inputs.name, { __provider: PROVIDER, ...outputs, ...inputs }, options);
  }
}

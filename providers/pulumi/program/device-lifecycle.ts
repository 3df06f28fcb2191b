import type { Outcome } from "../../domain/outcome.ts";
import { RESOURCE_TYPE } from "../../domain/project.ts";
import * as pulumi from "../sdk.ts";
import { inputsToStored, type LifecycleInputs, type LifecycleOutputs } from "../state.ts";

/**
 * The provider as it lands in the state of every resource: a call of today's code, 63 bytes,
 * instead of a serialized copy of it. The path counts from the folder of the program.
 */
const PROVIDER = 'exports.handler=()=>require("./providers/pulumi/provider.ts")';

/** One device lifecycle request as a Pulumi resource. */
export class DeviceLifecycle extends pulumi.CustomResource {
  declare readonly outcome: pulumi.Output<Outcome>;
  declare readonly conditions: pulumi.Output<LifecycleOutputs["conditions"]>;
  declare readonly drift: pulumi.Output<LifecycleOutputs["drift"]>;

  constructor(name: string, inputs: LifecycleInputs, options?: pulumi.CustomResourceOptions) {
    // The other outputs are in state as well; only these are read by the program.
    const outputs = { outcome: undefined, conditions: undefined, drift: undefined };
    super(RESOURCE_TYPE, name, { __provider: PROVIDER, ...outputs, ...inputsToStored(inputs) }, options);
  }
}

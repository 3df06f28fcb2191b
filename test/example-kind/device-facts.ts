import type { DeviceFacts as Facts } from "../../providers/domain/managed-device.ts";
import * as pulumi from "../../providers/pulumi/sdk.ts";
import type { FactsInputs } from "./device-facts-provider.ts";

/** Never changes: states name it. */
const TYPE = "pulumi-nodejs:dynamic/intune:DeviceFacts";

/** Lands in the state of every resource; the path counts from the folder of the program. */
const PROVIDER = 'exports.handler=()=>require("./test/example-kind/device-facts-provider.ts")';

/** What Intune says of one device, for whatever else a program does. */
export class DeviceFacts extends pulumi.CustomResource {
  declare readonly device: pulumi.Output<Facts>;

  constructor(name: string, inputs: FactsInputs, options?: pulumi.CustomResourceOptions) {
    super(TYPE, name, { __provider: PROVIDER, device: undefined, ...inputs }, options);
  }
}

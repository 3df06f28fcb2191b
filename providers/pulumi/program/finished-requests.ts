import { SHELF_TYPE } from "../../domain/project.ts";
import * as pulumi from "../sdk.ts";
import type { ShelfInputs } from "../shelf-state.ts";

/** Lands in the state of every shelf, as that of requests does. */
const PROVIDER = 'exports.handler=()=>require("./providers/pulumi/shelf-provider.ts")';

/** Many requests that finished long ago, as one Pulumi resource. */
export class FinishedRequests extends pulumi.CustomResource {
  constructor(name: string, inputs: ShelfInputs, options?: pulumi.CustomResourceOptions) {
    // The outputs are the engine's alone: the program reads none of them.
    super(SHELF_TYPE, name, { __provider: PROVIDER, ...inputs }, options);
  }
}

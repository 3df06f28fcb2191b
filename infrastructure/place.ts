import type { ResourceGroup } from "@pulumi/azure-native/resources/index.js";
import type { ComponentResource, CustomResourceOptions } from "@pulumi/pulumi";
import type { AzurePartsArguments } from "./arguments.ts";

/** Where a part is made: what every file of resources is given. */
export interface Place {
  readonly settings: AzurePartsArguments;
  readonly group: ResourceGroup;
  /**
   * Logical name of a part: the component's own name before it, so that two components do not meet.
   */
  readonly nameOf: (part: string) => string;
  /** The component as parent, whose protection every part inherits. */
  readonly options: CustomResourceOptions & { readonly parent: ComponentResource };
}

/**
 * What the program needs of Pulumi's SDK, from the modules that define it. The SDK's main module
 * loads its serializer of closures too, and with it TypeScript and npm's own installer: half a
 * second of every preview, for something that the program never does.
 */
export { RunError } from "@pulumi/pulumi/errors.js";
export * as log from "@pulumi/pulumi/log/index.js";
export { default as sdkLog } from "@pulumi/pulumi/log/index.js";
export { all, type Output } from "@pulumi/pulumi/output.js";
export { CustomResource, type CustomResourceOptions } from "@pulumi/pulumi/resource.js";
export { allConfig } from "@pulumi/pulumi/runtime/config.js";
export { getProject, getStack, isDryRun } from "@pulumi/pulumi/runtime/settings.js";

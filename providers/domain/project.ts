/** Name of the project and namespace of its configuration. */
export const PROJECT = "device-lifecycle";

/** Type of the resource that stands for one request; states and policies name it. */
export const RESOURCE_TYPE = "pulumi-nodejs:dynamic/intune:DeviceLifecycle";

/** Name of the project and namespace of its configuration. */
export const PROJECT = "device-lifecycle";

/** Type of the resource that stands for one request; states and policies name it. */
export const RESOURCE_TYPE = "pulumi-nodejs:dynamic/intune:DeviceLifecycle";

/** Type of the resource that stands for many requests which finished long ago; states name it. */
export const SHELF_TYPE = "pulumi-nodejs:dynamic/intune:FinishedRequests";

/** Type of the resource that stands for one policy of Intune's; states name it. */
export const POLICY_TYPE = "pulumi-nodejs:dynamic/intune:ActivationLockPolicy";

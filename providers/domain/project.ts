/** Name of the project and namespace of its configuration. */
export const PROJECT = "device-lifecycle";

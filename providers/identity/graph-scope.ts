import { CLOUDS, type Cloud } from "../support/cloud.ts";

/** Everything that the identity was granted for Graph. */
export function graphScope(cloud: Cloud): string {
  return `https://${CLOUDS[cloud].graphHost}/.default`;
}

/**
 * Names the review that a run performs: `dlr up --reviewed FILE` sets it, so that each process
 * reads that very file.
 */
export const REVIEWED = "DEVICE_LIFECYCLE_REVIEWED";

/** By which CI tells policies who wrote what is to be done: accounts, separated by commas. */
export const AUTHORS = "DEVICE_LIFECYCLE_AUTHORS";

/** The same of who approved it. */
export const APPROVERS = "DEVICE_LIFECYCLE_APPROVERS";

/**
 * Where the processes of a run stand in its trace, as `TRACEPARENT` has it, which Pulumi's SDK
 * would take for its own: `dlr up` and `dlr preview` set it.
 */
export const TRACE_PARENT = "DEVICE_LIFECYCLE_TRACEPARENT";

/**
 * File to which each process of a run appends what it did, a line of JSON for each:
 * docs/observability.md. `--verbose` sets it.
 */
export const LOG = "DEVICE_LIFECYCLE_LOG";

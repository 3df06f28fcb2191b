/** Set by a person on an issue whose form may become a pull request. */
export const ACCEPTED_LABEL = "device-lifecycle/accepted";

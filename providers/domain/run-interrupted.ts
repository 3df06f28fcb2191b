/** The brake's reason in a run that somebody interrupted; only that run sends nothing more. */
export const RUN_INTERRUPTED = "this run was interrupted";

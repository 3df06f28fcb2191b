/** What `host/dynamic-provider.js` tells when the engine was interrupted: a Ctrl-C, or SIGTERM. */
const INTERRUPTED = "device-lifecycle-interrupted";

let isInterrupted = false;
const told = new Set<() => void>();

process.once(INTERRUPTED, () => {
  isInterrupted = true;
  for (const tell of told) tell();
});

/** Calls `tell` once the run of this process was interrupted; at once where it was before. */
export function onceInterrupted(tell: () => void): void {
  if (isInterrupted) tell();
  else told.add(tell);
}

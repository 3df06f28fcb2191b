import { connect } from "node:net";

/**
 * Calls `onGone` once when the Pulumi engine that started this provider is dead: killed, it cannot tell us, and we would go on
 * acting for a run that nobody follows. Holds a connection to the engine's address, which the kernel closes with the
 * engine; a connection that only timed out is opened again.
 */
export function watchEngine(processArguments: readonly string[], onGone: () => void): void {
  const address = processArguments.findLast((argument) => /^(127\.0\.0\.1|localhost|\[?::1\]?):\d+$/.test(argument));
  if (address === undefined) return;
  const separator = address.lastIndexOf(":");
  hold(address.slice(0, separator).replaceAll(/[[\]]/g, ""), Number(address.slice(separator + 1)), onGone);
}

function hold(host: string, port: number, onGone: () => void): void {
  const socket = connect({ host, port });
  socket.unref();
  let isOpen = false;
  socket.once("connect", () => {
    isOpen = true;
  });
  // Reading keeps the close of the other side noticed; nothing that arrives is of interest.
  socket.resume();
  socket.once("error", () => socket.destroy());
  socket.once("close", () => {
    if (isOpen) hold(host, port, onGone);
    else onGone();
  });
}

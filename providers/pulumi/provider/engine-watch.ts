import { connect, type Socket } from "node:net";
import { lookTogether } from "../../support/look-together.ts";

interface Address {
  readonly host: string;
  readonly port: number;
}

/** Milliseconds that the kernel may take to open a connection on this machine. */
const LONGEST_CONNECT_MS = 5_000;

/**
 * Calls `onGone` once when the Pulumi engine that started this provider is dead: killed, it cannot
 * tell us, and we would go on acting for a run that nobody follows. Holds a connection to the
 * engine's address, which the kernel closes with the engine; a connection that only timed out is
 * opened again. Gives back a look at it now: a busy machine tells of the end of a connection late.
 * Where nothing tells the engine's address, it always lives.
 */
export function watchEngine(processArguments: readonly string[], onGone: () => void): { readonly lives: () => Promise<boolean> } {
  const address = addressIn(processArguments);
  if (address === null) return { lives: async () => true };
  hold(address, onGone);
  return { lives: lookTogether(() => listens(address)) };
}

function addressIn(processArguments: readonly string[]): Address | null {
  const address = processArguments.findLast((argument) => /^(127\.0\.0\.1|localhost|\[?::1\]?):\d+$/.test(argument));
  if (address === undefined) return null;
  const separator = address.lastIndexOf(":");
  return { host: address.slice(0, separator).replaceAll(/[[\]]/g, ""), port: Number(address.slice(separator + 1)) };
}

function hold(address: Address, onGone: () => void): void {
  const socket = connect(address);
  socket.unref();
  let isOpen = false;
  socket.once("connect", () => {
    isOpen = !isOwnEnd(socket);
    if (!isOpen) socket.destroy();
  });
  // Reading keeps the close of the other side noticed; nothing that arrives is of interest.
  socket.resume();
  socket.once("error", () => socket.destroy());
  socket.once("close", () => {
    if (isOpen) hold(address, onGone);
    else onGone();
  });
}

/**
 * A process that listens is alive: the kernel takes new connections for it, however busy it is, and
 * refuses them once it is dead.
 */
function listens(address: Address): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const socket = connect({ ...address, timeout: LONGEST_CONNECT_MS });
  const end = (lives: boolean) => {
    socket.destroy();
    resolve(lives);
  };
  socket.once("connect", () => end(!isOwnEnd(socket)));
  socket.once("timeout", () => end(false));
  // Stays: an error may come after the end.
  socket.on("error", () => end(false));
  return promise;
}

/**
 * True for a connection of this process to itself, which can come about on a port that the kernel
 * hands out and nobody listens on.
 */
function isOwnEnd({ localPort, remotePort, localAddress, remoteAddress }: Socket): boolean {
  return localPort === remotePort && localAddress === remoteAddress;
}

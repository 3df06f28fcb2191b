import type { ClientRequest } from "node:http";
import type { Socket } from "node:net";

/** How far a request came on its way out. */
export interface Connecting {
  /** False as long as surely not a byte of the request has left this machine. */
  mayHaveLeft(): boolean;
  stop(): void;
}

/**
 * An address that swallows what is sent to it should not keep anybody waiting; a busy network
 * needs a second or two.
 */
const CONNECT_TIMEOUT = 10_000;

class ConnectTimeout extends Error {
  readonly code = "CONNECT_TIMEOUT";
}

/**
 * A request is held until its connection stands, over TLS until both sides have agreed: what
 * fails before that was never sent.
 */
export function watchConnection(call: ClientRequest): Connecting {
  let hasConnection = false;
  const timer = setTimeout(() => call.destroy(new ConnectTimeout()), CONNECT_TIMEOUT);
  const stop = () => clearTimeout(timer);
  call.once("socket", (socket) =>
    whenReady(socket, () => {
      hasConnection = true;
      stop();
    }),
  );
  call.once("close", stop);
  return { mayHaveLeft: () => hasConnection, stop };
}

/** At once for a connection that was kept from before, or that a proxy has led through. */
function whenReady(socket: Socket, ready: () => void): void {
  const isAgreeing = "secureConnecting" in socket && socket.secureConnecting === true;
  if (isAgreeing) socket.once("secureConnect", ready);
  else if (socket.connecting) socket.once("connect", ready);
  else ready();
}

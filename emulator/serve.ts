import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { answerAdmin } from "./graph/admin.ts";
import type { Emulator } from "./graph/emulator.ts";
import { gatewayError } from "./graph/faults/error-answer.ts";
import type { GraphAnswer, GraphCall } from "./graph/graph-call.ts";
import { handleCall } from "./graph/handle-call.ts";
import { parseTarget } from "./graph/parse-target.ts";
import type { World } from "./graph/world.ts";
import { deliver, readRequestBody, toGraphCall } from "./http-wire.ts";

/** Answers requests until the server is closed. */
export function serve(server: Server, world: World, emulator: Emulator): void {
  server.on("request", (request: IncomingMessage, response: ServerResponse) => {
    answer(request, response, world, emulator).catch((error: unknown) => {
      // A client that went away in the middle of its request is its own business; all else is a
      // mistake of ours or of a listener.
      if (request.socket.destroyed) return;
      process.emitWarning(error instanceof Error ? error : String(error));
      response.destroy();
    });
  });
}

async function answer(request: IncomingMessage, response: ServerResponse, world: World, emulator: Emulator): Promise<void> {
  const target = parseTarget(request.url ?? "/");
  const body = await readRequestBody(request);
  if (target.kind === "admin") {
    await answerAdmin({ request, segments: target.segments, body: body ?? Buffer.alloc(0) }, response, emulator, world);
    return;
  }
  const graph = target.kind === "graph" ? target : { ...NOWHERE, target: request.url ?? "/" };
  const call = toGraphCall(request, graph, body ?? Buffer.alloc(0), world.clock());
  const refusal = earlyRefusal(call, target.kind === "graph", body === null);
  if (refusal !== null) {
    await deliver(call, { answer: refusal, delivery: "whole" }, response);
    return;
  }
  const { record, ...handled } = await handleCall(call, world);
  const left = await deliver(call, handled, response);
  await world.journal.emit(left ? "answered" : "unanswered", record);
}

const NOWHERE = { kind: "graph", version: "v1.0", segments: [], query: new URLSearchParams() } as const;

function earlyRefusal(call: GraphCall, isGraph: boolean, isTooLarge: boolean): GraphAnswer | null {
  if (!isGraph) return gatewayError(call, 404, "Resource not found.", { code: "NotFound" });
  return isTooLarge ? gatewayError(call, 413, "The request body is too large.") : null;
}

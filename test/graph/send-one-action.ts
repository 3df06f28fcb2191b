import { afterEach } from "@jest/globals";
import type { ActionCall } from "../../providers/domain/ports.ts";
import type { GraphOptions } from "../../providers/graph/graph.ts";
import { type Script, type ScriptedAnswer, type ScriptedServer, startScriptedServer } from "../support/scripted-server.ts";
import { graphAt } from "./graph-fixture.ts";

/** Intune took the action. */
export const NO_CONTENT: ScriptedAnswer = { status: 204, headers: { "request-id": "rid-1" } };

/** Servers with a script, closed after each test of the file that calls this. */
export function scriptedServers() {
  const open: ScriptedServer[] = [];
  afterEach(() => Promise.all(open.splice(0).map((server) => server.close())));

  const start = async (script: Script): Promise<ScriptedServer> => {
    const server = await startScriptedServer(script);
    open.push(server);
    return server;
  };

  /** One action, its result, what came to the server, and how long we slept. */
  const send = async (script: Script, call: ActionCall, options: Partial<GraphOptions> = {}) => {
    const server = await start(script);
    const graph = graphAt(server.url, options);
    const result = await graph.actions.send(call);
    return { result, requests: server.requests, slept: graph.clock.slept, graph };
  };

  return { start, send };
}

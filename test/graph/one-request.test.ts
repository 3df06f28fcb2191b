import { globalAgent } from "node:https";
import type { Socket } from "node:net";
import { TLSSocket } from "node:tls";
import { afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import type { SendResult } from "../../providers/domain/ports.ts";
import { type Certificate, createCertificateFor } from "../support/certificate.ts";
import { type Play, type RawServer, startRawServer, startSocketServer } from "../support/raw-server.ts";
import { trustCertificates } from "../support/trust-certificates.ts";
import { startTunnel } from "../support/tunnel.ts";
import { action, actionCall, DEVICE, DEVICE_ID, graphAt, type TestGraph } from "./graph-fixture.ts";

const open: { close(): Promise<void> }[] = [];

afterEach(() => Promise.all(open.splice(0).map((server) => server.close())));

async function serve(play: Play, tls?: Certificate): Promise<RawServer> {
  const server = await startRawServer(play, tls);
  open.push(server);
  return server;
}

const graphOf = ({ port }: { readonly port: number }, scheme = "http"): TestGraph => graphAt(`${scheme}://127.0.0.1:${port}`);

const answer = (status: string, headers = "", body = "") =>
  `HTTP/1.1 ${status} Said\r\ncontent-length: ${body.length}\r\n${headers}\r\n${body}`;
const says = (bytes: string) => (socket: Socket) => socket.write(bytes);
const ends = (bytes: string) => (socket: Socket) => socket.end(bytes);
/** Under TLS there is no reset to be had, and an end without a word is as rude. */
const breaks = (socket: Socket) => (socket instanceof TLSSocket ? socket.destroy() : socket.resetAndDestroy());
const breaksAfter = (bytes: string) => (socket: Socket) => socket.write(bytes, () => breaks(socket));

const CODE = JSON.stringify({ id: DEVICE_ID, activationLockBypassCode: "3E3D0-HIDDE" });
const GOOD = answer("200", "content-type: application/json\r\n", CODE);
const GONE_WRONG = '{"error":{"code":"X","message":"y"}}';

type Kind = SendResult["kind"];

/** What one answer makes of an action that must not be done twice. */
const WAYS: readonly (readonly [string, Play, Kind])[] = [
  ["204", says(answer("204")), "accepted"],
  ["400", says(answer("400", "", GONE_WRONG)), "refused"],
  ["403", says(answer("403", "", GONE_WRONG)), "refused"],
  ["404", says(answer("404", "", GONE_WRONG)), "refused"],
  ["421, that the request came to the wrong server", says(answer("421")), "unknown"],
  ["421 and the end of the connection", ends(answer("421", "connection: close\r\n")), "unknown"],
  ["408", says(answer("408")), "unknown"],
  ["408 and the end of the connection", ends(answer("408", "connection: close\r\n")), "unknown"],
  ["425", says(answer("425")), "unknown"],
  ["100 and then 204", says(`HTTP/1.1 100 Continue\r\n\r\n${answer("204")}`), "accepted"],
  ["103 and then 204", says(`HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n${answer("204")}`), "accepted"],
  ["102 twice and then 403", says(`${"HTTP/1.1 102 Processing\r\n\r\n".repeat(2)}${answer("403", "", GONE_WRONG)}`), "refused"],
  ["100 and nothing more", ends("HTTP/1.1 100 Continue\r\n\r\n"), "unknown"],
  ["101", says("HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n"), "unknown"],
  ["500", says(answer("500")), "unknown"],
  ["503 that asks to come back", says(answer("503", "retry-after: 1\r\n")), "unknown"],
  ["600", says(answer("600")), "unknown"],
  ["999", says(answer("999")), "unknown"],
  ["a status below 100", says(answer("099")), "unknown"],
  ["a status of nothing", says(answer("000")), "unknown"],
  ["a status that is no number", says("HTTP/1.1 abc Said\r\n\r\n"), "unknown"],
  ["another protocol", ends("SSH-2.0-OpenSSH_9.6\r\n"), "unknown"],
  ["a head without an end", ends("HTTP/1.1 204 Said\r\nrequest-id: x\r\n"), "unknown"],
  ["a head that is too long", ends(`HTTP/1.1 204 Said\r\nx: ${"x".repeat(100_000)}\r\n\r\n`), "unknown"],
  ["two lengths", ends("HTTP/1.1 204 Said\r\ncontent-length: 0\r\ncontent-length: 5\r\n\r\n"), "unknown"],
  ["a header with signs that none has", ends("HTTP/1.1 204 Said\r\nrequest-id: a\u0001b\r\n\r\n"), "unknown"],
  ["a header in Latin letters", says("HTTP/1.1 204 Said\r\nrequest-id: Gr\u00fc\u00dfe\r\n\r\n"), "accepted"],
  ["a reset before the first byte", breaks, "unknown"],
  ["the end before the first byte", (socket) => socket.end(), "unknown"],
  ["a reset after the first byte", breaksAfter("H"), "unknown"],
  ["the end after the first bytes", ends("HTTP/1.1 20"), "unknown"],
  ["half an answer that refuses", ends("HTTP/1.1 403 Said\r\ncontent-length: 500\r\n\r\n{"), "unknown"],
  ["half an answer of Graph's that refuses", ends("HTTP/1.1 403 Said\r\nrequest-id: x\r\ncontent-length: 500\r\n\r\n{"), "refused"],
  ["half an answer of trouble", ends("HTTP/1.1 502 Said\r\ncontent-length: 500\r\n\r\n{"), "unknown"],
  ["half a refusal in chunks", ends("HTTP/1.1 403 Said\r\ntransfer-encoding: chunked\r\n\r\n5\r\nab"), "unknown"],
  ["a body that is packed and is not", says(answer("403", "content-encoding: gzip\r\n", "no gzip")), "unknown"],
  ["two answers at once, 204 first", says(answer("204") + answer("403")), "accepted"],
  ["two answers at once, 403 first", says(answer("403") + answer("204")), "unknown"],
  ["two answers at once, 500 first", says(answer("500") + answer("204")), "unknown"],
  ["204 with a body that it cannot have", says("HTTP/1.1 204 Said\r\n\r\n<html>"), "accepted"],
];

describe("an action that must not be done twice is one request on the wire", () => {
  const wipe = actionCall("wipe");
  const remove = actionCall("retire", { action: { ...action("retire"), name: "delete", method: "DELETE", version: "beta" } });
  const cases = [wipe, remove].flatMap((call) =>
    WAYS.map(([name, play, kind]) => [call.action.method, name, kind, { play, call }] as const),
  );

  test.each(cases)("%s, answered with %s: %s", async (_method, _name, kind, { play, call }) => {
    const server = await serve(play);
    const graph = graphOf(server);

    const result = await graph.actions.send(call);

    expect(result.kind).toBe(kind);
    expect([server.requests.length, server.connections, graph.requestCount()]).toEqual([1, 1, 1]);
    expect(graph.clock.slept).toEqual([]);
  });

  test.each([301, 302, 303, 307, 308])("a %i with a place to go leads nowhere", async (status) => {
    const elsewhere = await serve(says(answer("204")));
    const server = await serve(says(answer(`${status}`, `location: http://127.0.0.1:${elsewhere.port}/v1.0/x\r\n`)));

    const result = await graphOf(server).actions.send(wipe);

    expect(result.kind).toBe("unknown");
    expect([server.requests.length, elsewhere.requests.length]).toEqual([1, 0]);
  });

  test("it has a connection of its own: one that was kept may end just then", async () => {
    const closesUnder: Play = (socket, index) => (index === 0 ? socket.write(GOOD) : socket.write(answer("204")));
    const server = await serve(closesUnder);
    const graph = graphOf(server);

    await graph.directory.readBypassCode(DEVICE);
    const results = [await graph.actions.send(wipe), await graph.actions.send(wipe)];

    expect(results.map(({ kind }) => kind)).toEqual(["accepted", "accepted"]);
    expect(server.requests.map(({ connection }) => connection)).toEqual([1, 2, 3]);
  });

  test("an answer that nobody had asked for is not taken for its own", async () => {
    const server = await serve((socket, index) => socket.write(index === 0 ? GOOD + answer("204") : answer("403", "", GONE_WRONG)));
    const graph = graphOf(server);

    await graph.directory.readBypassCode(DEVICE);
    const result = await graph.actions.send(wipe);

    expect(result.kind).toBe("refused");
    expect(server.requests).toHaveLength(2);
  });
});

describe("what may be done twice is sent again by us, and by nobody below us", () => {
  const again: Play = (socket) => socket.write(GOOD);
  const first =
    (play: Play): Play =>
    (socket, index) =>
      (index === 0 ? play : again)(socket, index);

  test.each(WAYS)("a read, answered with %s", async (_name, play) => {
    const server = await serve(first(play));
    const graph = graphOf(server);

    await graph.directory.readBypassCode(DEVICE).catch((error: unknown) => expect(error).toMatchObject({ name: "GraphReadError" }));

    expect(server.requests.length).toBe(graph.requestCount());
    expect(server.requests.length).toBe(graph.clock.slept.length + 1);
  });

  test.each(WAYS)("an action that is safe to repeat, answered with %s", async (_name, play) => {
    const server = await serve(first(play));
    const graph = graphOf(server);

    await graph.actions.send(actionCall("bypassActivationLock"));

    expect(server.requests.length).toBe(graph.requestCount());
    expect(server.requests.length).toBe(graph.clock.slept.length + 1);
  });

  test.each(["421", "408", "425"])("a read after %s finds its answer", async (status) => {
    const server = await serve(first(says(answer(status))));
    const graph = graphOf(server);

    const code = await graph.directory.readBypassCode(DEVICE);

    expect(code?.reveal()).toBe("3E3D0-HIDDE");
    expect([server.requests.length, graph.requestCount()]).toEqual([2, 2]);
  });

  test("a kept connection that ends under a read costs one more of our own tries", async () => {
    const server = await serve((socket, index) => (index === 1 ? socket.resetAndDestroy() : socket.write(GOOD)));
    const graph = graphOf(server);

    await graph.directory.readBypassCode(DEVICE);
    await graph.directory.readBypassCode(DEVICE);

    expect(server.requests.map(({ connection }) => connection)).toEqual([1, 1, 2]);
    expect([graph.requestCount(), graph.clock.slept]).toEqual([3, [500]]);
  });
});

describe("over TLS", () => {
  let certificate: Certificate;
  beforeAll(async () => {
    certificate = await createCertificateFor([]);
  });

  /** Of a handshake that cannot come about, nothing was sent: it may go again in the next run. */
  const REFUSALS: readonly (readonly [string, (socket: Socket) => void])[] = [
    ["is reset at once", (socket) => socket.resetAndDestroy()],
    ["ends at once", (socket) => socket.end()],
    ["ends in the handshake", (socket) => socket.once("data", () => socket.end())],
    ["is reset in the handshake", (socket) => socket.once("data", () => socket.resetAndDestroy())],
    ["is answered with an alert", (socket) => socket.once("data", () => socket.end(Buffer.from([21, 3, 3, 0, 2, 2, 70])))],
    ["is answered in plain HTTP", (socket) => socket.once("data", () => socket.end(answer("204")))],
  ];

  test.each(REFUSALS)("a connection that %s was not sent", async (_name, greet) => {
    const server = await startSocketServer(greet);
    open.push(server);
    const graph = graphOf(server, "https");

    const result = await graph.actions.send(actionCall("wipe"));

    expect(result).toMatchObject({ kind: "throttled", detail: expect.stringMatching(/^not sent: no connection \(\w+\)$/) });
    expect(graph.requestCount()).toBe(1);
  });

  test("a server that nobody vouches for sees nothing", async () => {
    const server = await serve(says(answer("204")), certificate);

    const result = await graphOf(server, "https").actions.send(actionCall("wipe"));

    expect(result).toMatchObject({ kind: "throttled", detail: expect.stringContaining("SELF_SIGNED_CERT") });
    expect(server.requests).toEqual([]);
  });

  test.each(WAYS)("a wipe, answered with %s: %s", async (_name, play, kind) => {
    const distrust = trustCertificates(certificate.cert);
    const server = await serve(play, certificate);
    const graph = graphOf(server, "https");

    const result = await graph.actions.send(actionCall("wipe")).finally(distrust);

    expect(result.kind).toBe(kind);
    expect([server.requests.length, graph.requestCount()]).toEqual([1, 1]);
  });
});

describe("through the proxy that Node was told to use", () => {
  const GRAPH = "graph.microsoft.com";
  let certificate: Certificate;
  beforeAll(async () => {
    certificate = await createCertificateFor([GRAPH]);
  });

  async function wipeThrough(ports: ReadonlyMap<string, number>): Promise<SendResult> {
    const tunnel = await startTunnel(ports);
    open.push(tunnel);
    const distrust = trustCertificates(certificate.cert);
    globalAgent.options.proxyEnv = { HTTPS_PROXY: tunnel.url };
    try {
      return await graphAt(`https://${GRAPH}`).actions.send(actionCall("wipe"));
    } finally {
      delete globalAgent.options.proxyEnv;
      distrust();
    }
  }

  test("a wipe is one request", async () => {
    const server = await serve(says(answer("204")), certificate);

    const result = await wipeThrough(new Map([[GRAPH, server.port]]));

    expect(result.kind).toBe("accepted");
    expect(server.requests).toHaveLength(1);
  });

  test("and none where the proxy refuses the way", async () => {
    const result = await wipeThrough(new Map());

    expect(result).toMatchObject({ kind: "throttled", detail: expect.stringMatching(/^not sent: no connection/) });
  });

  test("a reset behind the proxy is doubt", async () => {
    const server = await serve(breaks, certificate);

    const result = await wipeThrough(new Map([[GRAPH, server.port]]));

    expect(result.kind).toBe("unknown");
    expect(server.requests).toHaveLength(1);
  });
});

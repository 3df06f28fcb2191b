import { afterEach, describe, expect, test } from "@jest/globals";
import { graphTimeOf } from "../../providers/graph/client/http-date.ts";
import { type ScriptedServer, startScriptedServer } from "../support/scripted-server.ts";
import { DEVICE, graphAt, managedDevice } from "./graph-fixture.ts";

const DATE = "Fri, 20 Nov 2026 12:00:09 GMT";
const TIME = "2026-11-20T12:00:09.000Z";

const HEAD = { "request-id": "rid" };

const open: ScriptedServer[] = [];

afterEach(() => Promise.all(open.splice(0).map((server) => server.close())));

describe("what time it is for Graph", () => {
  test.each<[string, Record<string, string>, string | null]>([
    ["a date", { date: DATE }, TIME],
    ["a date of the older form", { date: "Friday, 20-Nov-26 12:00:09 GMT" }, TIME],
    ["a date that a cache kept for two minutes", { date: DATE, age: "120" }, "2026-11-20T12:02:09.000Z"],
    ["a date that a cache got just now", { date: DATE, age: "0" }, TIME],
    ["a date of unknown age", { date: DATE, age: "old" }, null],
    ["a date with two ages", { date: DATE, age: "1, 2" }, null],
    ["no date", {}, null],
    ["an empty date", { date: "" }, null],
    ["words", { date: "now" }, null],
    ["a day that is none", { date: "Fri, 99 Nov 2026 12:00:09 GMT" }, null],
    ["a date without a zone: whose it would be nobody can tell", { date: "Fri, 20 Nov 2026 12:00:09" }, null],
    ["two dates", { date: `${DATE}, ${DATE}` }, null],
    ["another form of date", { date: "2026-11-20T12:00:09Z" }, null],
    ["the date of an answer that has no id of Graph's", { "request-id": "", date: DATE }, null],
  ])("is told by %s", (_name, headers, expected) => {
    const time = graphTimeOf(new Headers({ "request-id": "rid", ...headers }));

    expect(time === null ? null : new Date(time).toISOString()).toBe(expected);
  });
});

describe("a device that was read says what time it was for Graph", () => {
  async function graphOf(headers: Readonly<Record<string, string>>) {
    const device = managedDevice();
    const server = await startScriptedServer(({ method, body }) => {
      if (method === "GET") return { status: 200, headers, body: device };
      const { requests } = JSON.parse(body) as { requests: readonly { id: string }[] };
      const responses = requests.map(({ id }) => ({ id, status: 200, headers: { Date: "Fri, 20 Nov 2020 12:00:00 GMT" }, body: device }));
      return { status: 200, headers, body: { responses } };
    });
    open.push(server);
    return graphAt(server.url).directory;
  }

  test.each([
    ["a date", { ...HEAD, date: DATE }, TIME],
    ["a date that is none", { ...HEAD, date: "soon" }, undefined],
    ["a proxy's", { date: DATE }, undefined],
  ])("alone, in the last look and in a batch, whose items are of its own time: %s", async (_name, headers, expected) => {
    const directory = await graphOf(headers);
    const other = { ...DEVICE, id: DEVICE.id.toUpperCase() };

    const alone = await directory.observe(DEVICE);
    const closely = await directory.lookClosely(DEVICE, false);
    const inBatch = await Promise.all([directory.observe(DEVICE), directory.observe(other)]);

    const times = [alone, closely.device, ...inBatch].map((device) => device?.graphTime);
    expect(times).toEqual([expected, expected, expected, expected]);
  });

  test("that a cache kept, but for the last look: from a cache it is none", async () => {
    const directory = await graphOf({ ...HEAD, date: DATE, age: "60" });

    expect(await directory.observe(DEVICE)).toMatchObject({ graphTime: "2026-11-20T12:01:09.000Z" });
    await expect(directory.lookClosely(DEVICE, false)).rejects.toThrow("a cache on the way to Graph answered the last look");
  });

  test("and a cache that has just asked Graph is none on the way", async () => {
    const directory = await graphOf({ ...HEAD, date: DATE, age: "0" });

    expect((await directory.lookClosely(DEVICE, false)).device.graphTime).toBe(TIME);
  });
});

test("each read asks caches on the way to ask Graph first", async () => {
  const server = await startScriptedServer([{ status: 200, body: managedDevice() }]);
  open.push(server);

  await graphAt(server.url).directory.lookClosely(DEVICE, true);

  expect(server.requests.map(({ headers }) => headers["cache-control"])).toEqual(["no-cache"]);
});

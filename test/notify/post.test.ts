import { afterEach, expect, test } from "@jest/globals";
import { post } from "../../notify/send/post.ts";
import { type Target, targetsIn } from "../../notify/send/target.ts";
import { closedPort } from "../support/closed-port.ts";
import { testClock } from "../support/test-clock.ts";
import { type Receiver, type ReceiverAnswer, startReceiver } from "./receiver.ts";

const open: Receiver[] = [];

afterEach(async () => {
  await Promise.all(open.splice(0).map((receiver) => receiver.close()));
});

async function receiver(...answers: readonly ReceiverAnswer[]): Promise<Receiver> {
  const started = await startReceiver(...answers);
  open.push(started);
  return started;
}

const targetAt = (url: string): Target => {
  const [target] = targetsIn({ DLR_NOTIFY_SLACK: `${url}/services/T0/B0/secret-part-of-the-address` });
  if (target === undefined) throw new Error("no target");
  return target;
};

async function posted(url: string, clock = testClock()) {
  const before = clock.now();
  const delivery = await post(targetAt(url), { body: "{}", headers: (now) => ({ "x-at": String(now) }) }, { clock });
  return { delivery, waited: clock.now() - before };
}

test("a message that is taken is posted once", async () => {
  const { url, received } = await receiver(200);

  expect(await posted(url)).toEqual({ delivery: { kind: "delivered" }, waited: 0 });
  expect(received).toMatchObject([{ path: "/services/T0/B0/secret-part-of-the-address", body: "{}" }]);
});

test.each<[string, ReceiverAnswer, number]>([
  ["503", 503, 1_000],
  ["408", 408, 1_000],
  ["429 that asks for a pause", { status: 429, headers: { "retry-after": "7" } }, 7_000],
  ["no answer", "hang up", 1_000],
])("%s is tried again, with headers of its own", async (_, first, pause) => {
  const { url, received } = await receiver(first);

  expect(await posted(url)).toEqual({ delivery: { kind: "delivered" }, waited: pause });
  expect(received.map(({ headers }) => Number(headers["x-at"]))).toEqual([0, pause].map((ms) => testClock().now() + ms));
});

test("three tries are the most", async () => {
  const { url, received } = await receiver(500, 500, 500, 500);

  expect(await posted(url)).toEqual({ delivery: { kind: "failed", why: "answered 500" }, waited: 5_000 });
  expect(received).toHaveLength(3);
});

test.each<[string, ReceiverAnswer]>([
  ["a refusal", 400],
  ["an address that is no more", 410],
  ["a pause longer than a job waits", { status: 429, headers: { "retry-after": "16" } }],
])("%s is not tried again", async (_, answer) => {
  const { url, received } = await receiver(answer);

  expect(await posted(url)).toMatchObject({ delivery: { kind: "failed" }, waited: 0 });
  expect(received).toHaveLength(1);
});

test("a redirect is not followed: it may lead to anybody", async () => {
  const other = await receiver();
  const { url, received } = await receiver({ status: 307, headers: { location: other.url } });

  expect((await posted(url)).delivery).toEqual({ kind: "failed", why: "answered 307: redirects are not followed" });
  expect([received.length, other.received.length]).toEqual([1, 0]);
});

test("what went wrong never holds the address, nor what the other side said", async () => {
  const { url } = await receiver(400);
  const closed = `http://127.0.0.1:${await closedPort()}`;

  for (const { delivery } of [await posted(url), await posted(closed)]) {
    expect(delivery.kind).toBe("failed");
    expect(JSON.stringify(delivery)).not.toMatch(/secret-part|127\.0\.0\.1|nobody's business/);
  }
});

test("an answer that does not come ends with its time limit", async () => {
  const clock = testClock();
  const signals: (AbortSignal | null | undefined)[] = [];
  const hanging: typeof fetch = async (_, init) => {
    signals.push(init?.signal);
    throw Object.assign(new Error("The operation was aborted due to timeout"), { name: "TimeoutError" });
  };

  const delivery = await post(targetAt("http://127.0.0.1:9"), { body: "{}", headers: () => ({}) }, { clock, fetch: hanging });

  expect(delivery).toEqual({ kind: "failed", why: "no answer in time" });
  expect(signals).toHaveLength(3);
  expect(signals.every((signal) => signal instanceof AbortSignal)).toBe(true);
});

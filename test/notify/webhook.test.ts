import { describe, expect, test } from "@jest/globals";
import { CloudEvent, HTTP } from "cloudevents";
import { Webhook } from "standardwebhooks";
import { messagesFor } from "../../notify/send/messages.ts";
import { type Target, targetsIn } from "../../notify/send/target.ts";
import { tellAll } from "../../notify/send/tell-all.ts";
import { Redacted } from "../../providers/domain/redacted.ts";
import { systemClock } from "../../providers/support/system-clock.ts";
import { testClock } from "../support/test-clock.ts";
import { type Receiver, startReceiver } from "./receiver.ts";
import { events } from "./sample-events.ts";

const SECRET = `whsec_${Buffer.alloc(32, 7).toString("base64")}`;
const OLDER = `whsec_${Buffer.alloc(32, 8).toString("base64")}`;
const OCCASION = { stack: "prod", runUrl: null };

function webhookAt({ url }: Pick<Receiver, "url">, secret = SECRET): readonly Target[] {
  return targetsIn({ DLR_NOTIFY_WEBHOOK: `${url}/hook`, DLR_NOTIFY_WEBHOOK_SECRET: secret });
}

const namesOf = (headers: Receiver["received"][number]["headers"]) => headers as Record<string, string>;

describe("a webhook", () => {
  test("gets each event as a CloudEvent that the receiver's libraries take, signed", async () => {
    const receiver = await startReceiver();
    try {
      const told = await tellAll(webhookAt(receiver), events(), OCCASION, { clock: systemClock });

      expect(told).toEqual([
        { target: "webhook", isDelivered: true, text: expect.stringMatching(/^webhook at 127\.0\.0\.1:\d+: told of 6 events$/) },
      ]);
      expect(receiver.received).toHaveLength(6);
      for (const { headers, body } of receiver.received) {
        const event = HTTP.toEvent({ headers: namesOf(headers), body });
        expect(new Webhook(SECRET).verify(body, namesOf(headers))).toMatchObject({ specversion: "1.0" });
        if (Array.isArray(event)) throw new Error("one event was sent");
        expect(() => new CloudEvent({ ...event }, true)).not.toThrow();
        expect(event.id).toBe(headers["webhook-id"]);
        expect(event.source).toBe("/device-lifecycle/prod");
      }
    } finally {
      await receiver.close();
    }
  });

  test("has the same id each time that the same is told: what it has, it can drop", async () => {
    const receiver = await startReceiver();
    try {
      for (let time = 0; time < 2; time++) await tellAll(webhookAt(receiver), events(), OCCASION, { clock: systemClock });

      const ids = receiver.received.map(({ headers }) => headers["webhook-id"]);
      expect(new Set(ids).size).toBe(6);
      expect(ids).toHaveLength(12);
    } finally {
      await receiver.close();
    }
  });

  test("can change its secret: for a while both verify, and no other does", () => {
    const [target] = webhookAt({ url: "https://hooks.example" }, `${SECRET} ${OLDER}`);
    if (target === undefined) throw new Error("no target");
    const [message] = messagesFor(target, events(), OCCASION);
    const { body = "", headers = () => ({}) } = message ?? {};
    const now = Date.now();

    for (const secret of [SECRET, OLDER]) expect(new Webhook(secret).verify(body, headers(now))).toBeDefined();
    const other = new Webhook(`whsec_${Buffer.alloc(32, 9).toString("base64")}`);
    expect(() => other.verify(body, headers(now))).toThrow("No matching signature");
    expect(() => new Webhook(SECRET).verify(`${body} `, headers(now))).toThrow("No matching signature");
  });

  test("is told no secret, whatever text it stands in", () => {
    const known = new Redacted("9Z8Y7-XWVUT-SRQPO-NMLKJ");
    const [target] = webhookAt({ url: "https://hooks.example" });
    if (target === undefined) throw new Error("no target");

    const bodies = messagesFor(target, events(`the code is ${known.reveal()}, and activationLockBypassCode=4K7Q1P9D0M`), OCCASION);

    expect(bodies.map(({ body }) => body).join("\n")).not.toMatch(/9Z8Y7|4K7Q1P9D0M/);
  });

  test("that does not answer is not tried for each of a thousand events", async () => {
    const receiver = await startReceiver(...Array.from({ length: 2_000 }, () => 410));
    const many = Array.from({ length: 1_000 }, (_, index) =>
      events()
        .map((event) => ({ ...event, id: `${index}` }))
        .slice(0, 1),
    ).flat();
    try {
      const [told] = await tellAll(webhookAt(receiver), many, OCCASION, { clock: testClock() });

      expect(told).toMatchObject({ isDelivered: false, text: expect.stringContaining("1000 of 1000 events not told: answered 410") });
      expect(receiver.received.length).toBeLessThan(10);
    } finally {
      await receiver.close();
    }
  });
});

test("one that fails keeps nobody else from being told", async () => {
  const [down, up] = [await startReceiver(410), await startReceiver()];
  try {
    const targets = targetsIn({ DLR_NOTIFY_TEAMS: down.url, DLR_NOTIFY_SLACK: up.url });

    const told = await tellAll(targets, events(), OCCASION, { clock: testClock() });

    expect(told.map(({ target, isDelivered }) => [target, isDelivered])).toEqual([
      ["teams", false],
      ["slack", true],
    ]);
    expect(up.received).toHaveLength(1);
  } finally {
    await down.close();
    await up.close();
  }
});

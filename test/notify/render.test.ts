import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { digestOf } from "../../notify/render/digest.ts";
import { plainText } from "../../notify/render/plain-text.ts";
import { renderSlackBlocks } from "../../notify/render/slack-blocks.ts";
import { renderTeamsCard } from "../../notify/render/teams-card.ts";
import { Redacted } from "../../providers/domain/redacted.ts";
import { findSteering, hostileText, SEED } from "../support/hostile-text.ts";
import { events } from "./sample-events.ts";

const RUN = "https://github.com/contoso/devices/actions/runs/17";

/** Every text in a JSON document, with the name that it stands under. */
function textsIn(value: unknown, name = ""): readonly (readonly [string, string])[] {
  if (typeof value === "string") return [[name, value]];
  if (Array.isArray(value)) return value.flatMap((item) => textsIn(item, name));
  return typeof value === "object" && value !== null ? Object.entries(value).flatMap(([key, item]) => textsIn(item, key)) : [];
}

const OURS = [
  "https://github.com/contoso/devices/actions/runs/17",
  "http://adaptivecards.io/schemas/adaptive-card.json",
  `<${RUN}|The run>`,
];

describe.each([
  ["Teams", renderTeamsCard],
  ["Slack", renderSlackBlocks],
])("a message for %s", (_, render) => {
  const shown = (text: string) => textsIn(JSON.parse(render(digestOf(events(text), "prod"), RUN))).map(([, said]) => said);

  test.each([
    "<!channel> look",
    "<at>Anna</at>",
    "<https://evil.example|click>",
    "[click](https://evil.example)",
    "mailto:a@evil.example",
    "@here and www.evil.example",
    "two\nlines \u202egnp.exe",
  ])("can neither mention nor link: %j", (text) => {
    for (const said of shown(text).filter((one) => !OURS.includes(one))) expect(said).not.toMatch(/[<>@\n\u202e]|:\/\/|www\./);
  });

  test("cannot be steered by any text", () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        for (const said of shown(text).filter((one) => !OURS.includes(one))) expect(findSteering(said)).toEqual([]);
      }),
      { seed: SEED, numRuns: 200 },
    );
  });

  test("has no secret that this process has held", () => {
    const known = new Redacted("9Z8Y7-XWVUT-SRQPO-NMLKJ");

    expect(shown(`it is ${known.reveal()}`).join("\n")).not.toContain("9Z8Y7");
  });

  test("stays small, whatever happened", () => {
    const many = Array.from({ length: 1_000 }, () => events("x".repeat(5_000))).flat();
    const text = render(digestOf(many, "p".repeat(200)), RUN);

    expect(Buffer.byteLength(text)).toBeLessThan(28_000);
    expect(text).toContain("and 5980 more");
  });
});

test("Slack's limits hold: 50 blocks, 150 characters of a header, 3,000 of a section; nothing is taken for markup", () => {
  const many = Array.from({ length: 100 }, () => events("x".repeat(5_000))).flat();
  const message = JSON.parse(renderSlackBlocks(digestOf(many, "p".repeat(200)), RUN)) as {
    readonly blocks: readonly { readonly type: string; readonly text?: { readonly type: string; readonly text: string } }[];
  };

  expect(message).toMatchObject({ mrkdwn: false, link_names: false, parse: "none", unfurl_links: false });
  expect(message.blocks.length).toBeLessThanOrEqual(50);
  for (const { type, text } of message.blocks) {
    if (text === undefined) continue;
    expect(text.type).toBe("plain_text");
    expect(text.text.length).toBeLessThanOrEqual(type === "header" ? 150 : 3_000);
  }
});

test("a Teams card is one that the workflow's trigger takes, with texts that are no Markdown", () => {
  const card = JSON.parse(renderTeamsCard(digestOf(events(), "prod"), RUN)) as {
    readonly type: string;
    readonly attachments: readonly {
      readonly contentType: string;
      readonly content: { readonly body: readonly { readonly type: string }[] };
    }[];
  };

  expect(card).toMatchObject({ type: "message", attachments: [{ contentType: "application/vnd.microsoft.card.adaptive" }] });
  expect(new Set(card.attachments[0]?.content.body.map(({ type }) => type))).toEqual(new Set(["RichTextBlock"]));
  expect(JSON.stringify(card)).toContain('"url":"https://github.com/contoso/devices/actions/runs/17"');
});

test("what is urgent stands first", () => {
  const { title, lines } = digestOf(events(), "prod");

  expect(title).toBe("prod: 1 failed, 1 drifted, 1 brake set, 1 foreign wipe, 1 run failed, 1 test");
  expect(lines.map(({ urgency }) => urgency)).toEqual(["red", "red", "red", "red", "red", "green"]);
});

test("a text is cut where it is too long", () => {
  expect(plainText("abcdef", 4)).toBe("abc…");
});

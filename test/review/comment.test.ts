import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import MarkdownIt from "markdown-it";
import { micromark } from "micromark";
import { gfm, gfmHtml } from "micromark-extension-gfm";
import type { ManagedDevice } from "../../providers/domain/managed-device.ts";
import { COMMENT_ROWS, MOST_BYTES, type Rendering, ROOM_FOR_MARK, renderComment } from "../../review/markdown/comment.ts";
import type { Review, ReviewedRequest } from "../../review/review.ts";
import { ANDROID, IPAD } from "../support/fakes-devices.ts";
import { UNLOCK_AND_WIPE } from "../support/fakes-requests.ts";
import { ends, reviewed, reviewOf } from "../support/fakes-review.ts";
import { findSteering, hostileText, SEED } from "../support/hostile-text.ts";

const HEAD = "0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c";
const AS_COMMENT: Rendering = {
  head: HEAD,
  movedTo: null,
  sha256: "ab".repeat(32),
  whole: "the whole is in the run's summary",
  mostRows: COMMENT_ROWS,
  mostBytes: MOST_BYTES.github,
};
const render = (review: Review, changes: Partial<Rendering> = {}) => renderComment(review, { ...AS_COMMENT, ...changes });

const WIPE = reviewed(["wipe"], { request: { acknowledge: ["dataLoss"] } });
const UNLOCK = reviewed(UNLOCK_AND_WIPE, {
  name: "unlock-ipad",
  device: IPAD,
  lacking: "wipe: no token at hand has DeviceManagementManagedDevices.PrivilegedOperations.All",
});
const SYNC = reviewed(["syncDevice"], { name: "sync-one" });
const APPROVAL = reviewed(["wipe"], { name: "wipe-two", act: ends("awaitingApproval", "waits: wipe waits for another administrator") });
const THREE = reviewOf([UNLOCK, WIPE, SYNC, APPROVAL], { warnings: ["the safety settings were changed at noon: maxDestructive: 5 → 500"] });
const REFUSED = reviewOf([], {
  refusals: [
    {
      code: "DLR301",
      message: "no device in Intune has serialNumber NOWHERE",
      hint: "check the spelling",
      file: "devices/requests/a.yaml",
      line: 9,
      column: 15,
    },
    { code: "LEDGER", message: "there is no ledger", hint: null, file: null, line: null, column: null },
  ],
});

/**
 * As GitHub reads it: https://github.github.com/gfm/. HTML is left as it is, which GitHub does too,
 * after it took away what is dangerous.
 */
const asGitHub = (text: string) => micromark(text, { extensions: [gfm()], htmlExtensions: [gfmHtml()], allowDangerousHtml: true });
/** Azure DevOps reads Markdown with this library. */
const asAzure = (text: string) => new MarkdownIt({ html: true, linkify: true }).render(text);

describe("golden", () => {
  test.each<[string, string]>([
    ["four-requests", render(THREE)],
    ["refused", render(REFUSED)],
    ["nothing", render(reviewOf([]))],
    ["outdated", render(reviewOf([WIPE]), { movedTo: "2".repeat(40) })],
  ])("%s (UPDATE_GOLDEN=1 writes it)", (name, text) => {
    const file = path.resolve(import.meta.dirname, "golden", `${name}.md`);
    if (process.env.UPDATE_GOLDEN === "1") writeFileSync(file, text);

    expect(text).toBe(readFileSync(file, "utf8"));
  });
});

describe("the verdict comes first", () => {
  const act = ends("pending", "held: brake set");

  test.each<[string, Review, string]>([
    [
      "what loses data, and how much may",
      THREE,
      "2 devices lose all data, 1 is acted on without losing data and 1 waits for approval.** 3 of 5 destructive requests of 24 hours left.",
    ],
    ["nothing", reviewOf([]), "nothing would be done.**"],
    ["refusals", REFUSED, "refused: 2 mistakes, and nothing would be done.**"],
    ["what is held", reviewOf([reviewed(["wipe"], { act })]), "nothing is sent: 1 is held.**"],
    [
      "what ends otherwise",
      reviewOf(
        (["failed", "expired", "ambiguous", "awaitingSignIn"] as const).map((outcome) =>
          reviewed(["wipe"], { name: outcome.toLowerCase(), act: ends(outcome, "x") }),
        ),
      ),
      "nothing is sent: 1 waits for a sign-in, 1 has to be settled, 1 will not run and 1 is expired.**",
    ],
    [
      "what is under way",
      reviewOf([reviewed(["wipe"], { act: { kind: "follows", text: "follows" } })]),
      "nothing is sent: 1 is under way and looked at again.**",
    ],
    [
      "a limit that is used up",
      reviewOf([WIPE], { guards: { ...guards(), maxDestructive: { limit: 5, used: 7 } } }),
      "0 of 5 destructive requests",
    ],
  ])("%s", (_, review, said) => {
    const [, first] = render(review).split("\n");

    expect(first).toContain(said);
    expect(first).toMatch(/^\*\*`prod`: /);
  });

  test("on one line, and nothing after it but where it comes from, where nothing would be done", () => {
    expect(
      render(reviewOf([]))
        .trimEnd()
        .split("\n")
        .filter((line) => line !== ""),
    ).toHaveLength(3);
  });
});

describe("what loses data is open to all eyes, the rest is folded", () => {
  test("in this order", () => {
    const text = render(THREE);
    const [open = "", folded = ""] = text.split("<details>");

    expect(open).toContain("unlock-ipad");
    expect(open).toContain("wipe-one");
    expect(open).not.toContain("sync-one");
    expect(folded).toContain("sync-one");
    expect(folded).toContain("wipe-two");
    expect(folded).toContain("<summary>2 other requests</summary>");
  });
});

function guards(): NonNullable<Review["guards"]> {
  const { guards } = reviewOf([]);
  if (guards === null) throw new TypeError("a review has guards");
  return guards;
}

const long = (index: number): ReviewedRequest => {
  const device: ManagedDevice = { ...ANDROID, deviceName: `Ärztin ${"💻".repeat(40)} ${index}`, serialNumber: `SERIAL${index}` };
  return reviewed(index % 2 === 0 ? ["wipe"] : ["syncDevice"], {
    name: `request-${index}`,
    device,
    request: { reason: "x".repeat(1_000) },
  });
};

describe("of many requests", () => {
  const thousand = reviewOf(Array.from({ length: 1_000 }, (_, index) => long(index)));

  test.each<[keyof typeof MOST_BYTES, number]>([
    ["github", COMMENT_ROWS],
    ["azure", COMMENT_ROWS],
    ["gitlab", COMMENT_ROWS],
  ])("a comment for %s fits, says how many there are more of, and is whole", (host, mostRows) => {
    const text = render(thousand, { mostRows, mostBytes: MOST_BYTES[host] - ROOM_FOR_MARK });
    const rows = text.split("\n").filter((line) => line.startsWith("| `request-"));

    expect(Buffer.byteLength(text)).toBeLessThan(MOST_BYTES[host]);
    expect(rows.length).toBeGreaterThan(20);
    expect(rows.length).toBeLessThanOrEqual(Math.min(mostRows, 1_000));
    expect(text).toMatch(/\nand \d+ more: the whole is in the run's summary\n/);
    expect(text).toMatch(/<\/details>\n\nGuards in force: .*\n\nPreview of .*\n$/);
    expect(text).toContain("500 devices lose all data and 500 are acted on without losing data");
  });

  test("a step summary has every one of them", () => {
    const text = render(thousand, { mostRows: Number.POSITIVE_INFINITY, mostBytes: MOST_BYTES.summary });

    expect(Buffer.byteLength(text)).toBeLessThan(MOST_BYTES.summary);
    expect(text.split("\n").filter((line) => line.startsWith("| `request-"))).toHaveLength(1_000);
  });

  test("at 30 every one of them is there", () => {
    const text = render(reviewOf(thousand.requests.slice(0, 30)));

    expect(text.split("\n").filter((line) => line.startsWith("| `request-"))).toHaveLength(30);
    expect(text).not.toContain("more:");
  });

  test("with 10,000 mistakes it fits too", () => {
    const [refusal] = REFUSED.refusals;
    const text = render(
      reviewOf([], {
        refusals: refusal === undefined ? [] : Array.from({ length: 10_000 }, () => ({ ...refusal, message: "💥".repeat(1_000) })),
      }),
    );

    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(MOST_BYTES.github);
    expect(text).toMatch(/refused: 10000 mistakes/);
  });
});

/**
 * Everything of a request, a device and a mistake that somebody else may write, with one text in
 * all places.
 */
function withText(text: string): Review {
  const [refusal] = REFUSED.refusals;
  const device = { ...ANDROID, deviceName: text, model: text, userPrincipalName: text, osVersion: text, managedDeviceOwnerType: text };
  const request = { reason: text, ticket: text, expires: text, repeats: text, source: { file: text, line: 1, column: 1 } };
  const wipe = reviewed(["wipe", { action: "rebootNow", parameters: { note: text } }], { device, request, lacking: text });
  const held = reviewed(["wipe"], { name: "held", device, act: ends("pending", text) });
  return reviewOf(
    [
      { ...wipe, name: text, warnings: [text] },
      { ...held, name: text },
    ],
    {
      stack: text,
      warnings: [text],
      guards: { ...guards(), protected: [text], hold: text },
      refusals: refusal === undefined ? [] : [{ ...refusal, message: text, hint: text, file: text }],
    },
  );
}

/**
 * Without what stands in code, and the comment that nobody sees: what a reader takes for the
 * product's own words and structure.
 */
function skeleton(html: string): string {
  return html
    .replace(/<code>[^<]*<\/code>/g, "<code></code>")
    .replace(/<!-- device-lifecycle:review stack=\S+ /, "")
    .replace(/–/g, "<code></code>");
}

const ATTACKS = [
  "a | b",
  "\\| \\",
  "`code` ``two``",
  "ends in a backtick `",
  "ends in a backslash \\",
  "@octocat @contoso/admins #17 GH-1 contoso/devices#1 0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c :tada:",
  "https://evil.example www.evil.example anna@evil.example <https://evil.example>",
  "[click](https://evil.example) ![img](https://evil.example/a.png)",
  "</code></details><h1>Approved</h1><img src=x onerror=alert(1)>",
  "<!-- --> <script>alert(1)</script>",
  "line\nbreak\r\n\r\n| row | row |\n# Heading\n</details>\n",
  "\u202egnp.exe \u2066iso\u2069 \u200b\u200d\ufeff\u00ad",
  "\u2028\u2029\u0085\u0000\u001b[31m",
  "Z\u0301\u0302\u0303\u0304\u0305\u0306 zalgo",
  "**bold** _it_ ~~no~~ $`x^2`$ $$y$$ - [x] done",
  "##vso[task.setvariable variable=a]b ::error::c",
  " ",
  "💥".repeat(500),
];

describe("no text of a device, a request or a mistake is more than a text", () => {
  test.each(ATTACKS.map((text) => [JSON.stringify(text).slice(0, 60), text] as const))("%s", (_, text) => {
    expectHarmless(text);
  });

  test("nor is any other", () => {
    fc.assert(
      fc.property(
        hostileText.filter((text) => text !== ""),
        expectHarmless,
      ),
      { seed: SEED, numRuns: 150 },
    );
  });
});

function expectHarmless(text: string): void {
  const comment = render(withText(text));
  const harmless = render(withText("harmless"));

  for (const read of [asGitHub, asAzure]) {
    const html = read(comment);
    expect(skeleton(html)).toBe(skeleton(read(harmless)));
    expect(html).not.toMatch(/<(a|img|script|h1|input)\b/);
  }
  expect(findSteering(comment)).toEqual([]);
  expect(comment).not.toMatch(/[\p{Cf}\p{Co}]/u);
}

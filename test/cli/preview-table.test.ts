import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import stringWidth from "string-width";
import { foldRows } from "../../cli/shown/fold-rows.ts";
import type { Look } from "../../cli/shown/look.ts";
import { renderPreview } from "../../cli/shown/preview-table.ts";
import type { Review, ReviewedRequest } from "../../review/review.ts";
import { IPAD } from "../support/fakes-devices.ts";
import { AT } from "../support/fakes-records.ts";
import { UNLOCK_AND_WIPE } from "../support/fakes-requests.ts";
import { ends, reviewed, reviewOf } from "../support/fakes-review.ts";
import { findSteering, hostileText, SEED } from "../support/hostile-text.ts";

const LOOK: Look = { width: 100, color: false, details: "./dlr preview prod --details" };
const FRESH = { ...IPAD, managedDeviceOwnerType: "company", lastSyncDateTime: AT };
const OLD = { ...FRESH, lastSyncDateTime: "2020-01-01T00:00:00Z" };
const WIPES = "WIPES: first escrows the bypass code, then sends bypassActivationLock, then sends wipe";
const ACTS = (text: string) => ({ kind: "acts", how: "sends", step: { index: 0, action: "wipe", parameters: {} }, text }) as const;

/** With a serial number and a key of its own. */
function member(base: ReviewedRequest, name: string, number: number): ReviewedRequest {
  const serialNumber = `DMP${String(number).padStart(9, "0")}`;
  return { ...base, name, key: `${name}#1`, device: { ...base.device, serialNumber } };
}

const wipe = reviewed(UNLOCK_AND_WIPE, { device: FRESH, act: ACTS(WIPES) });
const escrow = reviewed(["escrowBypassCode"], { device: FRESH, act: ACTS("escrows the bypass code") });
const late = reviewed(UNLOCK_AND_WIPE, { device: FRESH, act: ends("expired", "will not run: expired 26 days ago") });
const personal = reviewed(UNLOCK_AND_WIPE, { device: { ...OLD, managedDeviceOwnerType: "personal" }, act: ACTS(WIPES) });
const lock = reviewed(["remoteLock"], { device: FRESH, act: ACTS("sends remoteLock") });

const THREE = reviewOf([member(wipe, "leeds-leaver-0042", 1), member(escrow, "escrow-only", 2), member(late, "too-late", 3)]);
const list = (name: string, base: ReviewedRequest, size: number, from: number) =>
  Array.from({ length: size }, (_, index) => member(base, `${name}/dmp${from + index}`, from + index));
const THIRTY = reviewOf([
  ...list("summer-return", wipe, 27, 1),
  member(personal, "odd-one", 90),
  member(lock, "lost", 91),
  ...THREE.requests.slice(2),
]);
const LISTS = reviewOf([...list("summer-return", wipe, 150, 1), member(personal, "odd-one", 900), ...list("winter", escrow, 149, 500)]);
const SINGLES = reviewOf(Array.from({ length: 300 }, (_, index) => member(index % 2 === 0 ? wipe : personal, `leaver-${index}`, index)));

describe("golden", () => {
  test.each<[string, Review]>([
    ["preview-3", THREE],
    ["preview-30", THIRTY],
    ["preview-300-lists", LISTS],
    ["preview-300", SINGLES],
    ["preview-none", reviewOf([], { warnings: ["1 request is not in the files of this stack any more"] })],
  ])("%s (UPDATE_GOLDEN=1 writes it)", (name, review) => {
    const text = `${renderPreview(review, 0, LOOK).join("\n")}\n`;
    const file = path.resolve(import.meta.dirname, "golden", `${name}.txt`);
    if (process.env.UPDATE_GOLDEN === "1") writeFileSync(file, text);

    expect(text).toBe(readFileSync(file, "utf8"));
  });
});

test.each(["preview-3", "up-36"])("docs/outputs.md shows %s as it is", (name) => {
  const page = readFileSync(path.resolve(import.meta.dirname, "../../docs/outputs.md"), "utf8");

  expect(page).toContain(`\`\`\`text\n${readFileSync(path.resolve(import.meta.dirname, "golden", `${name}.txt`), "utf8")}\`\`\``);
});

describe("however many requests there are", () => {
  const own = Array.from({ length: 300 }, (_, index) =>
    member({ ...personal, next: { ...personal.next, text: `WIPES ${index}` } }, `own-${index}`, index),
  );
  const texts = Array.from({ length: 300 }, (_, index) => `warning ${index}`);

  test.each<[string, Review]>([
    ["lists", LISTS],
    ["each for itself", SINGLES],
    ["each odd, with a plan of its own, and a warning each", reviewOf(own, { warnings: texts })],
  ])("under 80 lines, none wider than the terminal: %s", (_, review) => {
    const lines = renderPreview(review, 0, LOOK);

    expect(lines.length).toBeLessThan(80);
    expect(Math.max(...lines.map(stringWidth))).toBeLessThanOrEqual(LOOK.width);
  });

  test("each request is in a row, in a folded row, or counted as left out", () => {
    const { rows, left } = foldRows(
      SINGLES.requests.map(({ name }) => ({ label: "A", request: name, device: "", serial: "", user: "-", seen: "-" })),
      28,
    );

    expect(rows.length + left).toBe(300);
  });
});

describe("totals", () => {
  const first = (review: Review) => renderPreview(review, 0, { ...LOOK, width: 300 })[0];

  test("count what up would do, and not what is held", () => {
    const held = reviewed(UNLOCK_AND_WIPE, { device: FRESH, act: ends("pending", "held: brake set") });
    const review = reviewOf([member(wipe, "a", 1), member(held, "b", 2), member(lock, "c", 3)]);

    expect(first(review)).toBe(
      "prod: ERASES 1 device · locks 1 · 1 held · 3 of 5 destructive actions left today · 50 of 50 that lock people out",
    );
  });

  test("say of mistakes that nothing would be done", () => {
    const mistake = { code: "DLR301", message: "no device", hint: null, file: null, line: null, column: null };

    expect(first(reviewOf([wipe], { refusals: [mistake] }))).toBe("prod: REFUSED: 1 mistake, and nothing would be done");
  });

  test("are of the steps that are left: what was wiped is not erased again", () => {
    const done = { ...wipe, steps: wipe.steps.map((step) => ({ ...step, left: step.action === "escrowBypassCode" })) };

    expect(first(reviewOf([done]))).toContain("reads 1 ·");
  });
});

test("a request that is followed counts as one that erases while its wipe is still to be sent", () => {
  const follows = { ...wipe, next: { kind: "follows", text: "follows: Graph took bypassActivationLock", outcome: null } } as const;
  const sent = { ...follows, steps: follows.steps.map((step) => ({ ...step, left: false })) };

  expect(renderPreview(reviewOf([follows]), 0, LOOK)[0]).toContain("ERASES 1 device");
  expect(renderPreview(reviewOf([sent]), 0, LOOK)[0]).toContain("follows 1");
});

test("rows stand in the order of the files, whatever their names", () => {
  const at = (name: string, file: string, line: number) => ({ ...member(wipe, name, line), source: { file, line } });
  const shown = renderPreview(reviewOf([at("a", "b.yaml", 20), at("b", "b.yaml", 3), at("z", "a.yaml", 9)]), 0, LOOK);

  expect(shown.slice(-3).map((line) => line.split(/ +/)[1])).toEqual(["z", "b", "a"]);
});

describe("what is odd stands first", () => {
  const lines = (request: ReviewedRequest) => renderPreview(reviewOf([request]), 0, { ...LOOK, width: 300 }).join("\n");

  test.each<[string, ReviewedRequest, string]>([
    ["the owner", personal, "personal device"],
    ["long not seen", reviewed(["wipe"], { device: OLD }), "not seen for "],
    ["never seen", reviewed(["wipe"], { device: { ...FRESH, lastSyncDateTime: "0001-01-01T00:00:00Z" } }), "never seen"],
    ["no code", reviewed(["wipe"], { device: FRESH, request: { acknowledge: ["noBypassCode"] } }), "goes on without a bypass code"],
    ["a permission", reviewed(["wipe"], { device: FRESH, lacking: "wipe: no token" }), "wipe: no token"],
    ["not shown", reviewed(["wipe"], { device: null }), "not shown by Graph"],
  ])("%s", (_, request, text) => {
    expect(lines(request)).toContain("LOOK FIRST AT 1 OF 1");
    expect(lines(request)).toContain(text);
  });

  test("and what is as it should be does not", () => {
    expect(lines(wipe)).not.toContain("LOOK FIRST");
  });

  test("and first of that, what few are: where all are long not seen, the personal device leads", () => {
    const unseen = reviewed(["wipe"], { device: OLD });
    const all = [...Array.from({ length: 40 }, (_, index) => member(unseen, `old-${index}`, index)), member(personal, "personal", 99)];
    const shown = renderPreview(reviewOf(all), 0, LOOK);

    expect(shown[shown.findIndex((line) => line.startsWith("LOOK FIRST AT 41 OF 41")) + 1]).toContain("personal device");
  });

  test("90 days are not odd, 91 are", () => {
    const seen = (days: number) => ({ ...FRESH, lastSyncDateTime: new Date(Date.parse(AT) - days * 86_400_000).toISOString() });

    expect(lines(reviewed(["wipe"], { device: seen(90) }))).not.toContain("LOOK FIRST");
    expect(lines(reviewed(["wipe"], { device: seen(91) }))).toContain("not seen for 91 days");
  });
});

test("parameters that all have alike are said, and others are each device's own", () => {
  const named = (deviceName: string) =>
    reviewed([{ action: "setDeviceName", parameters: { deviceName } }], { device: FRESH, name: deviceName });

  expect(renderPreview(reviewOf([named("a"), named("b")]), 0, LOOK).join("\n")).toContain("steps: setDeviceName {…}");
  expect(renderPreview(reviewOf([named("a")]), 0, LOOK).join("\n")).toContain('steps: setDeviceName {"deviceName":"a"}');
});

test("names of devices and users steer no terminal and no pipeline", () => {
  fc.assert(
    fc.property(hostileText, (text) => {
      const facts = { ...FRESH, deviceName: text, userPrincipalName: text };
      const shown = renderPreview(reviewOf([{ ...reviewed(["wipe"], { device: facts }), name: text }], { warnings: [text] }), 0, LOOK);
      expect(findSteering(shown.join("\n"))).toEqual([]);
    }),
    { seed: SEED },
  );
});

test("colour is only where it is asked for", () => {
  expect(renderPreview(THIRTY, 0, LOOK).join("")).not.toContain("\u001b");
  expect(renderPreview(THIRTY, 0, { ...LOOK, color: true }).join("")).toContain("\u001b[1m");
});

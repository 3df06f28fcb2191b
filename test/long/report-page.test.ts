import { writeFile } from "node:fs/promises";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import axe from "axe-core";
import { type Browser, chromium, type Page } from "playwright-core";
import { lockSheet } from "../../report/activation-lock/lock-sheet.ts";
import type { ActivationLockReport, LockDevice } from "../../report/activation-lock/report.ts";
import { renderPage } from "../../report/html/render-page.ts";
import type { RequestsReport } from "../../report/requests/report.ts";
import { requestsSheet } from "../../report/requests/requests-sheet.ts";
import { escrowOf, lockDevice, reportOf, VARIED } from "../report/fakes-report.ts";
import { auditOf, requestsReport, revealed, VARIED_REQUESTS } from "../report/fakes-requests-report.ts";
import { findBrowser } from "../support/browser.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const executablePath = await findBrowser();
const inBrowser = executablePath === undefined ? describe.skip : describe;
if (executablePath === undefined) console.warn("no Chromium on this machine: nobody looks at the page of the report");

jest.setTimeout(120_000);

/** Devices `PAD00000`, `PAD00001` and so on: every tenth has no code, every fourth is in escrow. */
function many(number: number): ActivationLockReport {
  const devices = Array.from({ length: number }, (_, index): LockDevice => {
    const serialNumber = `PAD${String(index).padStart(5, "0")}`;
    return lockDevice({
      serialNumber,
      deviceName: `iPad ${number - index}`,
      code: index % 10 === 0 ? "none" : "present",
      escrow: index % 4 === 0 ? escrowOf({ ageDays: index % 400, stale: index % 8 === 0 ? "otherCode" : null }) : null,
    });
  });
  return reportOf(devices);
}

/** So many requests `r-0`, `r-1` and so on; each has a story of six lines. */
function manyRequests(number: number): RequestsReport {
  const [request, ...others] = requestsReport(VARIED_REQUESTS, auditOf([revealed()])).requests;
  if (request === undefined) throw new Error("no request to make many of");
  const requests = Array.from({ length: number - others.length }, (_, index) => ({ ...request, name: `r-${index}` }));
  return { ...requestsReport(VARIED_REQUESTS, auditOf([revealed()])), requests: [...requests, ...others] };
}

interface Opened {
  readonly page: Page;
  /** What went wrong, and what was asked for besides the page. */
  readonly trouble: readonly string[];
  readonly openedInMs: number;
}

inBrowser("the page of a report, in a real browser", () => {
  let browser: Browser;
  let folder: string;

  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: String(executablePath), args: ["--no-sandbox", "--disable-gpu"] });
    folder = await temporaryFolder();
  });

  afterAll(() => browser.close());

  async function open(report: ActivationLockReport | RequestsReport, colorScheme: "light" | "dark" = "light"): Promise<Opened> {
    const file = path.join(folder, "report.html");
    await writeFile(file, renderPage(report.kind === "requests" ? requestsSheet(report) : lockSheet(report)));
    const page = await browser.newPage({ colorScheme, viewport: { width: 1280, height: 900 } });
    const trouble: string[] = [];
    page.on("console", (message) => trouble.push(`console: ${message.text()}`));
    page.on("pageerror", (error) => trouble.push(`error: ${error.message}`));
    page.on("request", (request) => {
      if (request.url() !== pathToFileURL(file).href) trouble.push(`request: ${request.url()}`);
    });
    page.on("dialog", (dialog) => {
      trouble.push(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    const begun = performance.now();
    await page.goto(pathToFileURL(file).href);
    await page.locator("#status:not(:empty)").waitFor();
    return { page, trouble, openedInMs: performance.now() - begun };
  }

  const cells = (page: Page, column: number) => page.locator(`#rows tr:not(.space) td:nth-child(${column})`).allTextContents();

  test("opens 10,000 devices within 2 seconds, and has only those in view in the document", async () => {
    const { page, trouble, openedInMs } = await open(many(10_000));

    expect(openedInMs).toBeLessThan(2_000);
    expect(await page.locator("#status").textContent()).toBe("10,000 devices");
    expect(await page.locator("#rows tr").count()).toBeLessThan(120);
    expect(await page.locator("#table").getAttribute("aria-rowcount")).toBe("10001");
    expect(trouble).toEqual([]);
    await page.close();
  });

  test("scrolls to the last device by keyboard, with right row numbers", async () => {
    const { page, trouble } = await open(many(10_000));

    await page.locator("#scroll").focus();
    await page.keyboard.press("End");
    const last = page.locator('#rows tr[aria-rowindex="10001"] td').first();
    await last.waitFor();

    expect(await last.textContent()).toBe("PAD09999");
    expect(await last.isVisible()).toBe(true);
    expect(trouble).toEqual([]);
    await page.close();
  });

  test("sorts by keyboard, numbers as numbers, what is not known last both ways", async () => {
    const { page, trouble } = await open(many(1_000));
    const head = (name: string) => page.getByRole("columnheader", { name });

    await head("Name").getByRole("button").press("Enter");
    const up = (await cells(page, 2)).slice(0, 3);
    await head("Age (days)").getByRole("button").press("Enter");
    const lowest = (await cells(page, 5)).slice(0, 6);
    await head("Age (days)").getByRole("button").press("Enter");
    const highest = (await cells(page, 5)).slice(0, 3);

    expect(up).toEqual(["iPad 1", "iPad 2", "iPad 3"]);
    expect(lowest).toEqual(["0", "0", "0", "4", "4", "4"]);
    expect(highest).toEqual(["396", "396", "392"]);
    expect(await head("Age (days)").getAttribute("aria-sort")).toBe("descending");
    expect(await head("Name").getAttribute("aria-sort")).toBeNull();
    expect(await page.evaluate("document.activeElement.textContent")).toBe("Age (days)");
    expect(trouble).toEqual([]);
    await page.close();
  });

  test("filters by words and by choices, says how many are left, and shows all again", async () => {
    const { page, trouble } = await open(many(1_000));
    const status = () => page.locator("#status").textContent();

    await page.getByRole("combobox", { name: "Code", exact: true }).selectOption("no code");
    const without = await status();
    await page.getByRole("combobox", { name: "Escrow", exact: true }).selectOption("stale: another code");
    const stale = await status();
    await page.getByRole("searchbox", { name: "Words" }).fill("pad0004 IPAD");
    const [found, names] = [await status(), await cells(page, 1)];
    await page.getByRole("searchbox", { name: "Words" }).fill("nobody");
    const nobody = await cells(page, 1);
    await page.getByRole("button", { name: "Show all" }).click();
    await page
      .locator("#status")
      .filter({ hasText: /^1,000 devices$/ })
      .waitFor();

    expect([without, stale, found]).toEqual(["100 of 1,000 devices", "25 of 1,000 devices", "1 of 1,000 devices"]);
    expect(names).toEqual(["PAD00040"]);
    expect(nobody).toEqual([]);
    expect((await cells(page, 1)).slice(0, 2)).toEqual(["PAD00000", "PAD00001"]);
    expect(trouble).toEqual([]);
    await page.close();
  });

  test("prints every device that is shown, and is as before afterwards", async () => {
    const { page, trouble } = await open(many(300));
    await page.evaluate(
      "addEventListener('beforeprint', () => { document.title = document.querySelectorAll('#rows tr:not(.space)').length })",
    );

    const pdf = await page.pdf({ format: "A4", landscape: true });

    expect(await page.title()).toBe("300");
    expect(pdf.toString("latin1").match(/\/Type \/Page\b/g)?.length ?? 0).toBeGreaterThan(5);
    expect(await page.locator("#rows tr").count()).toBeLessThan(120);
    expect(trouble).toEqual([]);
    await page.close();
  });

  test.each(["light", "dark"] as const)("has nothing that axe-core finds (%s), and fits a wide and a narrow window", async (scheme) => {
    const { page, trouble } = await open(reportOf(VARIED), scheme);
    const background = await page.evaluate("getComputedStyle(document.body).backgroundColor");
    const isWide = () => page.evaluate("document.documentElement.scrollWidth > innerWidth");
    const wide = [await isWide()];
    await page.setViewportSize({ width: 400, height: 800 });
    wide.push(await isWide());

    // The page's own policy lets no other script in, so it goes through the debugger.
    await page.evaluate(axe.source);
    const { violations } = (await page.evaluate("axe.run(document, { resultTypes: ['violations'] })")) as {
      readonly violations: readonly { readonly id: string; readonly nodes: readonly { readonly html: string }[] }[];
    };

    expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
    expect(background).toBe(scheme === "dark" ? "rgb(22, 24, 29)" : "rgb(255, 255, 255)");
    expect(wide).toEqual([false, false]);
    expect(trouble).toEqual([]);
    await page.close();
  });

  test("shows names that mean harm as they are written, and runs none", async () => {
    const names = [
      "</script><script>alert(1)</script>",
      "<img src=x onerror=alert(1)>",
      "<!--<script>",
      "\u202egnp.exe",
      "&amp;",
      "__proto__",
    ];
    const devices = names.map((name, index) =>
      lockDevice({ serialNumber: `S${index}`, deviceName: name, model: name, userPrincipalName: name }),
    );
    const { page, trouble } = await open(reportOf(devices));

    expect(await cells(page, 2)).toEqual(names);
    expect(await page.locator("#rows img, #rows script").count()).toBe(0);
    expect(trouble).toEqual([]);
    await page.close();
  });

  test("lets in no script and no picture that somebody added", async () => {
    const { page, trouble } = await open(reportOf(VARIED));

    await page.evaluate("document.body.append(Object.assign(document.createElement('script'), { textContent: 'document.title = 1' }))");
    await page.evaluate("document.body.append(Object.assign(new Image(), { src: 'http://127.0.0.1:9/a.png' }))");
    // What the browser has to say of both was said before a later task of the page ends.
    await page.evaluate("new Promise((done) => setTimeout(done))");

    expect(await page.title()).toBe("Activation Lock, 2026-11-27 12:00 UTC");
    expect(trouble.filter((line) => !/Content Security Policy/.test(line) && !line.startsWith("request:"))).toEqual([]);
    expect(trouble.filter((line) => /violates the following Content Security Policy/.test(line)).length).toBeGreaterThanOrEqual(2);
    await page.close();
  });

  test("opens 10,000 requests within 2 seconds, each with its story", async () => {
    const { page, trouble, openedInMs } = await open(manyRequests(10_000));

    expect(openedInMs).toBeLessThan(2_000);
    expect(await page.locator("#status").textContent()).toBe("10,000 requests");
    expect(await page.locator("#rows tr").count()).toBeLessThan(120);
    expect(trouble).toEqual([]);
    await page.close();
  });

  test("shows the story of a request by keyboard, and goes back to where it was", async () => {
    const { page, trouble } = await open(manyRequests(100));
    await page.getByRole("columnheader", { name: "Request" }).getByRole("button").press("Enter");
    await page.getByRole("button", { name: "r-1", exact: true }).press("Enter");
    const dialog = page.getByRole("dialog", { name: "r-1" });

    const lines = await dialog.getByRole("listitem").allTextContents();
    const isInside = await page.evaluate("document.getElementById('story').contains(document.activeElement)");
    await page.keyboard.press("Escape");

    expect(lines[0]).toBe("2026-11-20T12:00:00.000Z begun: wipe");
    expect(lines.at(-1)).toBe("2026-11-20T12:30:00.000Z activationLockBypassCode shown to anna (file:escrow/0123456789abcdef)");
    expect(isInside).toBe(true);
    expect(await dialog.isVisible()).toBe(false);
    expect(await page.evaluate("document.activeElement.textContent")).toBe("r-1");
    expect(trouble).toEqual([]);
    await page.close();
  });

  test("keeps the focus on its row while the table is drawn anew", async () => {
    const { page, trouble } = await open(manyRequests(1_000));
    await page.getByRole("button", { name: "r-3", exact: true }).focus();

    await page.evaluate("document.getElementById('scroll').scrollTop = 60");
    await page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))");
    const near = await page.evaluate("document.activeElement.textContent");
    await page.evaluate("document.getElementById('scroll').scrollTop = 20000");
    await page.locator('#rows tr[aria-rowindex="560"]').waitFor();

    expect(near).toBe("r-3");
    expect(await page.evaluate("document.activeElement.id")).toBe("scroll");
    expect(trouble).toEqual([]);
    await page.close();
  });

  test("filters requests by playbook and person, and prints each with its story", async () => {
    const { page, trouble } = await open(requestsReport(VARIED_REQUESTS));
    await page.getByRole("combobox", { name: "Started by", exact: true }).selectOption("anna");
    await page.evaluate("addEventListener('beforeprint', () => { document.title = document.querySelector('#rows').textContent })");

    await page.pdf({ format: "A4", landscape: true });

    expect(await page.locator("#status").textContent()).toBe("2 of 4 requests");
    expect(await page.title()).toContain("begun: wipe");
    expect(await page.title()).toContain("settled as taken by anna");
    expect(await page.title()).not.toContain("the device said no");
    expect(await page.locator("#rows .story").count()).toBe(0);
    expect(trouble).toEqual([]);
    await page.close();
  });

  test.each(["light", "dark"] as const)(
    "of requests has nothing that axe-core finds (%s), with a story open and without",
    async (scheme) => {
      const { page, trouble } = await open(manyRequests(20), scheme);
      await page.evaluate(axe.source);
      const find = async () => {
        const { violations } = (await page.evaluate("axe.run(document, { resultTypes: ['violations'] })")) as {
          readonly violations: readonly { readonly id: string; readonly nodes: readonly { readonly html: string }[] }[];
        };
        return violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]);
      };

      const closed = await find();
      await page.getByRole("button", { name: "r-1", exact: true }).click();
      const opened = await find();
      await page.getByRole("button", { name: "Close" }).click();
      await page.setViewportSize({ width: 400, height: 800 });

      expect(closed).toEqual([]);
      expect(opened).toEqual([]);
      expect(await page.evaluate("document.documentElement.scrollWidth > innerWidth")).toBe(false);
      expect(trouble).toEqual([]);
      await page.close();
    },
  );
});

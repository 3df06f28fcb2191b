import { writeFile } from "node:fs/promises";
import pc from "picocolors";
import { type Emulator, type RecordedRequest, startEmulator } from "../../emulator/graph/start-emulator.ts";
import { isObject, parseJson } from "../../providers/domain/json.ts";
import { type Output, Stage } from "./stage.ts";

const SERIAL = "DMPXK2ABCDEF";

const REQUEST = `requests:
  - name: leeds-leaver-0042
    device: { serialNumber: ${SERIAL} }
    playbook: unlock-and-wipe
    reason: Leaver returned the iPad
    ticket: INC-4711
    expires: 2099-12-31
    acknowledge: [dataLoss, physicalPossession]
`;

const say = (line: string) => console.log(line);
const heading = (number: number, text: string) => say(`\n${pc.bold(`${number}. ${text}`)}`);

/**
 * Plays the main job on emulated devices. 0 when everything was as promised, 1 when something was
 * not.
 */
export async function runDemo(): Promise<number> {
  const stage = new Stage(say);
  say(pc.bold("Device lifecycle requests as code: the main job on emulated devices"));
  await stage.prepare();
  const emulator = await startEmulator({ checkInDelayMs: 1500 });
  try {
    const failures = await play(stage, emulator);
    for (const failure of failures) say(pc.red(`\nNOT AS PROMISED: ${failure}`));
    say(
      failures.length === 0
        ? `\nDone; nothing is left running. Logs, state, ledger and escrow: ${stage.shown("")}`
        : `\nLogs: ${stage.shown("")}`,
    );
    return failures.length === 0 ? 0 : 1;
  } finally {
    await emulator.close();
  }
}

/** Gives what was not as promised. */
async function play(stage: Stage, emulator: Emulator): Promise<readonly string[]> {
  const expect = new Expectations();
  await setUp(stage, emulator, expect);
  await preview(stage, emulator, expect);
  await firstUp(stage, emulator, expect);
  await secondUp(stage, emulator, expect);
  await showState(stage, expect);
  return expect.failures;
}

class Expectations {
  readonly failures: string[] = [];

  that(isSo: boolean, otherwise: string): void {
    if (!isSo) this.failures.push(otherwise);
  }

  ended(output: Output, what: string): void {
    this.that(output.code === 0, `${what} ended with ${output.code}:\n${output.text}`);
  }
}

async function setUp(stage: Stage, emulator: Emulator, expect: Expectations): Promise<void> {
  heading(1, "A request, a reader's key and a stack");
  await writeFile(stage.path("requests/leavers.yaml"), REQUEST);
  say(REQUEST.trimEnd().replaceAll(/^/gm, "   | "));
  const escrow = `file:${stage.shown("escrow")}`;
  await stage.configure({
    requests: stage.shown("requests"),
    playbooks: stage.shown("playbooks"),
    graphEndpoint: emulator.url,
    escrow,
    ledger: `file:${stage.shown("ledger")}`,
    wait: "1m",
  });
  const key = await stage.command("the reader's key", "recipients", ["keygen", stage.path("reader-key.txt")]);
  expect.ended(key, "recipients keygen");
  const recipient = /age1[a-z0-9]+/.exec(key.text)?.[0] ?? "";
  expect.ended(await stage.command("the escrow's recipient", "recipients", ["add", recipient, "--escrow", escrow]), "recipients add");
  expect.ended(await stage.makeStack(), "stack init");
  say(`   Graph emulator: ${emulator.url}, a double of ours with ${SERIAL} in it; everything else is real`);
}

async function preview(stage: Stage, emulator: Emulator, expect: Expectations): Promise<void> {
  heading(2, "Preview: what a reviewer sees before approving");
  const output = await stage.pulumi("pulumi preview", ["preview"]);
  await stage.keepLog("preview", output.text);
  expect.ended(output, "preview");
  for (const line of cardOf(output.text)) say(`   ${line}`);
  say(`   sent to the device: ${emulator.actionCalls.length} actions`);
  expect.that(emulator.actionCalls.length === 0, "a preview sent something");
  expect.that(cardOf(output.text)[0]?.startsWith("WIPES: ") ?? false, "the preview did not say that the request wipes");
}

async function firstUp(stage: Stage, emulator: Emulator, expect: Expectations): Promise<void> {
  heading(3, "Up: the request is performed");
  const before = emulator.requests.length;
  const output = await stage.pulumi("pulumi up", ["up", "--yes", "--skip-preview"]);
  await stage.keepLog("up", output.text);
  expect.ended(output, "up");
  const wire = emulator.requests
    .slice(before)
    .map(describeCall)
    .filter((text) => text !== null);
  for (const line of wire) say(`   on the wire: ${line}`);
  const order = wire.map((line) => line.split(":", 1)[0]);
  expect.that(
    order.join() === ["read code", "POST bypassActivationLock", "read code", "POST wipe"].join(),
    `the order on the wire was ${order.join(", ")}`,
  );
}

async function secondUp(stage: Stage, emulator: Emulator, expect: Expectations): Promise<void> {
  heading(4, "Up again: nothing to do");
  const before = emulator.requests.length;
  const output = await stage.pulumi("pulumi up", ["up", "--yes", "--skip-preview"]);
  await stage.keepLog("up-again", output.text);
  expect.ended(output, "the second up");
  say(`   requests to Graph: ${emulator.requests.length - before}`);
  expect.that(emulator.requests.length === before, "the second up asked Graph for something");
}

async function showState(stage: Stage, expect: Expectations): Promise<void> {
  heading(5, "State: the outcome and a reference, never the code");
  const outputs = await stage.pulumi("pulumi stack output", ["stack", "output", "--json"]);
  expect.ended(outputs, "stack output");
  say(outputs.stdout.trimEnd().replaceAll(/^/gm, "   "));
  const state = await stage.pulumi("pulumi stack export", ["stack", "export"]);
  await stage.keepLog("state", state.stdout);
  const reference = referenceIn(state.stdout);
  say(`   bypassCode.reference: ${reference ?? "none"}`);
  expect.that(reference !== null, "state has no reference to the bypass code");
  if (reference !== null) await reveal(stage, reference, state.stdout, expect);
}

async function reveal(stage: Stage, reference: string, state: string, expect: Expectations): Promise<void> {
  heading(6, "Reveal: the authorized reader opens the escrowed code");
  const output = await stage.command("dlr reveal", "reveal", [reference, "--identity", stage.path("reader-key.txt")]);
  expect.ended(output, "reveal");
  say(output.text.trimEnd().replaceAll(/^/gm, "   "));
  const code = output.stdout.trim();
  expect.that(code !== "", "reveal printed no code");
  expect.that(code === "" || !state.includes(code), "the code is in the state");
}

/** Reads of the code and everything that is sent; null for other reads. */
function describeCall(request: RecordedRequest): string | null {
  if (request.kind === "readCode") return `read code: GET ${decodeURIComponent(request.path)} → ${request.status}`;
  if (request.kind !== "action") return null;
  return `${request.method} ${request.action}: ${request.path} → ${request.status}`;
}

/**
 * The lines under the request's resource in Pulumi's diagnostics; the one above `device` says what
 * `up` does first.
 */
function cardOf(text: string): readonly string[] {
  const lines = text.split("\n").map((line) => line.trim());
  const start = lines.findIndex((line) => line.startsWith("device ")) - 1;
  return start < 0 ? [] : lines.slice(start, lines.indexOf("", start));
}

function referenceIn(state: string): string | null {
  const data = parseJson(state);
  const deployment = isObject(data) && isObject(data.deployment) ? data.deployment : {};
  const resources = Array.isArray(deployment.resources) ? deployment.resources.filter(isObject) : [];
  const codes = resources.map(({ outputs }) => (isObject(outputs) ? outputs.bypassCode : null));
  return codes.flatMap((code) => (isObject(code) && typeof code.reference === "string" ? [code.reference] : []))[0] ?? null;
}

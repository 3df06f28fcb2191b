import { randomBytes } from "node:crypto";
import { mkdir } from "node:fs/promises";
import { homedir } from "node:os";
import path from "node:path";
import { afterEach, expect, test } from "@jest/globals";
import { type EmulatedDevice, type Emulator, startEmulator } from "../../emulator/graph/start-emulator.ts";
import { type KeyVault, startKeyVault } from "../../emulator/key-vault/key-vault.ts";
import { isObject } from "../../providers/domain/json.ts";
import { cacheFolder } from "../../providers/support/cache-folder.js";
import { findSteering } from "../support/hostile-text.ts";
import { newFilesWith, ProcessWatch } from "../support/leak-hunt.ts";
import { PulumiProject, type PulumiRun } from "../support/pulumi-project.ts";
import { leaksIn } from "../support/secrets.ts";

const ROOT = path.resolve(import.meta.dirname, "../..");

/** Everything that the engine, the language host and the provider can be made to say. */
const LOUD = ["-v=9", "--logtostderr", "--logflow"];

/**
 * Of chance, so that nothing else in the world has it, and with characters that each encoding
 * writes in its own way.
 */
const canary = (name: string) => `${name}/${randomBytes(9).toString("hex")}+Canary=${randomBytes(6).toString("hex")}`;
const canaryCode = () => `CANARY-${randomBytes(12).toString("hex").toUpperCase().replaceAll(/.{5}/g, "$&-")}-END`;

/** Given in the environment, where they stay. */
const TOKEN = `canary-token-${randomBytes(16).toString("hex")}`;
const CLIENT_SECRET = `canary~client-secret-${randomBytes(12).toString("hex")}`;

const stops: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});

/** A project whose runs are watched: what they print, write and show to other processes. */
class Hunt {
  readonly project: PulumiProject;
  readonly emulator: Emulator;
  readonly #watch: ProcessWatch;
  readonly #since = Date.now() - 1_000;
  readonly #runs: PulumiRun[] = [];
  readonly #env: Readonly<Record<string, string>>;

  private constructor(project: PulumiProject, emulator: Emulator, env: Readonly<Record<string, string>>) {
    this.project = project;
    this.emulator = emulator;
    this.#env = { ...env, TMPDIR: path.join(project.folder, "tmp"), GRAPH_ACCESS_TOKEN: TOKEN, AZURE_CLIENT_SECRET: CLIENT_SECRET };
    this.#watch = new ProcessWatch(`TMPDIR=${this.#env.TMPDIR}`);
  }

  static async start(devices: readonly EmulatedDevice[], config: Readonly<Record<string, unknown>>, vault?: KeyVault): Promise<Hunt> {
    const emulator = await startEmulator({ devices, checkInDelayMs: 100 });
    const project = await PulumiProject.create({ graphEndpoint: emulator.url, ...config });
    stops.push(
      () => emulator.close(),
      () => project.remove(),
    );
    await mkdir(path.join(project.folder, "tmp"), { mode: 0o700 });
    if (vault !== undefined) await project.write("ca.pem", vault.caCertificate);
    const hunt = new Hunt(project, emulator, vault === undefined ? {} : { NODE_EXTRA_CA_CERTS: path.join(project.folder, "ca.pem") });
    emulator.on("request", () => hunt.#watch.look());
    emulator.on("applied", () => hunt.#watch.look());
    return hunt;
  }

  async run(...args: string[]): Promise<PulumiRun> {
    return this.#keep(await this.project.run(args, this.#env));
  }

  up(): Promise<PulumiRun> {
    return this.run("up", "--yes", "--skip-preview", ...LOUD);
  }

  async command(name: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<PulumiRun> {
    return this.#keep(await this.project.command(name, args, { ...this.#env, ...env }));
  }

  /** Every place in which one of the secrets came to light. */
  async leaks(secrets: readonly string[]): Promise<readonly string[]> {
    const given = [TOKEN, CLIENT_SECRET];
    const folders = [this.project.folder, ROOT, cacheFolder(process.env), path.join(homedir(), ".pulumi")];
    const files = await Promise.all(folders.map((folder) => newFilesWith(folder, this.#since, [...secrets, ...given])));
    return [
      ...this.#runs.flatMap(({ text }) => leaksIn(withoutTimes(text), [...secrets, ...given]).map((form) => `output: ${form}`)),
      ...files.flat().map((file) => `file: ${file}`),
      ...this.#watch.showing(secrets).map((command) => `process: ${command}`),
      ...this.#watch.showingInArguments(given).map((command) => `arguments: ${command}`),
    ];
  }

  /** The hunt saw the processes that it is about. */
  get watched(): readonly string[] {
    return [...this.#watch.programs];
  }

  #keep(run: PulumiRun): PulumiRun {
    this.#runs.push(run);
    return run;
  }
}

/** The engine's log lines begin with a time of day with six decimals, which one day is a PIN. */
function withoutTimes(text: string): string {
  return text.replaceAll(/\d\d:\d\d:\d\d\.\d+/g, "");
}

const HOSTILE = "\u001b[2K::error::a ##vso[task.setvariable variable=PATH]b";

test("bypass codes: read, changed under way, drifted, previewed, forgotten", async () => {
  const [wiped, kept] = [canaryCode(), canaryCode()];
  const ipad = { operatingSystem: "iPadOS", model: "iPad Air", isSupervised: true };
  const hunt = await Hunt.start(
    [
      { ...ipad, serialNumber: "CANARYIPAD1", activationLockBypassCode: wiped, deviceName: `iPad ${HOSTILE}` },
      { ...ipad, serialNumber: "CANARYIPAD2", activationLockBypassCode: kept },
    ],
    { wait: "20s" },
  );
  const { emulator, project } = hunt;
  emulator.setFault({ device: "CANARYIPAD1", call: "readCode", nth: 2, effect: { kind: "code", code: "rotated" } });
  const seen = new Set([wiped, kept]);
  emulator.on("applied", ({ deviceId }) => void seen.add(emulator.device(deviceId).bypassCode ?? wiped));
  emulator.on("answered", () => void seen.add(emulator.device("CANARYIPAD1").bypassCode ?? wiped));
  await project.write(
    "requests/a.yaml",
    `requests:
  - name: leaver
    device: { serialNumber: CANARYIPAD1 }
    playbook: unlock-and-wipe
    reason: "The leaver\\nreturned it"
    expires: 2099-12-31
    acknowledge: [dataLoss, physicalPossession]
  - name: keep-code
    device: { serialNumber: CANARYIPAD2 }
    playbook: escrow-bypass-code
    reason: Before the summer refresh
`,
  );

  const preview = await hunt.run("preview", "--diff");
  const up = await hunt.up();
  emulator.rotateCode("CANARYIPAD2");
  seen.add(emulator.device("CANARYIPAD2").bypassCode ?? kept);
  const refresh = await hunt.run("refresh", "--yes", "--skip-preview", ...LOUD);
  const json = await hunt.run("preview", "--json");
  const destroy = await hunt.run("destroy", "--yes", "--skip-preview", ...LOUD);

  expect([preview, up, refresh, json, destroy].map(({ code }) => code)).toEqual([0, 0, 0, 0, 0]);
  expect(seen.size).toBe(4);
  expect(emulator.device("CANARYIPAD1").erased).toBe(1);
  expect(await hunt.leaks([...seen])).toEqual([]);
  expect(hunt.watched).toEqual(expect.arrayContaining(["pulumi"]));
  expect([preview, json].flatMap(({ text }) => findSteering(text))).toEqual([]);
  expect(preview.text).toContain("\\u{1b}[2K");
});

test("passcodes and PINs: handed back, made up, and repeated by a server in trouble", async () => {
  const [passcode, unlockPin, code] = [canary("passcode"), canary("unlock-pin"), canaryCode()];
  const mac = { operatingSystem: "macOS", model: "MacBook Air", isSupervised: true };
  const echo = `did not like $BODY of {"activationLockBypassCode":"${code}","passcode":"${passcode}"}`;
  const hunt = await Hunt.start(
    [
      { serialNumber: "CANARYDROID", operatingSystem: "Android", "x-emulator": { passcode } },
      { ...mac, serialNumber: "CANARYMAC01", activationLockBypassCode: code, "x-emulator": { unlockPin } },
      { ...mac, serialNumber: "CANARYMAC02" },
      { ...mac, serialNumber: "CANARYMAC03" },
    ],
    { wait: "4s", maxDestructive: 9 },
  );
  const { emulator, project } = hunt;
  const page = { kind: "status", status: 500, body: "html", message: echo } as const;
  emulator.setFault({ device: "CANARYDROID", call: "read", nth: [3, 4], effect: page });
  emulator.setFault({ device: "CANARYMAC02", call: "wipe", effect: { kind: "status", status: 400, body: "intune", message: echo } });
  emulator.setFault({ device: "CANARYMAC03", call: "wipe", effect: page });
  const destroying = "expires: 2099-12-31\n    acknowledge: [dataLoss]";
  await project.write(
    "requests/a.yaml",
    `requests:
  - name: forgotten-passcode
    device: { serialNumber: CANARYDROID }
    playbook: reset-passcode
    reason: The user forgot it
  - name: lost-mac
    device: { serialNumber: CANARYMAC01 }
    steps: [escrowBypassCode, remoteLock, { waitFor: done }, wipe]
    reason: Left in a train
    ${destroying}
  - name: refused-mac
    device: { serialNumber: CANARYMAC02 }
    steps: [escrowBypassCode, wipe]
    reason: Left in a bus
    ${destroying}
  - name: doubtful-mac
    device: { serialNumber: CANARYMAC03 }
    steps: [escrowBypassCode, wipe]
    reason: Left in a taxi
    ${destroying}
`,
  );

  await hunt.up();
  const resources = await project.resources();
  const evidence = await hunt.command("settle", ["doubtful-mac", "--ledger", `file:${path.join(project.folder, "ledger")}`]);
  const ledger = await hunt.command("ledger", ["show", "--json", "--ledger", `file:${path.join(project.folder, "ledger")}`]);
  const pins = emulator.actionCalls.flatMap(({ action, body }) =>
    action === "wipe" && isObject(body) && typeof body.macOsUnlockCode === "string" ? [body.macOsUnlockCode] : [],
  );
  const secrets = [passcode, unlockPin, code, ...pins];
  const leaks = await hunt.leaks(secrets);
  const details = [...resources.values()].flatMap(({ outputs }) => outputs.steps.map((step) => step.detail)).join("\n");
  const revealed = await Promise.all(referencesIn(details).map((reference) => project.command("reveal", [reference])));

  expect(leaks).toEqual([]);
  expect(pins).toHaveLength(3);
  expect(new Map([...resources].map(([name, { outputs }]) => [name, outputs.outcome]))).toEqual(
    new Map([
      ["forgotten-passcode", "succeeded"],
      ["lost-mac", "succeeded"],
      ["refused-mac", "failed"],
      ["doubtful-mac", "ambiguous"],
    ]),
  );
  expect(details).toContain("did not like");
  expect(evidence.text).toContain("doubtful-mac");
  expect(ledger.text).toContain("macOsUnlockCode");
  expect(revealed.map(({ text }) => secrets.filter((secret) => text.includes(secret)).length)).toEqual(Array(5).fill(1));
  expect(await fingerprints(project)).toEqual(["activationLockBypassCode"]);
});

/** The kinds of secrets of which a fingerprint is kept. */
async function fingerprints(project: PulumiProject): Promise<readonly unknown[]> {
  const lines = (await project.read("ledger/ledger.jsonl")).trimEnd().split("\n");
  const records = lines.map((line) => JSON.parse(line).record as Readonly<Record<string, unknown>>);
  return [...new Set(records.flatMap(({ kind, fingerprint, secret }) => (kind === "escrowed" && fingerprint !== null ? [secret] : [])))];
}

function referencesIn(text: string): readonly string[] {
  return [...text.matchAll(/escrowed as (file:\S+\.age)/g)].map((match) => match[1] ?? "");
}

test("a vault that repeats what it was given, and then keeps it", async () => {
  const vault = await startKeyVault();
  stops.push(() => vault.close());
  const codes = [canaryCode(), canaryCode()];
  const devices = codes.map((activationLockBypassCode, index) => ({
    serialNumber: `CANARYIPAD${index}`,
    operatingSystem: "iPadOS",
    activationLockBypassCode,
  }));
  const hunt = await Hunt.start(devices, { escrow: vault.url, wait: "10s" }, vault);
  const { project } = hunt;
  vault.fail({ method: "PUT", effect: { kind: "html", status: 400, says: "$VALUE" } });
  vault.fail({ method: "GET", path: /^\/secrets\/[^/]+\/[^/]+$/, effect: { kind: "html", status: 200, says: "$VALUE" } });
  await project.write(
    "requests/a.yaml",
    `requests:\n  - { name: keep, playbook: escrow-bypass-code, reason: r, devices: [{ serialNumber: CANARYIPAD0 }, { serialNumber: CANARYIPAD1 }] }\n`,
  );

  const failing = await hunt.up();
  const kept = await hunt.up();
  const references = [...(await project.resources()).values()].map(({ outputs }) => outputs.bypassCode?.reference ?? "");
  const inCi = await hunt.command("reveal", [references[0] ?? ""], { CI: "true" });

  expect(failing.code).not.toBe(0);
  expect(kept.code).toBe(0);
  expect(references).toEqual([expect.stringMatching(/^https:\/\/.+\/secrets\/.+\/.+$/), expect.stringMatching(/^https:/)]);
  expect(inCi).toMatchObject({ code: 2, text: expect.stringContaining("secrets are not shown in CI") });
  expect(await hunt.leaks(codes)).toEqual([]);
  expect([...vault.secrets.values()].flat().map(({ value }) => value)).toEqual(expect.arrayContaining(codes));
});

import { readFile } from "node:fs/promises";
import path from "node:path";
import { afterEach, describe, expect, test } from "@jest/globals";
import { Ajv } from "ajv";
import { type EmulatedDevice, type Emulator, startEmulator } from "../../emulator/graph/start-emulator.ts";
import type { RequestRecord } from "../../providers/domain/request-record.ts";
import { LOCK_SCHEMA } from "../../report/activation-lock/lock-schema.ts";
import { ipads } from "../report/report-fixture.ts";
import { begun, escrowed } from "../support/fakes-records.ts";
import { leaksIn } from "../support/secrets.ts";
import { answering } from "./fake-stacks.ts";
import { FakeMachine } from "./fake-tools.ts";
import { SpawnedCommand } from "./spawned-command.ts";
import { ledgerPlace, STACK_TRACE } from "./store-commands.ts";

const open: Emulator[] = [];

afterEach(() => Promise.all(open.splice(0).map((emulator) => emulator.close())));

const FLEET: readonly EmulatedDevice[] = [
  ...ipads(2),
  { serialNumber: "NOCODE", operatingSystem: "iOS", isSupervised: true, activationLockBypassCode: null },
  { serialNumber: "DROID", operatingSystem: "Android" },
];

/**
 * A stack `prod` whose Graph is an emulator with these devices, and whose ledger has an escrow of
 * `PAD0000`.
 */
async function stack(devices = FLEET, settings: Readonly<Record<string, string | { readonly secret: string }>> = {}) {
  const emulator = await startEmulator({ devices });
  open.push(emulator);
  const ledger = await ledgerPlace();
  const { id, serialNumber } = emulator.device("PAD0000");
  const device = { id, serialNumber, enrolledDateTime: "2026-01-12T09:30:00.000Z" };
  const records: readonly RequestRecord[] = [
    begun(),
    escrowed(0, { device, fingerprint: null, reference: "file:escrow/0123456789abcdef" }),
  ];
  await ledger.write(records);
  const machine = await FakeMachine.create();
  const values = { "device-lifecycle:graphEndpoint": emulator.url, "device-lifecycle:ledger": ledger.place, ...settings };
  await machine.pulumi("3.255.0", answering({ stacks: { prod: values } }));
  const before = await readFile(path.join(ledger.folder, "ledger.jsonl"), "utf8");
  return {
    emulator,
    machine,
    ledger,
    values,
    place: ledger.place,
    report: (...args: string[]) => new SpawnedCommand("report", ["activation-lock", ...args], machine.env).ended,
    isLedgerUntouched: async () => (await readFile(path.join(ledger.folder, "ledger.jsonl"), "utf8")) === before,
  };
}

describe("dlr report activation-lock", () => {
  test("says where it is, then the totals, then the devices; shows no code, sends and records nothing", async () => {
    const { report, emulator, place, isLedgerUntouched } = await stack();

    const ended = await report("prod");

    const codes = emulator.devices().flatMap(({ bypassCode }) => bypassCode ?? []);
    expect(ended.stderr).toBe(`stack prod · ledger ${place} · EMULATOR ${emulator.url} · brake off\n`);
    expect(ended.code).toBe(0);
    expect(ended.stdout.split("\n")[0]).toBe("3 devices can have the lock: 2 code present, 1 no code; 1 escrowed, 0 of them stale");
    expect(ended.stdout).toMatch(/^PAD0000 .* code present {2}escrowed .* file:escrow\/0123456789abcdef$/m);
    expect(ended.stdout).toMatch(/^NOCODE .* no code {7}not escrowed/m);
    expect(codes).toHaveLength(2);
    expect(leaksIn(ended.stdout + ended.stderr, codes)).toEqual([]);
    expect(emulator.actionCalls).toEqual([]);
    expect(await isLedgerUntouched()).toBe(true);
  });

  test("writes each format to a file, and the totals to the terminal", async () => {
    const { report, machine } = await stack();
    const file = path.join(machine.folder, "report.json");

    const [toFile, toStdout] = await Promise.all([report("prod", "--out", file), report("prod", "--format", "csv")]);

    const data: unknown = JSON.parse(await readFile(file, "utf8"));
    expect(toFile).toMatchObject({ code: 0, stdout: "" });
    expect(toFile.stderr).toContain(
      `3 devices can have the lock: 2 code present, 1 no code; 1 escrowed, 0 of them stale\nwritten to ${file}\n`,
    );
    expect(new Ajv({ formats: { "date-time": true } }).validate(LOCK_SCHEMA, data)).toBe(true);
    expect(data).toMatchObject({ where: expect.stringMatching(/^stack prod · .* · EMULATOR [^·]*$/), totals: { canHaveLock: 3 } });
    expect(toStdout.stdout).toMatch(/^\ufeff"serialNumber","managedDeviceId",/);
    expect(toStdout.stderr).toContain("3 devices can have the lock");
  });

  test.each<[readonly string[], number, string]>([
    [["--fail-on", "no-code"], 4, "--fail-on no-code: 1 device\n"],
    [["--fail-on", "no-code,NOT-escrowed"], 4, "--fail-on no-code: 1 device\n--fail-on not-escrowed: 2 devices\n"],
    [["--fail-on", "stale", "--fail-on", "unreadable"], 0, ""],
    [["--fail-on", "no-code", "--platform", "iPadOS"], 0, ""],
    [["--fail-on", "not-escrowed", "--stale"], 0, ""],
  ])("%j ends with %i", async (args, code, said) => {
    const { report } = await stack();

    const ended = await report("prod", "--format", "json", ...args);

    expect(ended.code).toBe(code);
    expect(ended.stderr.split("\n").filter((line) => line.startsWith("--fail-on"))).toEqual(said.split("\n").slice(0, -1));
  });

  test("asks for no code with --without-codes", async () => {
    const { report, emulator } = await stack();

    const ended = await report("prod", "--without-codes");

    expect(ended.stdout).toContain("3 devices can have the lock: codes were not asked for; 1 escrowed, 0 of them stale\n");
    expect(emulator.requests.map(({ kind }) => kind)).toEqual(["list"]);
  });

  test("ends with 3 where not one code could be read, with the report all the same", async () => {
    const { report, emulator } = await stack();
    emulator.setFault({ call: "readCode", effect: { kind: "status", status: 403 } });

    const ended = await report("prod", "--fail-on", "no-code");

    expect(ended.code).toBe(3);
    expect(ended.stdout).toContain("3 devices can have the lock: 0 code present, 0 no code, 3 could not be read");
    expect(ended.stderr).toContain("error: not one code could be read: Graph did not give the Activation Lock bypass code");
  });

  test("is refused where the ledger is of another Graph, before Graph is asked for anything", async () => {
    const { report, emulator, ledger } = await stack();
    const other = ledger.open();
    await other.append({ kind: "world", at: "2026-11-20T12:00:00.000Z", graph: "https://graph.microsoft.com", tenant: null });
    await other.close();

    const ended = await report("prod");

    expect(ended).toMatchObject({ code: 2, stdout: "" });
    expect(ended.stderr).toContain("is of https://graph.microsoft.com, and this run is of a double of Graph on this machine");
    expect(emulator.requests).toEqual([]);
  });

  test("is refused where the settings that tell which Graph it is cannot be opened", async () => {
    const { report, emulator, machine, values } = await stack(FLEET, {
      "device-lifecycle:graphEndpoint": { secret: "http://127.0.0.1:9" },
    });
    const closed = `if (args.includes("--show-secrets")) { console.error("no passphrase"); process.exit(1); }\n`;
    await machine.pulumi("3.255.0", closed + answering({ stacks: { prod: values } }));

    const ended = await report("prod");

    expect(ended).toMatchObject({ code: 2, stdout: "" });
    expect(ended.stderr).toContain("error: device-lifecycle:graphEndpoint of the stack prod cannot be opened here");
    expect(emulator.requests).toEqual([]);
  });

  test("needs no ledger where Graph is a double, and says that there is none elsewhere", async () => {
    const [double, real] = await Promise.all([
      stack(FLEET, { "device-lifecycle:ledger": "file:no-such-ledger" }),
      stack(FLEET, { "device-lifecycle:ledger": "file:no-such-ledger", "device-lifecycle:graphEndpoint": "https://graph.microsoft.com" }),
    ]);

    const [ofDouble, ofReal] = await Promise.all([double.report("prod"), real.report("prod")]);

    expect(ofDouble.stdout).toContain("3 devices can have the lock: 2 code present, 1 no code; 0 escrowed\n");
    expect(ofReal).toMatchObject({ code: 3, stdout: "", stderr: expect.stringContaining("there is no ledger") });
  });

  test("says what is wrong with what it is asked", async () => {
    const { report, emulator } = await stack();

    const ended = await Promise.all([
      report("prod", "--without-codes", "--no-code"),
      report("prod", "--without-codes", "--fail-on", "no-code"),
      report("prod", "--fail-on", "locked"),
      report("prod", "--platform", "Android"),
      report("prod", "--not-seen", "0"),
      report("prod", "--format", "pdf"),
      report("prdo"),
      report("prod", "more"),
      report("prod", "--without-codes", "--out", "/no/such/folder/report.csv"),
    ]);

    expect(ended.map(({ code }) => code)).toEqual(ended.map(() => 2));
    expect(ended[0]?.stderr).toBe("error: --without-codes reads no code, which --no-code asks for\n");
    expect(ended[2]?.stderr).toContain("It must be no-code, not-escrowed, stale or unreadable.");
    expect(ended[3]?.stderr).toContain("It must be iOS, iPadOS or macOS.");
    expect(ended[6]?.stderr).toContain('there is no stack "prdo" (did you mean "prod"?)');
    for (const { stderr } of ended) expect(stderr).not.toMatch(STACK_TRACE);
    expect(ended.at(-1)?.stderr).toContain("error: cannot write /no/such/folder/report.csv: ENOENT");
    // The last one alone has anything to write.
    expect(emulator.requests.map(({ kind }) => kind)).toEqual(["list"]);
  });
});

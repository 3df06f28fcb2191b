import { Command, Option } from "commander";
import { ADMIN_HELP } from "../emulator/graph/admin.ts";
import { DEFAULT_FLEET } from "../emulator/graph/devices/default-fleet.ts";
import { readDeviceFile, readFaultFile, readTokenFile } from "../emulator/graph/input-file.ts";
import { APP_READS, type AppReads, DEFAULT_OPTIONS } from "../emulator/graph/options.ts";
import { type EmulatedDevice, type Emulator, type EmulatorOptions, startEmulator } from "../emulator/graph/start-emulator.ts";
import { DAY_MS } from "../providers/domain/day.ts";
import { printable } from "../providers/domain/diagnostic.ts";
import { dlrCommand } from "../providers/support/dlr-command.ts";
import { fromCaller } from "./support/from-caller.ts";
import { shellAtHand } from "./support/shell-at-hand.ts";
import { parsePort, wholeNumber } from "./support/whole-number.ts";

interface Flags {
  readonly port: number;
  readonly devices?: string;
  readonly checkInDelay: number;
  readonly latency: number;
  readonly pageSize: number;
  readonly throttle: "graph" | "off";
  readonly throttleWrites: number;
  readonly throttleCalls: number;
  readonly throttleWindow: number;
  readonly retryAfter: "seconds" | "date" | "none";
  readonly filterTrap: boolean;
  readonly filterCase: "sensitive" | "insensitive";
  readonly appReads: AppReads;
  readonly tokens?: string;
  readonly bypassDelegatedOnly: boolean;
  readonly approvals: boolean;
  readonly approvalStatus: "403" | "412";
  readonly approvalCodeIn: "header" | "message";
  readonly approvalLapse: number;
  readonly auditDelay: number;
  readonly auditCorrelation: "clientRequestId" | "own";
  readonly auditRefused: "none" | "auditEvents" | "both";
  readonly faults?: string;
  readonly log: boolean;
}

/** The command `emulator`: serves on this machine until it is ended. */
export function emulatorCommand(): Command {
  return new Command("dlr emulator")
    .description("Serves a double of Microsoft Graph's device management over http, on 127.0.0.1 only. No real device is ever touched.")
    .addOption(new Option("--port <N>", "port to listen on; 0 is a free one").default(8787).argParser(parsePort))
    .option("--devices <FILE>", "JSON or YAML file of devices in Graph's own property names (default: the fleet below)")
    .addOption(milliseconds("--check-in-delay <MS>", "from an accepted action to its result", DEFAULT_OPTIONS.checkInDelayMs))
    .addOption(milliseconds("--latency <MS>", "added to every answer", DEFAULT_OPTIONS.latencyMs))
    .addOption(count("--page-size <N>", "devices per page of a list", DEFAULT_OPTIONS.pageSize))
    .addOption(new Option("--throttle <WORD>", "Graph's limits, or none").choices(["graph", "off"]).default("graph"))
    .addOption(count("--throttle-writes <N>", "POSTs and DELETEs per window", 200))
    .addOption(count("--throttle-calls <N>", "all calls per window", 2_000))
    .addOption(milliseconds("--throttle-window <MS>", "length of the window", 20_000))
    .addOption(new Option("--retry-after <FORM>", "what a 429 says").choices(["seconds", "date", "none"]).default("none"))
    .option("--filter-trap", "ignore every $filter: all devices come back, as Graph does for filters that it does not support", false)
    .addOption(
      new Option("--filter-case <WORD>", "whether $filter tells letters' case apart")
        .choices(["sensitive", "insensitive"])
        .default(DEFAULT_OPTIONS.filterCase),
    )
    .addOption(
      new Option("--app-reads <WORD>", "what a GET of one device through a detected app answers")
        .choices(APP_READS)
        .default(DEFAULT_OPTIONS.appReads),
    )
    .option(
      "--tokens <FILE>",
      "JSON or YAML list of {token, kind: application|delegated, permissions, expiresAt?, applicationId?, userPrincipalName?} (default: any token)",
    )
    .option("--bypass-delegated-only", "refuse bypassActivationLock to applications", false)
    .option("--approvals", "wipe, retire and delete need another administrator (Multi Admin Approval)", false)
    .addOption(new Option("--approval-status <CODE>", "answer that asks for approval").choices(["403", "412"]).default("403"))
    .addOption(new Option("--approval-code-in <PLACE>", "where it says the code").choices(["header", "message"]).default("header"))
    .addOption(milliseconds("--approval-lapse <MS>", "after which a request for approval lapses", 3 * DAY_MS))
    .addOption(milliseconds("--audit-delay <MS>", "from an action to its event in the audit log", 0))
    .addOption(
      new Option("--audit-correlation <WORD>", "what the correlationId of an event is").choices(["clientRequestId", "own"]).default("own"),
    )
    .addOption(
      new Option("--audit-refused <WORD>", "what of the audit is answered with 403")
        .choices(["none", "auditEvents", "both"])
        .default("none"),
    )
    .option("--faults <FILE>", "JSON or YAML list of faults (below)")
    .option("--log", "print a line for each request: method, path, status", false)
    .addHelpText("after", helpText)
    .action(async (flags: Flags) => run(flags));
}

async function run(flags: Flags): Promise<void> {
  const emulator = await startEmulator(toOptions(flags));
  if (flags.log) log(emulator);
  const stop = () => void emulator.close();
  process.once("SIGINT", stop).once("SIGTERM", stop);
  console.log(`Graph emulator: ${emulator.url}/ with ${emulator.devices().length} devices; stop with Ctrl-C`);
  const shell = shellAtHand(process.env, process.platform);
  const pointing = dlrCommand("pulumi config set graphEndpoint", undefined, [emulator.url, "--stack", "NAME"], shell);
  console.log(`a stack is pointed at it by: ${pointing}\none with a request to try is made by: ${dlrCommand("try", undefined, [], shell)}`);
}

function toOptions(flags: Flags): EmulatorOptions {
  const { throttleWrites: writes, throttleCalls: calls, throttleWindow: windowMs, retryAfter } = flags;
  return {
    port: flags.port,
    checkInDelayMs: flags.checkInDelay,
    latencyMs: flags.latency,
    pageSize: flags.pageSize,
    throttle: flags.throttle === "off" ? "off" : { writes, calls, windowMs, retryAfter },
    filterTrap: flags.filterTrap,
    filterCase: flags.filterCase,
    appReads: flags.appReads,
    bypassDelegatedOnly: flags.bypassDelegatedOnly,
    audit: { delayMs: flags.auditDelay, correlation: flags.auditCorrelation, refused: flags.auditRefused },
    ...(flags.devices === undefined ? {} : { devices: readDeviceFile(fromCaller("emulator", flags.devices)) }),
    ...(flags.tokens === undefined ? {} : { tokens: readTokenFile(fromCaller("emulator", flags.tokens)) }),
    ...(flags.faults === undefined ? {} : { faults: readFaultFile(fromCaller("emulator", flags.faults)) }),
    ...(flags.approvals ? { approvals: approvalsOf(flags) } : {}),
  };
}

function approvalsOf(flags: Flags): NonNullable<EmulatorOptions["approvals"]> {
  return { status: flags.approvalStatus === "412" ? 412 : 403, codeIn: flags.approvalCodeIn, lapseMs: flags.approvalLapse };
}

function log(emulator: Emulator): void {
  emulator.on("answered", (request) => console.log(printable(`${request.method} ${request.path} ${request.status ?? ""}`)));
  emulator.on("unanswered", (request) => console.log(printable(`${request.method} ${request.path} (no answer)`)));
}

function milliseconds(flag: string, text: string, fallback: number): Option {
  return new Option(flag, text).default(fallback).argParser(wholeNumber(0, Number.MAX_SAFE_INTEGER));
}

function count(flag: string, text: string, fallback: number): Option {
  return new Option(flag, text).default(fallback).argParser(wholeNumber(1, Number.MAX_SAFE_INTEGER));
}

function helpText(): string {
  const fleet = DEFAULT_FLEET.map(
    (device) => `  ${asText(device.serialNumber).padEnd(14)} ${asText(device.deviceName).padEnd(29)} ${describeDevice(device)}`,
  );
  return `
Without --devices there are these ${fleet.length} devices:
${fleet.join("\n")}

A device file is a list of devices (also under "value" or "devices"). Each has a serialNumber or an id; what else is left out gets a
plausible value, and supervised Apple devices get a bypass code. The key x-emulator says what only the emulator knows:
  checkInDelayMs, activationLock, results: {wipe: failed|notSupported|canceled|never}, resultNames, pendingActions: [wipe],
  passcodePolicy, passcode, unlockPin, detectedApps: [{id, displayName}], deviceRunStates: [{script, runState}], approval: approve|reject|lapse, faults

A fault says which calls it strikes and what then happens:
  { device: SERIAL, call: wipe|…|list|read|readCode|action|batch|approvals|audit|any, batched: true|false, nth: 1|[1,3], effect: EFFECT }
  EFFECT: {kind: status, status: 503, body?, retryAfter?: 2|date, applied?}   {kind: reset|hang, applied?}   {kind: slow, delayMs}
          {kind: cut}   {kind: body, body}   {kind: omitItems, count}   {kind: result, state: failed|notSupported|canceled|never}
          {kind: code, code: "null"|rotated}   {kind: gone}
  body:   graph, intune, odataV3, oauth, message, emptyObject, empty, html, malformed

While it runs (loopback only, no token):
${ADMIN_HELP.replaceAll(/^/gm, "  ")}

Example:
  dlr emulator --port 8787 --devices devices.json --check-in-delay 500 --log`;
}

function describeDevice(device: EmulatedDevice): string {
  const notes = [
    device.operatingSystem,
    device.isSupervised === true ? "supervised" : null,
    device.managedDeviceOwnerType,
    device.activationLockBypassCode === null ? "code is null" : null,
    device["x-emulator"]?.passcodePolicy === false ? "no passcode policy" : null,
  ];
  return notes.map(asText).filter(Boolean).join(", ");
}

function asText(value: unknown): string {
  return typeof value === "string" ? value : "";
}

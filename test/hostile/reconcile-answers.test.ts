import { afterAll, beforeAll, expect, jest, test } from "@jest/globals";
import fc from "fast-check";
import { ProductError } from "../../providers/domain/errors.ts";
import { isObject, parseJson } from "../../providers/domain/json.ts";
import { parseDevice } from "../../providers/graph/devices/parse-device.ts";
import { DEVICE_ID, graphAt, managedDevice } from "../graph/graph-fixture.ts";
import { World } from "../support/fakes.ts";
import { jobOf, lifecycleRequest, UNLOCK_AND_WIPE } from "../support/fakes-requests.ts";
import { hostileText, SEED } from "../support/hostile-text.ts";
import { type ReceivedRequest, type ScriptedAnswer, type ScriptedServer, startScriptedServer } from "../support/scripted-server.ts";
import { junk, spoilt } from "./contract-arbitrary.ts";

jest.setTimeout(120_000);

const PATH = `/v1.0/deviceManagement/managedDevices/${DEVICE_ID}`;
const { device: PLANNED } = parseDevice(managedDevice());
const JOB = jobOf(lifecycleRequest(UNLOCK_AND_WIPE, { device: { id: DEVICE_ID } }), PLANNED);
const CODES = ["4K7Q1-P9D0M-3TXYZ", "4K7Q1-P9D0M-CHANGED"];

let answer: (request: ReceivedRequest) => ScriptedAnswer;
let server: ScriptedServer;

beforeAll(async () => {
  server = await startScriptedServer((request) => answer(request));
});

afterAll(() => server.close());

/**
 * What Graph says, one after the other and over again, to reads of the device, of its code, and to
 * actions.
 */
interface Script {
  readonly devices: readonly ScriptedAnswer[];
  readonly codes: readonly ScriptedAnswer[];
  readonly actions: readonly ScriptedAnswer[];
}

const wrong: fc.Arbitrary<ScriptedAnswer> = fc.oneof(
  fc.record({ status: fc.constantFrom(400, 401, 403, 404, 409, 429, 500, 503), body: fc.oneof(hostileText, junk) }),
  fc.record({ status: fc.constant(200), body: fc.oneof(hostileText, junk) }),
  fc.constant("reset" as const),
);

const ok = (body: unknown): ScriptedAnswer => ({ status: 200, body });

const device = fc.oneof(
  { weight: 8, arbitrary: fc.constant(ok(managedDevice())) },
  {
    weight: 2,
    arbitrary: spoilt(fc.constant(managedDevice()), ["id", "enrolledDateTime", "isSupervised", "deviceActionResults", "osVersion"]).map(ok),
  },
  fc
    .constantFrom("wipe", "bypassActivationLock", "constructor")
    .chain((actionName) => fc.constantFrom("done", "failed", "pending", "__proto__").map((actionState) => ({ actionName, actionState })))
    .map((result) => ok(managedDevice({ deviceActionResults: [{ ...result, startDateTime: "2026-11-20T12:00:00Z" }] }))),
  fc.constantFrom(
    ok(managedDevice({ id: "a1b2c3d4-0000-4000-8000-00000000000f" })),
    ok(managedDevice({ enrolledDateTime: "2026-03-01T09:30:00Z" })),
    { status: 404 },
  ),
  wrong,
);

const code = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...CODES).map((text) => ok({ id: DEVICE_ID, activationLockBypassCode: text })) },
  fc.constantFrom(
    ok({ id: DEVICE_ID, activationLockBypassCode: null }),
    ok({ id: DEVICE_ID }),
    ok({ id: "a1b2", activationLockBypassCode: "x" }),
  ),
  spoilt(fc.constant({ id: DEVICE_ID, activationLockBypassCode: CODES[0] ?? "" }), ["id", "activationLockBypassCode"]).map(ok),
  wrong,
);

const APPROVAL = "0f0e0d0c-1111-4222-8333-444444444444";
const action = fc.oneof(
  { weight: 4, arbitrary: fc.constant<ScriptedAnswer>({ status: 204 }) },
  fc.constantFrom<ScriptedAnswer>({ status: 403, headers: { "x-msft-approval-code": APPROVAL } }, { status: 429 }),
  wrong,
);

const script: fc.Arbitrary<Script> = fc.record({
  devices: fc.array(device, { minLength: 1, maxLength: 8 }),
  codes: fc.array(code, { minLength: 1, maxLength: 4 }),
  actions: fc.array(action, { minLength: 1, maxLength: 4 }),
});

/** One wipe as the server got it, and what had been said and kept until then. */
interface Wipe {
  readonly target: string;
  readonly device: ScriptedAnswer | undefined;
  readonly code: ScriptedAnswer | undefined;
  readonly escrowed: readonly string[];
  readonly answer: ScriptedAnswer;
}

/** Plays the script against two runs of one request, and gives back the wipes. */
async function play({ devices, codes, actions }: Script): Promise<readonly Wipe[]> {
  const world = new World(null);
  const wipes: Wipe[] = [];
  const counts = { devices: 0, codes: 0, actions: 0 };
  let lastDevice: ScriptedAnswer | undefined;
  let lastCode: ScriptedAnswer | undefined;
  answer = ({ method, target }) => {
    if (method === "POST") {
      const said = actions[counts.actions++ % actions.length] ?? "reset";
      const escrowed = world.journal.flatMap((entry) => (entry.kind === "escrow" ? [entry.value] : []));
      if (target.endsWith("/wipe")) wipes.push({ target, device: lastDevice, code: lastCode, escrowed, answer: said });
      return said;
    }
    if (!target.startsWith(`${PATH}?`)) return ok({ value: [] });
    return read(target) ?? "reset";
  };
  const nextDevice = () => devices[counts.devices++ % devices.length];
  const nextCode = () => codes[counts.codes++ % codes.length];
  const read = (target: string) => {
    const isCode = target.includes("activationLockBypassCode");
    if (!isCode) lastDevice = nextDevice();
    else lastCode = target.includes("serialNumber") ? both(nextDevice(), nextCode()) : nextCode();
    if (target.includes("serialNumber") && isCode) lastDevice = lastCode;
    return isCode ? lastCode : lastDevice;
  };
  const { directory, actions: port } = graphAt(server.url, { clock: world.clock, limits: { attempts: 2 } });
  world.ports = { ...world.ports, directory, actions: port };
  for (let run = 0; run < 2; run++) {
    await world.run(JOB, { waitMs: 2_000, graceMs: 1_000 }).catch((error: unknown) => expect(error).toBeInstanceOf(ProductError));
  }
  return wipes;
}

/** What one GET for the device and its code is answered. */
function both(device: ScriptedAnswer | undefined, code: ScriptedAnswer | undefined): ScriptedAnswer | undefined {
  const [whole, secret] = [bodyOf(device), bodyOf(code)];
  if (!isObject(whole)) return device;
  if (!isObject(secret) || !("activationLockBypassCode" in secret)) return code;
  return ok({ ...whole, activationLockBypassCode: secret.activationLockBypassCode });
}

function bodyOf(said: ScriptedAnswer | undefined): unknown {
  if (typeof said !== "object" || said.status !== 200) return undefined;
  return typeof said.body === "string" ? parseJson(said.body) : said.body;
}

const isTheDevice = (body: unknown) => isObject(body) && String(body.id).toLowerCase() === DEVICE_ID;

/** What is wrong with a wipe by what the server itself had said. */
function complaints(wipe: Wipe, earlier: Wipe | undefined): readonly string[] {
  const found: string[] = [];
  const [seen, read] = [bodyOf(wipe.device), bodyOf(wipe.code)];
  if (wipe.target !== `${PATH}/wipe`) found.push(`sent to ${wipe.target}`);
  if (!isTheDevice(seen)) found.push("the last read of the device did not give it");
  if (isObject(seen) && Date.parse(String(seen.enrolledDateTime)) !== Date.parse(PLANNED.enrolledDateTime ?? ""))
    found.push("another enrolment");
  if (!isTheDevice(read)) found.push("the last read of the code did not give it");
  const last = isObject(read) ? (read.activationLockBypassCode ?? null) : undefined;
  if (typeof last === "string" && last.trim() !== "" && !wipe.escrowed.includes(last)) found.push("the code is not in escrow");
  if (wipe.escrowed.length === 0) found.push("nothing is in escrow");
  if (earlier !== undefined && !mayBeSentAgain(earlier.answer)) found.push("sent again");
  return found;
}

/** Graph did not take it, and said so. */
function mayBeSentAgain(said: ScriptedAnswer): boolean {
  return typeof said === "object" && (said.status === 429 || said.status === 401 || said.headers?.["x-msft-approval-code"] !== undefined);
}

test("whatever Graph answers, a wipe goes to the planned device in its enrolment, after its code is in escrow, and once", async () => {
  let wiped = 0;
  await fc.assert(
    fc.asyncProperty(script, async (given) => {
      const wipes = await play(given);

      expect(wipes.flatMap((wipe, index) => complaints(wipe, wipes[index - 1]))).toEqual([]);
      wiped += wipes.length;
    }),
    { numRuns: 250, seed: SEED },
  );
  expect(wiped).toBeGreaterThan(20);
});

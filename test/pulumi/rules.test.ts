import { describe, expect, test } from "@jest/globals";
import type { Diagnostic } from "../../providers/domain/diagnostic.ts";
import { deviceFacts, type ManagedDevice } from "../../providers/domain/managed-device.ts";
import type { LifecycleRequest } from "../../providers/domain/request.ts";
import { editionOf } from "../../providers/pulumi/edition.ts";
import { ANDROID, IPAD, UNSUPERVISED_IPAD } from "../support/fakes-devices.ts";
import { adopted, begun, escrowed, finished, intent, outcome, result } from "../support/fakes-records.ts";
import { jobOf } from "../support/fakes-requests.ts";
import { AT_SOURCE, at, type Folder, refusalsOf, request } from "../support/fakes-resolved.ts";

const WIPE = request(["escrowBypassCode", "wipe"]);

interface Row extends Folder {
  readonly name: string;
  /** `file:line:column code`, in the order of the files. */
  readonly refusals: readonly string[];
}

const place = ({ location, code }: Diagnostic) => `${location.file}:${location.line}:${location.column} ${code}`;

const bySerial = { serialNumber: IPAD.serialNumber ?? "" };
const twin: ManagedDevice = { ...IPAD, id: "00000000-0000-4000-8000-0000000000aa" };
const CHROMEBOOK: ManagedDevice = { ...ANDROID, operatingSystem: "ChromeOS" };
const older = intent(1, { key: "older#1", at: "2025-01-01T00:00:00.000Z" });
const begunWipe = begun(jobOf(WIPE).plan);
const ended = (word: "failed" | "succeeded", of = WIPE) => outcome(word, { edition: editionOf(of), device: deviceFacts(IPAD) });

const MATCHES: readonly Row[] = [
  { name: "exactly one device", requests: [request(["syncDevice"], { device: bySerial })], refusals: [] },
  {
    name: "no device",
    requests: [request(["syncDevice"], { device: { serialNumber: "NONE-SUCH" } })],
    refusals: [`${at("device")} DLR301`],
  },
  {
    name: "several devices",
    requests: [request(["syncDevice"], { device: bySerial })],
    devices: [IPAD, twin],
    refusals: [`${at("device")} DLR302`],
  },
  {
    name: "no device, at the request where no key has a place",
    requests: [request(["syncDevice"], { device: { id: "gone" }, places: {} })],
    refusals: [`${AT_SOURCE} DLR301`],
  },
];

const DEVICES: readonly Row[] = [
  {
    name: "a step that the platform does not have, in own steps",
    requests: [request(["bypassActivationLock"], { device: { id: ANDROID.id } })],
    devices: [ANDROID],
    refusals: [`${at("steps")} DLR303`],
  },
  {
    name: "an action that the cloud does not have",
    requests: [request(["disable"], { device: { id: CHROMEBOOK.id } })],
    devices: [CHROMEBOOK],
    settings: { cloud: "usGovernment" },
    refusals: [`${at("steps")} DLR310`],
  },
  {
    name: "the same action where the cloud has it",
    requests: [request(["disable"], { device: { id: CHROMEBOOK.id } })],
    devices: [CHROMEBOOK],
    settings: { cloud: "global" },
    refusals: [],
  },
  {
    name: "a step that the platform does not have, in a playbook",
    requests: [request(["bypassActivationLock"], { device: { id: ANDROID.id }, playbook: "unlock" })],
    devices: [ANDROID],
    refusals: [`${at("playbook")} DLR303`],
  },
  {
    name: "a step that needs supervision",
    requests: [request(["bypassActivationLock"], { device: { id: UNSUPERVISED_IPAD.id } })],
    devices: [UNSUPERVISED_IPAD],
    refusals: [`${at("steps")} DLR305`],
  },
  { name: "a wipe before escrow", requests: [request(["wipe"])], refusals: [`${at("steps")} DLR306`] },
  {
    name: "a personal device",
    requests: [WIPE],
    devices: [{ ...IPAD, managedDeviceOwnerType: "personal" }],
    refusals: [`${at("acknowledge")} DLR307`],
  },
  {
    name: "a protected user, whatever the case",
    requests: [WIPE],
    settings: { protected: ["nobody", "J.DOE@*"] },
    refusals: [`${at("device")} DLR405`],
  },
  { name: "a protected device name", requests: [WIPE], settings: { protected: ["Leeds iPad ????"] }, refusals: [`${at("device")} DLR405`] },
  { name: "a protected category", requests: [WIPE], settings: { protected: ["field"] }, refusals: [`${at("device")} DLR405`] },
  { name: "a protected user, and nothing destructive", requests: [request(["syncDevice"])], settings: { protected: ["*"] }, refusals: [] },
  {
    name: "a device protected since the request was begun, before its wipe",
    requests: [WIPE],
    records: [begunWipe, escrowed(0), finished(0)],
    settings: { protected: ["field"] },
    refusals: [`${at("device")} DLR405`],
  },
  {
    name: "a device protected while its wipe waits for approval",
    requests: [WIPE],
    records: [begunWipe, intent(1), result(1, "approvalRequired")],
    settings: { protected: ["field"] },
    refusals: [`${at("device")} DLR405`],
  },
  {
    name: "a device protected since its wipe was sent: what is sent cannot be recalled",
    requests: [WIPE],
    records: [begunWipe, escrowed(0), finished(0), intent(1)],
    settings: { protected: ["field"] },
    refusals: [],
  },
  {
    name: "a protected device that is wiped already",
    requests: [WIPE],
    records: [begunWipe, ended("succeeded")],
    settings: { protected: ["*"] },
    refusals: [],
  },
];

const FROZEN: readonly Row[] = [
  { name: "a begun request as it was", requests: [WIPE], records: [begunWipe], refusals: [] },
  {
    name: "a begun request in other words",
    requests: [{ ...WIPE, reason: "Reworded", ticket: "INC-2", expires: "2027-12-31", acknowledge: [...WIPE.acknowledge, "noBypassCode"] }],
    records: [begunWipe],
    refusals: [],
  },
  {
    name: "a begun request that names its device in another way",
    requests: [{ ...WIPE, device: { serialNumber: "dmpxk2 abcdef" } }],
    records: [begunWipe],
    refusals: [],
  },
  {
    name: "other steps",
    requests: [request(["escrowBypassCode", "retire"])],
    records: [begunWipe],
    refusals: [`${at("generation")} DLR401`],
  },
  { name: "another parameter", requests: [withParameter(WIPE)], records: [begunWipe], refusals: [`${at("generation")} DLR401`] },
  { name: "another playbook", requests: [{ ...WIPE, playbook: "mine" }], records: [begunWipe], refusals: [`${at("generation")} DLR401`] },
  {
    name: "another path",
    requests: [{ ...WIPE, device: { id: IPAD.id, user: "j.doe" } }],
    records: [begunWipe],
    refusals: [`${at("generation")} DLR401`],
  },
  { name: "another id", requests: [{ ...WIPE, device: { id: twin.id } }], records: [begunWipe], refusals: [`${at("generation")} DLR401`] },
  {
    name: "another serial number",
    requests: [{ ...WIPE, device: { serialNumber: "OTHER" } }],
    records: [begunWipe],
    refusals: [`${at("generation")} DLR401`],
  },
  {
    name: "a serial number where the device had none",
    requests: [{ ...WIPE, device: { serialNumber: "OTHER" } }],
    records: [begun(jobOf(WIPE, { ...IPAD, serialNumber: null }).plan)],
    refusals: [`${at("generation")} DLR401`],
  },
  {
    name: "another device name than that of the device when it was begun",
    requests: [request(["syncDevice"], { device: { deviceName: "Boardroom iPad" } })],
    records: [begun(jobOf(request(["syncDevice"])).plan)],
    refusals: [`${at("generation")} DLR401`],
  },
  {
    name: "the name that the device had when it was begun, though it has another now",
    requests: [request(["syncDevice"], { device: { deviceName: "leeds ipad 0042" } })],
    devices: [{ ...IPAD, deviceName: "Renamed" }],
    records: [begun(jobOf(request(["syncDevice"])).plan)],
    refusals: [],
  },
  {
    name: "other steps of a request that succeeded",
    requests: [request(["escrowBypassCode", "retire"])],
    records: [begunWipe, ended("succeeded")],
    refusals: [`${at("generation")} DLR401`],
  },
  {
    name: "other steps in the next generation",
    requests: [request(["syncDevice"], { generation: 2 })],
    records: [begunWipe, ended("succeeded")],
    refusals: [],
  },
];

const REPETITION: readonly Row[] = [
  { name: "another request destroyed data on the device", requests: [WIPE], records: [older], refusals: [`${at("repeats")} DLR402`] },
  {
    name: "and the request says so",
    requests: [{ ...WIPE, repeats: "older" }],
    records: [older, outcome("succeeded", { key: "older#1" })],
    refusals: [],
  },
  {
    name: "another request took over a wipe that was begun elsewhere",
    requests: [WIPE],
    records: [adopted(1, { key: "older#1" }), outcome("succeeded", { key: "older#1" })],
    refusals: [`${at("repeats")} DLR402`],
  },
  {
    name: "and the request says so, while the older one is in doubt",
    requests: [{ ...WIPE, repeats: "older" }],
    records: [older, outcome("ambiguous", { key: "older#1" })],
    refusals: [`${at("generation")} DLR406`],
  },
  {
    name: "and the request names another one",
    requests: [{ ...WIPE, repeats: "oldest" }],
    records: [older],
    refusals: [`${at("repeats")} DLR402`],
  },
  {
    name: "and the request names one before that",
    requests: [{ ...WIPE, repeats: "oldest" }],
    records: [intent(1, { key: "oldest#1", at: "2024-01-01T00:00:00.000Z" }), older],
    refusals: [`${at("repeats")} DLR402`],
  },
  { name: "nobody did, and the request says so", requests: [{ ...WIPE, repeats: "older" }], refusals: [`${at("repeats")} DLR403`] },
  { name: "nothing destructive is asked for", requests: [request(["syncDevice"])], records: [older], refusals: [] },
  {
    name: "an older generation of the same request did",
    requests: [{ ...WIPE, generation: 2 }],
    records: [intent(1), outcome("failed")],
    refusals: [],
  },
  {
    name: "an older generation of the same request was never ended",
    requests: [{ ...WIPE, generation: 2 }],
    records: [intent(1)],
    refusals: [`${at("generation")} DLR406`],
  },
];

const ONE_DEVICE: readonly Row[] = [
  {
    name: "two destructive requests, by id and by serial number",
    requests: [WIPE, { ...WIPE, name: "second", device: bySerial }],
    refusals: [`${at("device")} DLR205`],
  },
  {
    name: "two destructive requests for one device that Intune knows twice",
    requests: [WIPE, { ...WIPE, name: "second", device: { id: twin.id } }],
    devices: [IPAD, twin],
    refusals: [`${at("device")} DLR205`],
  },
  {
    name: "two devices with a vendor's filler for a serial number",
    requests: [WIPE, { ...WIPE, name: "second", device: { id: twin.id } }],
    devices: [
      { ...IPAD, serialNumber: "0" },
      { ...twin, serialNumber: "0" },
    ],
    refusals: [],
  },
  { name: "a destructive request and another", requests: [WIPE, request(["syncDevice"], { name: "second" })], refusals: [] },
  {
    name: "a destructive request after one that ended without destroying",
    requests: [WIPE, { ...WIPE, name: "second" }],
    records: [begunWipe, ended("failed")],
    refusals: [],
  },
];

/** The same list: the row had the serial number once, and has the id now. */
const byId = request(["resetPasscode"], { name: "summer/3f2a", device: { id: IPAD.id } });
const bySerialNow = request(["resetPasscode"], { name: "summer/DMPX", device: bySerial });
const passcodeSent = intent(0, { key: "summer/DMPX#1", action: "resetPasscode", destroysData: false });

const MEMBERS: readonly Row[] = [
  {
    name: "a step that was sent for the row of another form",
    requests: [byId],
    records: [passcodeSent],
    refusals: [`${at("device")} DLR409`],
  },
  {
    name: "the same, whatever became of it",
    requests: [byId],
    records: [passcodeSent, outcome("failed", { key: passcodeSent.key })],
    refusals: [`${at("device")} DLR409`],
  },
  {
    name: "one that was taken over then",
    requests: [byId],
    records: [adopted(0, { key: "summer/DMPX#1", action: "resetPasscode", destroysData: false })],
    refusals: [`${at("device")} DLR409`],
  },
  {
    name: "one that the list's name had for itself, before it was a list",
    requests: [byId],
    records: [{ ...passcodeSent, key: "summer#1" }],
    refusals: [`${at("device")} DLR409`],
  },
  { name: "the row as it was", requests: [bySerialNow], records: [passcodeSent], refusals: [] },
  { name: "the next generation, on purpose", requests: [{ ...byId, generation: 2 }], records: [passcodeSent], refusals: [] },
  { name: "another list", requests: [{ ...byId, name: "winter/3f2a" }], records: [passcodeSent], refusals: [] },
  {
    name: "another device of the list",
    requests: [byId],
    records: [{ ...passcodeSent, device: { ...passcodeSent.device, id: twin.id } }],
    refusals: [],
  },
  { name: "another step", requests: [request(["rebootNow"], { name: byId.name })], records: [passcodeSent], refusals: [] },
  {
    name: "a step that is safe to repeat",
    requests: [request(["syncDevice"], { name: byId.name })],
    records: [{ ...passcodeSent, action: "syncDevice" }],
    refusals: [],
  },
  { name: "two rows for one device", requests: [bySerialNow, byId], refusals: [`${at("device")} DLR409`] },
  {
    name: "two rows for one device, of what is safe to repeat",
    requests: [bySerialNow, byId].map((one) => request(["syncDevice"], { name: one.name, device: one.device })),
    refusals: [],
  },
  {
    name: "two rows that would wipe one device, told once",
    requests: [
      { ...WIPE, name: bySerialNow.name, device: bySerial },
      { ...WIPE, name: byId.name },
    ],
    refusals: [`${at("device")} DLR205`],
  },
  {
    name: "a wipe after a lock, of a list that says it repeats itself",
    requests: [request(["remoteLock", "escrowBypassCode", "wipe"], { name: byId.name, repeats: "summer" })],
    records: [
      { ...passcodeSent, action: "remoteLock" },
      intent(2, { key: passcodeSent.key }),
      outcome("succeeded", { key: passcodeSent.key }),
    ],
    refusals: [],
  },
];

describe.each([
  ["members of a list", MEMBERS],
  ["the match of a request", MATCHES],
  ["the device of a request", DEVICES],
  ["a frozen plan", FROZEN],
  ["repetition", REPETITION],
  ["requests for one device", ONE_DEVICE],
])("%s", (_, rows) => {
  test.each(rows)("$name: $refusals", async ({ refusals, ...row }) => {
    expect((await refusalsOf(row)).map(place)).toEqual(refusals);
  });
});

function withParameter(of: LifecycleRequest): LifecycleRequest {
  return { ...of, steps: of.steps.map((step) => (step.action === "wipe" ? { ...step, parameters: { persistEsimDataPlan: true } } : step)) };
}

describe("what a refusal says", () => {
  test("several devices are listed, at most ten, and the first id is what to write", async () => {
    const many = Array.from({ length: 12 }, (_, index) => ({ ...IPAD, id: `id-${index}`, deviceName: `iPad ${index}` }));

    const [refusal] = await refusalsOf({ requests: [request(["syncDevice"], { device: bySerial })], devices: many });

    expect(refusal?.message).toContain("12 devices have serialNumber DMPXK2ABCDEF: iPad 0");
    expect(refusal?.message).toContain("iPad 9");
    expect(refusal?.message).not.toContain("iPad 10");
    expect(refusal?.message).toContain("and 2 more");
    expect(refusal?.hint).toContain("{ id: id-0 }");
  });

  test("a frozen plan shows the difference and the next generation", async () => {
    const [refusal] = await refusalsOf({ requests: [request(["escrowBypassCode", "retire"])], records: [begunWipe] });

    expect(refusal?.message).toContain("steps: [escrowBypassCode, wipe] → [escrowBypassCode, retire]");
    expect(refusal?.hint).toContain("generation: 2");
  });

  test("a repetition names the older request, its action and its time, and what to write", async () => {
    const [refusal] = await refusalsOf({ requests: [WIPE], records: [older] });

    expect(refusal).toMatchObject({
      message: expect.stringContaining("request older already destroyed data"),
      hint: expect.stringContaining("repeats: older"),
    });
    expect(refusal?.message).toContain("wipe, 2025-01-01");
  });

  test("a member that was done under another name names the old one, and what to write for each purpose", async () => {
    const [refusal] = await refusalsOf({ requests: [byId], records: [passcodeSent] });

    expect(refusal).toMatchObject({
      message: expect.stringMatching(
        /^resetPasscode was already sent to .*DMPXK2ABCDEF.* for summer\/DMPX, another member of the list summer/,
      ),
      hint: "nothing was sent; write the row so that it is summer/DMPX again, or generation: 2 to repeat the list on purpose",
    });
  });

  test("a protected device names the word that protects it", async () => {
    const [refusal] = await refusalsOf({ requests: [WIPE], settings: { protected: ["Leeds*"] } });

    expect(refusal?.message).toContain('"Leeds*"');
    expect(refusal?.hint).toContain("device-lifecycle:protected");
  });
});

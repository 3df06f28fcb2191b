import { describe, expect, test } from "@jest/globals";
import { GraphReadError, NotVisibleError, SignInError } from "../../providers/domain/errors.ts";
import { deviceFacts } from "../../providers/domain/managed-device.ts";
import { editionOf } from "../../providers/pulumi/edition.ts";
import { renderCard } from "../../providers/pulumi/program/card.ts";
import { previewActs } from "../../providers/pulumi/program/preview-acts.ts";
import { World } from "../support/fakes.ts";
import { ANDROID, IPAD } from "../support/fakes-devices.ts";
import { settings } from "../support/fakes-pulumi.ts";
import { AT, begun, finished, outcome, repeated } from "../support/fakes-records.ts";
import { jobOf } from "../support/fakes-requests.ts";
import { request, resolvedOf } from "../support/fakes-resolved.ts";
import { factsOf } from "../support/ledger-contents.ts";

const WIPE = request(["escrowBypassCode", "wipe"]);
const begunWipe = begun(jobOf(WIPE).plan);
const succeeded = outcome("succeeded", { edition: editionOf(WIPE) });

describe("requests with their devices", () => {
  test("of a new request finds its device and compiles its plan", async () => {
    const { requests, refusals } = await resolvedOf({ requests: [WIPE] });

    expect(refusals).toEqual([]);
    expect(requests).toMatchObject([{ plan: jobOf(WIPE).plan, device: { id: IPAD.id }, isEnded: false }]);
    expect(requests[0]?.history.lastOutcome).toBeNull();
  });

  test("of a request with two matches refuses it and plans neither of them", async () => {
    const bySerial = request(["syncDevice"], { device: { serialNumber: IPAD.serialNumber ?? "" } });
    const twin = { ...IPAD, id: "00000000-0000-4000-8000-0000000000aa" };

    const { requests, refusals } = await resolvedOf({ requests: [bySerial], devices: [IPAD, twin] });

    expect(requests).toEqual([]);
    expect(refusals).toMatchObject([{ code: "DLR302" }]);
  });

  test("of a device that may be hidden refuses a new request, with no word about spelling", async () => {
    const world = new World();
    const hidden = new NotVisibleError("404: a tag of the current role", { status: 404, hint: "look at the scope tags" });
    const resolveEach = async () => [hidden, [IPAD]];
    Object.assign(world.graph, { resolveEach });

    const { requests, refusals } = await resolvedOf({ requests: [WIPE, request(["syncDevice"], { name: "other" })] }, world);

    expect(requests).toMatchObject([{ request: { name: "other" } }]);
    expect(refusals).toMatchObject([
      {
        code: "DLR311",
        message: `the device with id ${IPAD.id} cannot be read: 404: a tag of the current role`,
        hint: "look at the scope tags",
      },
    ]);
  });

  test("of an id that Graph does not know says nothing of spelling, and of a serial number that it has to be right", async () => {
    const unknown = [request(["syncDevice"]), request(["syncDevice"], { name: "b", device: { serialNumber: "TYPO" } })];

    const { refusals } = await resolvedOf({ requests: unknown, devices: [] });

    expect(refusals.map(({ hint }) => hint)).toEqual([
      "see that the id is Intune's and not one of Entra's, that the device is still enrolled, and that this identity may see it (scope tags of its role)",
      "check the spelling, and that the device is still enrolled",
    ]);
  });

  test("of a begun request whose device is hidden holds that request, and not the run", async () => {
    const world = new World();
    const hidden = new NotVisibleError("404: a tag of the current role", { status: 404 });
    world.graph.observe = () => Promise.reject(hidden);

    const { requests, refusals } = await resolvedOf({ requests: [WIPE], records: [begunWipe] }, world);

    expect(refusals).toEqual([]);
    expect(requests).toMatchObject([{ device: undefined, unreadable: hidden }]);
  });

  test("of a begun request that cannot be read for another reason ends the run", async () => {
    const world = new World();
    world.graph.observe = () => Promise.reject(new GraphReadError("503"));

    await expect(resolvedOf({ requests: [WIPE], records: [begunWipe] }, world)).rejects.toThrow("503");
  });

  test("of a finished request asks Graph for nothing, and needs no device", async () => {
    const world = new World(null);

    const { requests } = await resolvedOf({ requests: [WIPE], devices: [], records: [begunWipe, succeeded] }, world);

    expect(world.graph.reads).toBe(0);
    expect(requests).toMatchObject([{ plan: begunWipe.plan, isEnded: true, history: { lastOutcome: { outcome: "succeeded" } } }]);
    expect(requests[0]?.device).toBeUndefined();
  });

  test("of a request that failed before it began plans for the device of then", async () => {
    const failed = outcome("failed", { edition: editionOf(WIPE), device: deviceFacts(IPAD) });

    const { requests } = await resolvedOf({ requests: [WIPE], devices: [], records: [failed] });

    expect(requests).toMatchObject([{ plan: jobOf(WIPE).plan, isEnded: true }]);
  });

  test("of an edited request that failed looks for its device anew", async () => {
    const failed = outcome("failed", { edition: editionOf(WIPE) });
    const edited = { ...WIPE, device: { id: ANDROID.id } };

    const { requests } = await resolvedOf({ requests: [edited], devices: [ANDROID], records: [failed] });

    expect(requests).toMatchObject([{ plan: { device: { id: ANDROID.id } }, isEnded: false }]);
  });

  test("of a begun request looks at the device of its plan, whatever else bears its serial number", async () => {
    const bySerial = request(["escrowBypassCode", "wipe"], { device: { serialNumber: IPAD.serialNumber ?? "" } });
    const twin = { ...IPAD, id: "00000000-0000-4000-8000-0000000000aa" };

    const { requests, refusals } = await resolvedOf({
      requests: [bySerial],
      devices: [twin, IPAD],
      records: [begun(jobOf(bySerial).plan)],
    });

    expect(refusals).toEqual([]);
    expect(requests).toMatchObject([{ device: { id: IPAD.id }, plan: { device: { id: IPAD.id } } }]);
  });

  test("of a begun request whose device left is no refusal: the engine tells how it stands", async () => {
    const { requests, refusals } = await resolvedOf({ requests: [WIPE], devices: [], records: [begunWipe, finished(0)] });

    expect(refusals).toEqual([]);
    expect(requests).toMatchObject([{ device: null, isEnded: false }]);
  });

  test("of a request that is done anew takes it for unfinished", async () => {
    const escrow = request(["escrowBypassCode"]);
    const records = [begun(jobOf(escrow).plan), outcome("succeeded", { edition: editionOf(escrow) }), repeated()];

    expect((await resolvedOf({ requests: [escrow], records })).requests).toMatchObject([{ isEnded: false, device: { id: IPAD.id } }]);
  });

  test("leaves out the requests of other shards, and what was not found", async () => {
    const requests = Array.from({ length: 30 }, (_, index) => request(["syncDevice"], { name: `sync-${index}` }));
    const lost = request(["syncDevice"], { name: "lost", device: { id: "gone" } });

    const shards = await Promise.all(
      [1, 2, 3].map((index) => resolvedOf({ requests: [...requests, lost], settings: { shard: { index, of: 3 } } })),
    );

    const names = shards.flatMap((shard) => shard.requests.map((entry) => entry.request.name));
    expect(names.sort()).toEqual(requests.map(({ name }) => name).sort());
    expect(shards.map(({ refusals }) => refusals.map(({ code }) => code))).toEqual([["DLR301"], ["DLR301"], ["DLR301"]]);
  });

  test("tells refusals in the order of the files, requests in theirs", async () => {
    const second = request(["wipe"], { name: "second", source: { file: "devices/requests/b.yaml", line: 1, column: 1 }, places: {} });
    const first = request(["wipe"], { name: "first", device: { id: "gone" } });

    const { requests, refusals } = await resolvedOf({ requests: [second, first] });

    expect(refusals.map(({ location, code }) => `${location.file} ${code}`)).toEqual([
      "devices/requests/a.yaml DLR301",
      "devices/requests/b.yaml DLR306",
    ]);
    expect(requests.map((entry) => entry.request.name)).toEqual(["second"]);
  });
});

describe("a device that Graph does not show", () => {
  const forbidden = new GraphReadError("Graph did not give the device: 403 (not allowed)", { status: 403, hint: "grant it" });
  const away = new GraphReadError("Graph did not answer");
  const phone = request(["rebootNow"], { name: "phone", device: { id: ANDROID.id } });
  const begunPhone = begun(jobOf(phone, ANDROID).plan, { key: "phone#1" });

  const worldOf = (unreadable: Readonly<Record<string, GraphReadError>>) => {
    const world = new World(null);
    for (const [id, error] of Object.entries(unreadable)) world.graph.unreadable.set(id, error);
    return world;
  };

  test("is told at its request, beside what is wrong with others, and hides none of it", async () => {
    const nobody = request(["syncDevice"], { name: "nobody", device: { id: "gone" } });
    const folder = { requests: [phone, WIPE, nobody], devices: [ANDROID, IPAD] };

    const { requests, refusals } = await resolvedOf(folder, worldOf({ [ANDROID.id]: forbidden }));

    expect(refusals).toMatchObject([
      { code: "DLR301" },
      {
        code: "DLR311",
        message: `the device with id ${ANDROID.id} cannot be read: Graph did not give the device: 403 (not allowed)`,
        hint: "grant it",
        location: { line: 11 },
      },
    ]);
    expect(requests.map(({ request: { name } }) => name)).toEqual([WIPE.name]);
  });

  test("alone is told at its request too, where the trouble is the device's", async () => {
    const { refusals } = await resolvedOf({ requests: [phone], devices: [ANDROID] }, worldOf({ [ANDROID.id]: forbidden }));

    expect(refusals.map(({ code }) => code)).toEqual(["DLR311"]);
  });

  test("of a begun request refuses nothing: it is not gone, nor stops the others", async () => {
    const world = worldOf({ [ANDROID.id]: forbidden });

    const { requests, refusals } = await resolvedOf({ requests: [phone, WIPE], devices: [ANDROID, IPAD], records: [begunPhone] }, world);

    expect(refusals).toEqual([]);
    expect(requests).toMatchObject([
      { request: { name: "phone" }, unreadable: forbidden },
      { request: { name: WIPE.name }, device: { id: IPAD.id }, unreadable: null },
    ]);
    expect(requests[0]?.device).toBeUndefined();
  });

  test.each([
    ["Graph is away", away, [phone]],
    ["the same is refused for all of several", forbidden, [phone, { ...WIPE, device: { id: IPAD.id } }]],
  ])("is one error for all where %s", async (_, error, requests) => {
    const world = worldOf({ [ANDROID.id]: error, [IPAD.id]: error });

    await expect(resolvedOf({ requests, devices: [ANDROID, IPAD] }, world)).rejects.toBe(error);
    await expect(resolvedOf({ requests, devices: [ANDROID, IPAD], records: [begunPhone] }, world)).rejects.toBe(error);
  });

  test("for want of a token is thrown", async () => {
    const world = new World(null);
    world.graph.observe = async () => {
      throw new SignInError("no token");
    };

    await expect(resolvedOf({ requests: [phone, WIPE], devices: [ANDROID, IPAD], records: [begunPhone] }, world)).rejects.toThrow(
      SignInError,
    );
  });

  test("holds its request in the preview, which does not take it for gone", async () => {
    const world = worldOf({ [ANDROID.id]: forbidden });
    const { requests } = await resolvedOf({ requests: [phone, WIPE], devices: [ANDROID, IPAD], records: [begunPhone] }, world);

    const acts = await previewActs(
      requests,
      { ...world.ports, canResendSecrets: true },
      {
        settings: settings(),
        ledgerFacts: factsOf(begunPhone),
        hold: null,
        unreviewed: () => null,
        now: Date.parse(AT),
      },
    );

    const [entry] = requests;
    const act = acts.get("phone");
    expect(act).toMatchObject({ kind: "ends", verdict: { outcome: "pending", reason: "GraphNotReadable" } });
    expect(act?.text).toMatch(/^held: Graph did not give the device: 403/);
    expect(acts.get(WIPE.name)?.kind).toBe("acts");
    expect(entry && act && renderCard(entry, act, [])).toContain(`device   ${ANDROID.serialNumber}, which Graph does not show now`);
  });
});

import { describe, expect, jest, test } from "@jest/globals";
import { Redacted } from "../../providers/domain/redacted.ts";
import { SECRETS, type Secret, type SecretKind } from "../../providers/domain/secrets.ts";

/** Two rows more: what a device shows after an action, and what we send along with another. */
const SHOWN = {
  title: "Recovery words",
  word: "recovery words",
  use: "say them to whoever asks",
  origin: { kind: "result", action: "rotateFileVaultKey", on: ["macOS"], shownDays: 3, source: "https://learn.microsoft.com/made-up" },
  looks: "RW-[0-9]{6}",
  hasFingerprint: false,
} satisfies Secret;
const SENT = {
  ...SHOWN,
  title: "Eraser's word",
  origin: { kind: "sent", action: "resetPasscode", on: ["Android"], source: "https://learn.microsoft.com/made-up" },
  looks: null,
} satisfies Secret;
const VALUE = "RW-480213";

jest.unstable_mockModule("../../providers/domain/secrets.ts", () => ({ SECRETS: { ...SECRETS, recoveryWords: SHOWN, eraseWord: SENT } }));

const { withoutLikelySecrets } = await import("../../providers/domain/likely-secrets.ts");
const { hideSecrets } = await import("../../providers/support/hide-secrets.ts");
const { SourceFile } = await import("../../providers/request/files/source-file.ts");
const { parseDevice } = await import("../../providers/graph/devices/parse-device.ts");
const { escrowsSecret, findRemoteAction } = await import("../../providers/domain/actions/action-table.ts");
const { carriesGeneratedPin } = await import("../../providers/domain/actions/generated-pin.ts");
const { LEFT_OUT } = await import("../../providers/domain/actions/left-out-actions.ts");
const { renderEntry } = await import("../../cli/reveal/render-entry.ts");
const { renderActionsPage } = await import("../../cli/support/actions-page.ts");
const { World } = await import("../support/fakes.ts");
const { ANDROID, IPAD, MAC } = await import("../support/fakes-devices.ts");
const { jobOf, lifecycleRequest } = await import("../support/fakes-requests.ts");

describe("a secret that is one row more in the table", () => {
  test.each(["recoveryWords", "eraseWord"])("%s is hidden by its name, in any text", (name) => {
    for (const text of [`{"${name}":"word-4711"}`, `${name}=word-4711&x=1`, `${name}: word-4711`]) {
      expect(withoutLikelySecrets(text)).not.toContain("4711");
      expect(hideSecrets(text, {})).not.toContain("4711");
    }
  });

  test("is hidden by its looks where its name does not stand", () => {
    expect(withoutLikelySecrets(`the words are ${VALUE}.`)).toBe("the words are <redacted>.");
  });

  test("is hidden in the line that a mistake shows", () => {
    expect(new SourceFile("a.yaml", "recoveryWords: one two, three").lineText(1)).toBe("recoveryWords: **************");
  });

  test("is read from the result of an action", () => {
    const result = { actionName: "rotateFileVaultKey", actionState: "done", recoveryWords: VALUE };

    const { device } = parseDevice({ id: "a1b2c3d4-0000-4000-8000-000000000001", deviceActionResults: [result] });

    expect(device.deviceActionResults[0]?.secret?.reveal()).toBe(VALUE);
    expect(JSON.stringify(device)).not.toContain(VALUE);
  });

  test("makes its action one that escrows", () => {
    expect(escrowsSecret("rotateFileVaultKey")).toBe(true);
    expect(findRemoteAction("rotateFileVaultKey")?.result).toMatchObject({ secret: { kind: "recoveryWords", shownDays: 3 } });
    expect(renderActionsPage()).toContain("recoveryWords goes to escrow");
  });

  test("is told to the reader with its title and its use", () => {
    const entry = {
      kind: "recoveryWords" as SecretKind,
      requestKey: "a#1",
      device: { id: "a", serialNumber: null, enrolledDateTime: null },
    };

    const lines = renderEntry({ ...entry, deviceName: "x", capturedAt: "" }, 0);

    expect(lines).toEqual(expect.arrayContaining(["Recovery words of x", "  to use    say them to whoever asks"]));
  });

  test("that we send is no parameter that a step can name, and goes with its action alone", () => {
    expect(LEFT_OUT).toContainEqual(expect.objectContaining({ action: "resetPasscode", parameter: "eraseWord" }));
    expect(carriesGeneratedPin("resetPasscode", ANDROID)).toBe(true);
    expect(carriesGeneratedPin("resetPasscode", IPAD)).toBe(false);
    expect(carriesGeneratedPin("wipe", ANDROID)).toBe(false);
  });

  test("that we send is in escrow before the call that carries it", async () => {
    const world = new World(ANDROID);
    const sent: unknown[] = [];
    const send = world.graph.send.bind(world.graph);
    world.graph.send = (call) => {
      sent.push(Object.entries(call.secretParameters ?? {}).map(([name, value]) => [name, value.reveal()]));
      return send(call);
    };

    await world.run(jobOf(lifecycleRequest(["resetPasscode"]), ANDROID));

    expect(sent).toEqual([[["eraseWord", "031337"]]]);
    const [first] = world.journal.filter(({ kind }) => kind === "escrow" || kind === "POST");
    expect(first).toMatchObject({ kind: "escrow", secret: "eraseWord" });
  });

  test("that a device shows goes to escrow under its name, and into no record", async () => {
    const world = new World(MAC);
    const observe = world.graph.observe.bind(world.graph);
    world.graph.observe = async (device) => {
      const found = await observe(device);
      if (found === null) return null;
      const shown = found.deviceActionResults.map((result) =>
        result.actionName === "rotateFileVaultKey" && result.actionState === "done" ? { ...result, secret: new Redacted(VALUE) } : result,
      );
      return { ...found, deviceActionResults: shown };
    };

    const report = await world.run(jobOf(lifecycleRequest(["rotateFileVaultKey"]), MAC));

    expect(report.outcome).toBe("succeeded");
    expect(report.steps[0]?.detail).toContain("recoveryWords escrowed as memory:1");
    expect(world.journal).toContainEqual(expect.objectContaining({ kind: "escrow", secret: "recoveryWords", value: VALUE }));
    expect(JSON.stringify([report, await world.ledger.read()])).not.toContain(VALUE);
  });
});

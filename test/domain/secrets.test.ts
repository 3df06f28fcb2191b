import { describe, expect, test } from "@jest/globals";
import { findRemoteAction } from "../../providers/domain/actions/action-table.ts";
import { withoutLikelySecrets } from "../../providers/domain/likely-secrets.ts";
import { findSecret, RESULT_SECRETS, SECRET_KINDS, SENT_SECRETS, secretOf } from "../../providers/domain/secret-kinds.ts";
import { parseDevice } from "../../providers/graph/devices/parse-device.ts";
import { SourceFile } from "../../providers/request/files/source-file.ts";

describe("the table of secrets", () => {
  test("has the names that ledgers and escrows of earlier versions hold", () => {
    expect(SECRET_KINDS).toEqual(["activationLockBypassCode", "passcode", "unlockPin", "macOsUnlockCode"]);
  });

  test.each(SECRET_KINDS)("says of %s what a person needs, and where that is from", (kind) => {
    const { title, word, use, origin } = secretOf(kind);

    expect([title, word, use].filter((text) => text.trim() === "")).toEqual([]);
    expect(origin.source).toMatch(/^https:\/\/learn\.microsoft\.com\//);
  });

  test.each(SECRET_KINDS)("hides %s by its name, in answers and in files", (kind) => {
    expect(withoutLikelySecrets(`{"${kind}":"4711"}`)).toBe(`{"${kind}":"<redacted>"}`);
    expect(new SourceFile("a.yaml", `${kind}: 4711`).lineText(1)).toBe(`${kind}: ****`);
  });

  test.each(RESULT_SECRETS)("lets the result of $action carry its $kind, and $kind be read from it", ({ kind, action, ...shown }) => {
    const { device } = parseDevice({ id: "a1b2c3d4-0000-4000-8000-000000000001", deviceActionResults: [{ [kind]: "4711" }] });

    expect(findRemoteAction(action)?.result).toMatchObject({ kind: "reported", secret: { kind, ...shown } });
    expect(device.deviceActionResults[0]?.secret?.reveal()).toBe("4711");
  });

  test.each([...RESULT_SECRETS, ...SENT_SECRETS])("names for $kind platforms that $action works on", ({ action, on }) => {
    const platforms = findRemoteAction(action)?.platforms ?? [];

    expect(on.length).toBeGreaterThan(0);
    expect(on.filter((platform) => !platforms.includes(platform))).toEqual([]);
  });

  test("gives an action one secret at most, so that nobody takes one for the other", () => {
    const actions = RESULT_SECRETS.map(({ action }) => action);

    expect(new Set(actions).size).toBe(actions.length);
  });

  test("knows no row by a name that is not its own", () => {
    expect([findSecret("toString"), findSecret("code"), findSecret("passcode")?.title]).toEqual([null, null, "New passcode"]);
  });
});

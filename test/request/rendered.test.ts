import { describe, expect, test } from "@jest/globals";
import { renderDiagnostic } from "../../providers/domain/diagnostic.ts";
import { loadMarked, loadText, type MarkedFiles } from "./marked-files.ts";

async function rendered(files: MarkedFiles): Promise<string> {
  return (await loadMarked(files)).diagnostics.map(renderDiagnostic).join("\n");
}

const REQUEST = "requests:\n  - name: a\n    device: { serialNumber: S1 }\n    reason: r\n";

describe("what people read", () => {
  test("is the place, the code, the line, a caret and what to write instead", async () => {
    expect(await rendered({ "requests/a.yaml": `${REQUEST}    playbook: retyre\n` })).toBe(
      [
        'requests/a.yaml:5:15: error DLR012: unknown playbook "retyre" (did you mean "retire"?)',
        "        playbook: retyre",
        "                  ^",
        "  help: the playbooks are escrow-bypass-code, reset-passcode, retire, unlock and unlock-and-wipe",
      ].join("\n"),
    );
  });

  test.each([
    [
      "a number for a serial number",
      "    playbook: unlock\n    device: { serialNumber: 0012345 }\n",
      'put it in quotes: serialNumber: "0012345"',
    ],
    ["a missing acknowledgement", "    device: { id: x }\n    playbook: unlock\n", "write acknowledge: [physicalPossession]"],
    ["a step in capitals", "    device: { id: x }\n    steps: [Wipe]\n", '(did you mean "wipe"?)'],
    ["a key of the device", "    serialNumber: S1\n    playbook: unlock\n", "write device: { serialNumber: … }"],
    [
      "a path that Graph does not have",
      "    device: { id: x, user: u, deviceRunState: { script: s, runState: r } }\n",
      "with detectedApp and user; deviceRunState,",
    ],
    [
      "a step that needs parameters",
      "    device: { id: x }\n    steps: [playLostModeSound, setDeviceName]\n",
      "write { setDeviceName: { deviceName: LEEDS-LT-0301 } }",
    ],
    [
      "a nested parameter that is missing",
      "    device: { id: x }\n    steps: [{ triggerConfigurationManagerAction: {} }]\n",
      "write for example configurationManagerAction: { action: refreshMachinePolicy }",
    ],
    [
      "text that looks like a number",
      "    device: { id: x }\n    steps: [{ playLostModeSound: { durationInMinutes: many } }]\n",
      'write for example durationInMinutes: "5"',
    ],
    ["an action that is left out", "    device: { id: x }\n    steps: [recoverPasscode]\n", "what cannot be found cannot be escrowed"],
    ["a misspelt action", "    device: { id: x }\n    steps: [rotateBitlockerKey]\n", '(did you mean "rotateBitLockerKeys"?)'],
  ])("says what to write instead of %s", async (_, lines, help) => {
    expect(await rendered({ "requests/a.yaml": `requests:\n  - name: a\n    reason: r\n${lines}` })).toContain(help);
  });

  test("names both places of a name that is used twice", async () => {
    const text = `${REQUEST}    playbook: escrow-bypass-code\n`;

    expect(await rendered({ "requests/a.yaml": text, "requests/b.yaml": text })).toContain(
      'requests/b.yaml:2:11: error DLR017: the name "a" is taken by the request at requests/a.yaml:2:11',
    );
  });

  test("never holds an unlock code, wherever on the line another mistake is", async () => {
    const text = `${REQUEST}    steps: [{ wipe: { macOsUnlockCode: "271828", keepUsrData: true } }, nonsense]\n`;

    const everything = JSON.stringify(await loadText(text)) + (await rendered({ "requests/a.yaml": text }));

    expect(everything).toContain("macOsUnlockCode is never written in a file");
    expect(everything).toContain("nonsense");
    expect(everything).not.toContain("271828");
  });

  test.each(['"s3cr, et9"', "'s3cr, et9'", "s3cret9"])("never holds a password: %s", async (password) => {
    const parameter = `{ deviceAccount: { password: ${password} }, calendarSync: true }`;
    const text = `${REQUEST}    steps: [{ updateWindowsDeviceAccount: { updateWindowsDeviceAccountActionParameter: ${parameter} } }]\n`;

    const everything = JSON.stringify(await loadText(text)) + (await rendered({ "requests/a.yaml": text }));

    expect(everything).toContain("a password does not belong in a reviewed file");
    expect(everything).toContain("calendarSync");
    expect(everything).not.toMatch(/s3cr|et9/);
  });

  test("holds no control character of a file's name or of its text", async () => {
    const text = await rendered({ "requests/\u001b[31m.yaml": 'requests:\n  - name: "\\e[2J"\n    \u009b: 1\n' });

    expect(text).toContain("DLR029");
    expect(text.replaceAll("\n", "")).not.toMatch(/\p{Cc}/u);
  });
});

test("loading leaves every object as it was", async () => {
  await loadText(
    `requests: []\n__proto__: { polluted: true }\nconstructor: { prototype: { polluted: true } }\n"\\x5f_proto__": { polluted: true }\n`,
  );
  await loadText(
    `requests:\n  - { name: a, device: { id: x }, reason: r, steps: [{ wipe: { __proto__: { polluted: true } } }, { __proto__: {} }] }\n`,
  );
  await loadMarked({
    "requests/a.yaml": "requests:\n  - { name: constructor, devicesFrom: d.csv, playbook: __proto__, reason: r }\n",
    "requests/d.csv": "__proto__,serialNumber\npolluted,A1\n",
  });

  expect({}).not.toHaveProperty("polluted");
  expect(Object.keys(Object.prototype)).toEqual([]);
});

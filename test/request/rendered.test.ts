import { writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "@jest/globals";
import { renderDiagnostic } from "../../providers/domain/diagnostic.ts";
import { exampleDate } from "../../providers/request/explain/example-date.ts";
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

  test.each([
    ["Autopilot's export", "Device Serial Number,Hardware Hash\nA,B\n", 'rename the column "Device Serial Number" to serialNumber'],
    ["Intune's export", "Device ID,Device name,Azure AD Device ID,Serial number\n", 'rename the column "Serial number" to serialNumber'],
    ["Intune's export without serial numbers", "Device ID,Azure AD Device ID\n", 'rename the column "Device ID" to id'],
    ["a report of Intune's", "DeviceId,DeviceName,ReferenceId\n", 'rename the column "DeviceId" to id'],
    ["Graph's PowerShell for Intune", "Id,DeviceName,AzureAdDeviceId\n", 'rename the column "Id" to id'],
    ["a German export", "Gerätename;Seriennummer\n", "separated by ;"],
    ["a French export", "Nom,Numéro de série\n", 'rename the column "Numéro de série" to serialNumber'],
    ["Entra's export", "displayName,deviceId,objectId,trustType\n", '"deviceId" and "objectId" are ids of Entra'],
    ["Entra's export with serial numbers beside", "deviceId,objectId,Serial\n", 'rename the column "Serial" to serialNumber'],
    ["Entra's pages", "Name,deviceId\n", '"deviceId" is an id of Entra'],
    ["Graph's PowerShell for Entra", "DisplayName,DeviceId,Id\n", '"DeviceId" is an id of Entra'],
    [
      "a title",
      "Leeds\n\nDevice name,Serial number\n",
      'delete the lines above line 3, and rename the column "Serial number" to serialNumber',
    ],
    ["line ends of old Macs", "serialNumber\rA1\r", "save the file with the line ends of Unix or Windows"],
  ])("says what to do with a list from %s", async (_, csv, help) => {
    const request = "requests:\n  - { name: a, devicesFrom: d.csv, playbook: escrow-bypass-code, reason: r }\n";

    expect(await rendered({ "requests/a.yaml": request, "requests/d.csv": csv })).toContain(help);
  });

  test.each([
    ["name: leeds–leaver", 'name holds U+2013, which looks like "-" and is not', "type it on the keyboard: leeds-leaver"],
    ["serialNumber: “DMP”", "serialNumber holds U+201C, which looks like a double quote and is not", 'type it on the keyboard: "DMP"'],
    ["name: leeds\u200b", "hidden character U+200B (zero width space)", "delete it"],
    ["name: le\u00adeds", "hidden character U+00AD (soft hyphen)", "delete it"],
  ])("names the sign that is not what it seems in %j", async (line, message, help) => {
    const text = await rendered({
      "requests/a.yaml": `requests:\n  - reason: r\n    playbook: unlock\n    ${line.startsWith("s") ? `device: { ${line} }` : line}\n`,
    });

    expect(text).toContain(message);
    expect(text).toContain(help);
    expect(text).not.toMatch(/[\u200b\u00ad]/);
  });

  test.each([
    ["Rückgabe.csv", "Rückgabe.csv".normalize("NFD"), "spelled with other characters (U+0075 there, U+00FC here, at character 2)"],
    ["leeds-returns.csv", "leeds\u2011returns.csv", "(U+2011 there, U+002D here, at character 6)"],
    ["returns.csv", "returns.csv.txt", '(did you mean "returns.csv.txt"?)'],
    ["returns.csv", "Returns.CSV", '(did you mean "Returns.CSV"?)'],
    ["lists/returns.csv", "Lists/returns.csv", '(did you mean "Lists"?)'],
    ["returns.csv", "retruns.csv", '(did you mean "retruns.csv"?)'],
    ["sub\\returns.csv", "x.csv", "write sub/returns.csv: it is the same on every system"],
    ['"sub\\new.csv"', "x.csv", "write sub/new.csv: it is the same on every system"],
  ])("says which file may be meant by devicesFrom: %s", async (name, there, help) => {
    const request = `requests:\n  - name: a\n    devicesFrom: ${name}\n    playbook: escrow-bypass-code\n    reason: r\n`;

    expect(await rendered({ "requests/a.yaml": request, [`requests/${there}`]: "serialNumber\nA1\n" })).toContain(help);
  });

  test.each([
    ["reason: Returned by desk #4, in a box", 'put the text in quotes: reason: "Returned by desk #4, in a box"'],
    ["reason: #4", 'put the text in quotes: reason: "#4"'],
    ["device: { deviceName: Desk #4 }", "put a text that holds it in quotes"],
  ])("says that a # begins a comment in %j", async (line, help) => {
    expect(await rendered({ "requests/a.yaml": `requests:\n  - name: a\n    ${line}\n` })).toContain(help);
  });

  test.each([
    [
      "{ setDeviceName: { deviceName: X-1 } }",
      "all 2 devices the same deviceName",
      'write setDeviceName alone, and give the CSV file a column deviceName with a value for each device; or write { setDeviceName: { deviceName: "LEEDS-{{serialnumber}}" } }',
    ],
    ["setDeviceName", '"d.csv" has no such column', "give the CSV file a column deviceName"],
    ["removeDeviceEsim", '"d.csv" has no such column', "help: give the CSV file a column iccId with a value for each device\n"],
    ['{ setDeviceName: { deviceName: "{{rand:5}}" } }', "has the wrong form", "{{serialnumber}} stands for the device's"],
    [
      '{ enableLostMode: { message: "{{username}}", phoneNumber: "1" } }',
      '"{{username}}" is not known here',
      "{{serialnumber}} stands for",
    ],
    ["{ setDeviceName: { deviceName: L-{{serialnumber}} } }", "", 'put the text in quotes: "LEEDS-{{serialnumber}}"'],
    ["{ setDeviceName: { deviceName: {{serialnumber}} } }", "", 'in quotes: "{{serialnumber}}"'],
  ])("says where what belongs to one device comes from: %s", async (step, message, help) => {
    const request = `requests:\n  - name: a\n    devicesFrom: d.csv\n    steps: [${step}]\n    reason: r\n`;

    const text = await rendered({ "requests/a.yaml": request, "requests/d.csv": "serialNumber\nA1\nA2\n" });

    expect(text).toContain(message);
    expect(`${text}\n`).toContain(help);
  });

  test.each(["", "    expires: soon\n", "    expires: 2026-02-30\n", "    expires: 20261231\n"])(
    "gives a day to come for an example: %j",
    async (expires) => {
      const text = await rendered({ "requests/a.yaml": `${REQUEST}    playbook: retire\n    acknowledge: [dataLoss]\n${expires}` });

      const day = /example expires: (\d{4}-\d{2}-\d{2})/.exec(text)?.[1] ?? "";
      expect(Date.parse(day) - Date.now()).toBeGreaterThan(50 * 86_400_000);
      expect(Date.parse(day) - Date.now()).toBeLessThan(95 * 86_400_000);
    },
  );

  test.each([
    [Buffer.from("requests: []\n", "utf16le"), "it looks like UTF-16"],
    [Buffer.from("\ufeffrequests: []\n", "utf16le"), "it looks like UTF-16"],
    [Buffer.from("PK\u0003\u0004", "latin1"), "a workbook of Excel"],
    [Buffer.from("reason: R\xfcckgabe\n", "latin1"), "save the file as UTF-8"],
    [Buffer.from([0x61, 0, 0x62, 0]), "it looks like UTF-16"],
    [Buffer.alloc(8), "hidden character U+0000 (NUL)"],
    [Buffer.from("a: \0\0b\n"), "hidden character U+0000 (NUL)"],
  ])("says of bytes that are no text what they look like: %s", async (bytes, help) => {
    const { diagnostics } = await loadMarked({}, (folder) => writeFileSync(path.join(folder, "requests/a.yaml"), bytes));

    expect(diagnostics.map(renderDiagnostic).join("\n")).toContain(help);
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

  test.each(["reason: r #old passcode: 271828", "passcode: 271828 #2", "reason: #passcode: 271828"])(
    "never holds what stands behind a key of a secret, in a comment either: %s",
    async (line) => {
      const text = await rendered({ "requests/a.yaml": `requests:\n  - name: a\n    ${line}\n` });

      expect(text).toContain("******");
      expect(text).not.toContain("271828");
    },
  );

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

test.each([
  ["2026-11-27", "2027-01-31"],
  ["2026-12-31", "2027-02-28"],
  ["2027-12-01", "2028-02-29"],
])("on %s the example day is %s", (today, day) => {
  expect(exampleDate(new Date(today))).toBe(day);
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

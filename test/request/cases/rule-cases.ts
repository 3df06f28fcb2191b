import type { MistakeCase } from "../marked-files.ts";

const file = (title: string, text: string): MistakeCase => ({ title, files: { "requests/a.yaml": text } });

const request = (title: string, ...lines: readonly string[]): MistakeCase => file(title, ["requests:", ...item("a", lines), ""].join("\n"));

const item = (name: string, lines: readonly string[]): readonly string[] => [
  `  - name: ${name}`,
  "    reason: r",
  ...lines.map((line) => `    ${line}`),
];

const HARMLESS = ["device: { serialNumber: S1 }", "playbook: escrow-bypass-code"];
const DEVICE = "device: { serialNumber: S1 }";
const EXPIRES = "expires: 2026-12-31";
const LOSS = "acknowledge: [dataLoss]";
const BOTH = "acknowledge: [dataLoss, physicalPossession]";

/** The request starts at its first key, two columns behind the dash. */
const missing = (title: string, code: string, ...lines: readonly string[]): MistakeCase => {
  const { files } = request(title, ...lines);
  return file(title, (files["requests/a.yaml"] ?? "").replace("- name", `- «${code}»name`));
};

const playbook = (title: string, ...lines: readonly string[]): MistakeCase => ({
  title,
  files: { "playbooks/p.yaml": ["playbooks:", "  - name: mine", ...lines.map((line) => `    ${line}`), ""].join("\n") },
});

/** Steps, what they demand, playbooks, and rules across requests. */
export const RULE_CASES: readonly MistakeCase[] = [
  request("an unknown step", DEVICE, "steps: [«DLR013»sync]"),
  request("an unknown step with parameters", DEVICE, "steps: [{ «DLR013»whipe: {} }]"),
  request("a step that is a number", DEVICE, "steps: [«DLR015»7]"),
  request("a step without a name", DEVICE, "steps: [«DLR015»{}]"),
  request("no steps", DEVICE, "steps: «DLR015»[]"),
  request("steps that are no list", DEVICE, "steps: «DLR015»wipe"),
  request("more steps than one request may hold", DEVICE, `steps: «DLR015»[${"syncDevice, ".repeat(20)}syncDevice]`),
  request(
    "parameters that are not indented below their step",
    DEVICE,
    "steps:",
    "  - wipe:",
    "    «DLR015»persistEsimDataPlan: true",
    EXPIRES,
    LOSS,
  ),
  request("a step with a colon and nothing behind it", DEVICE, "steps:", "  - syncDevice:«DLR021»"),
  request("an unknown parameter", DEVICE, "steps: [{ wipe: { «DLR021»keepUsrData: true } }]", EXPIRES, LOSS),
  request("a parameter of the wrong type", DEVICE, 'steps: [{ wipe: { keepUserData: «DLR021»"yes" } }]', EXPIRES, LOSS),
  request("a parameter of a step that has none", DEVICE, "steps: [{ syncDevice: { «DLR021»force: true } }]"),
  request("an unlock code in a file", DEVICE, 'steps: [{ wipe: { «DLR021»macOsUnlockCode: "123456" } }]', EXPIRES, LOSS),
  request(
    "an account's password in a file",
    DEVICE,
    'steps: [{ updateWindowsDeviceAccount: { updateWindowsDeviceAccountActionParameter: { «DLR021»deviceAccount: { password: "s3cret" } } } }]',
  ),
  request("an action of Graph's that is left out", DEVICE, "steps: [«DLR013»changeAssignments]"),
  request("an action of Graph's that is left out, with parameters", DEVICE, "steps: [{ «DLR013»executeAction: { actionName: wipe } }]"),
  request("a step without the parameters that it needs", DEVICE, "steps: [«DLR014»setDeviceName]"),
  request("a step with an empty mapping where parameters are needed", DEVICE, "steps: [{ setDeviceName: «DLR014»{} }]"),
  request("a name that not every platform takes", DEVICE, 'steps: [{ setDeviceName: { deviceName: «DLR021»"0301" } }]'),
  request("a number where Graph wants text", DEVICE, "steps: [{ playLostModeSound: { durationInMinutes: «DLR021»5 } }]"),
  request("more minutes than a day has", DEVICE, "steps: [{ pauseConfigurationRefresh: { pauseTimePeriodInMinutes: «DLR021»1441 } }]"),
  request("a word that Graph does not have", DEVICE, "steps: [{ wipe: { obliterationBehavior: «DLR021»allways } }]", EXPIRES, LOSS),
  request(
    "a wipe that keeps and deletes the user's data",
    DEVICE,
    "steps: [«DLR021»{ wipe: { keepUserData: true, useProtectedWipe: true } }]",
    EXPIRES,
    LOSS,
  ),
  request(
    "a wipe that keeps and deletes the enrolment",
    DEVICE,
    "steps: [«DLR021»{ wipe: { keepEnrollmentData: true, useProtectedWipe: true } }]",
    EXPIRES,
    LOSS,
  ),
  playbook(
    "a wipe of a playbook that keeps and deletes the user's data",
    "destroysData: true",
    "steps: [«DLR021»{ wipe: { useProtectedWipe: true, keepUserData: true, keepEnrollmentData: true } }]",
  ),
  request("waitFor as a plain word", DEVICE, "steps: [syncDevice, «DLR021»waitFor]"),
  request("a wait for something else", DEVICE, "steps: [syncDevice, { waitFor: «DLR021»finished }]"),
  request("waitFor first", DEVICE, "steps: [«DLR208»{ waitFor: done }, syncDevice]"),
  request("waitFor after the escrow alone", DEVICE, "steps: [escrowBypassCode, «DLR208»{ waitFor: done }]"),
  request("waitFor twice", DEVICE, "steps: [syncDevice, { waitFor: done }, «DLR208»{ waitFor: done }]"),
  request("escrow after a wipe", DEVICE, "steps: [wipe, «DLR201»escrowBypassCode]", EXPIRES, LOSS),
  request("a wipe twice", DEVICE, "steps: [escrowBypassCode, wipe, «DLR209»wipe]", EXPIRES, LOSS),

  missing("no expires where data is destroyed", "DLR202", DEVICE, "playbook: retire", LOSS),
  missing("no acknowledgement where data is destroyed", "DLR203", DEVICE, "playbook: retire", EXPIRES),
  missing("no expires where a device is deleted", "DLR202", DEVICE, "steps: [escrowBypassCode, delete]", LOSS),
  missing(
    "no acknowledgement where a user is deleted",
    "DLR203",
    DEVICE,
    "steps: [{ deleteUserFromSharedAppleDevice: { userPrincipalName: j.doe@contoso.example } }]",
  ),
  missing("no acknowledgement where the lock is taken off", "DLR203", DEVICE, "playbook: unlock"),
  request("one acknowledgement of two", DEVICE, "playbook: unlock-and-wipe", EXPIRES, "acknowledge: «DLR203»[dataLoss]"),
  request("a device name where data is destroyed", "device: { «DLR204»deviceName: x }", "playbook: retire", EXPIRES, LOSS),
  request(
    "a run of a script where data is destroyed",
    "device: { «DLR204»deviceRunState: { script: s, runState: r } }",
    "playbook: retire",
    EXPIRES,
    LOSS,
  ),
  request("repetition of a step that cannot be repeated", DEVICE, "steps: [remoteLock]", "onDrift: «DLR206»repeat"),

  request("an unknown playbook", DEVICE, "playbook: «DLR012»retyre"),
  request("a playbook in capitals", DEVICE, "playbook: «DLR012»Unlock"),
  { title: "a playbook without steps", files: { "playbooks/p.yaml": "playbooks:\n  - «DLR014»name: mine\n" } },
  {
    title: "a playbook that destroys data and does not say so",
    files: { "playbooks/p.yaml": "playbooks:\n  - «DLR027»name: mine\n    steps: [escrowBypassCode, wipe]\n" },
  },
  playbook("a playbook that destroys data and denies it", "destroysData: «DLR027»false", "steps: [retire]"),
  playbook("a playbook that claims to destroy data", "destroysData: «DLR210»true", "steps: [syncDevice]"),
  playbook("an unknown step of a playbook", "steps: [«DLR013»bypass]"),
  playbook("an unknown parameter of a step of a playbook", "steps: [{ retire: { «DLR021»x: 1 } }]"),
  playbook("escrow after a retire in a playbook", "destroysData: true", "steps: [retire, «DLR201»escrowBypassCode]"),
  playbook("an unknown key of a playbook", "steps: [syncDevice]", "«DLR011»reason: r"),
  {
    title: "a built-in playbook redefined",
    files: { "playbooks/p.yaml": "playbooks:\n  - name: «DLR026»unlock\n    steps: [syncDevice]\n" },
  },
  { title: "a playbook that is no YAML", files: { "playbooks/p.yml": "«DLR005»" } },
  { title: "a requests file among the playbooks", files: { "playbooks/p.yaml": "«DLR011»requests: []\n" } },
  {
    title: "a playbook twice in two files",
    files: {
      "playbooks/p.yaml": "playbooks:\n  - name: mine\n    steps: [syncDevice]\n",
      "playbooks/q.yaml": "playbooks:\n  - name: «DLR017»mine\n    steps: [remoteLock]\n",
    },
  },
  {
    title: "a playbook with a mistake is not unknown to the requests that name it",
    files: {
      "requests/a.yaml": ["requests:", ...item("a", [DEVICE, "playbook: mine"]), ""].join("\n"),
      "playbooks/p.yaml": "playbooks:\n  - name: mine\n    steps: [«DLR013»sync]\n",
    },
  },
  {
    title: "where a file of playbooks cannot be read, no name is unknown",
    files: {
      "requests/a.yaml": ["requests:", ...item("a", [DEVICE, "playbook: mine"]), ""].join("\n"),
      "playbooks/p.yaml": "playbooks:\n«DLR002»\t- name: mine\n",
    },
  },

  {
    title: "a name twice in two files",
    files: {
      "requests/a.yaml": ["requests:", ...item("same", HARMLESS), ""].join("\n"),
      "requests/b.yaml": ["requests:", ...item("«DLR017»same", ["device: { serialNumber: S2 }", "playbook: escrow-bypass-code"]), ""].join(
        "\n",
      ),
    },
  },
  file(
    "a name three times",
    ["requests:", ...item("same", HARMLESS), ...item("«DLR017»same", HARMLESS), ...item("«DLR017»same", HARMLESS), ""].join("\n"),
  ),
  file(
    "two requests that destroy data on one device",
    [
      "requests:",
      ...item("a", [DEVICE, "playbook: retire", EXPIRES, LOSS]),
      ...item("b", ["«DLR205»device: { serialNumber: ' s1' }", "playbook: unlock-and-wipe", EXPIRES, BOTH]),
      "",
    ].join("\n"),
  ),
  file(
    "two requests that destroy data on one device, one of them to repeat the other",
    [
      "requests:",
      ...item("a", ["device: { id: X-1 }", "playbook: retire", EXPIRES, LOSS]),
      ...item("b", ["«DLR205»device: { id: x-1 }", "playbook: retire", EXPIRES, LOSS, "repeats: a"]),
      "",
    ].join("\n"),
  ),
  {
    title: "a device that is destroyed by a request and by a row of a list",
    files: {
      "requests/a.yaml": ["requests:", ...item("a", [DEVICE, "playbook: retire", EXPIRES, LOSS]), ""].join("\n"),
      "requests/b.yaml": ["requests:", ...item("b", ["devicesFrom: d.csv", "playbook: retire", EXPIRES, LOSS]), ""].join("\n"),
      "requests/d.csv": "serialNumber\nS2\n«DLR205»S1\n",
    },
  },
];

import { describe, expect, test } from "@jest/globals";
import { loadMarked, loadText } from "./marked-files.ts";

const FULL = `requests:
  - name: leeds-leaver-0042
    generation: 2
    device: { serialNumber: " dmpxk2 abcdef ", user: mia@contoso.com }
    steps:
      - escrowBypassCode
      - bypassActivationLock: {}
      - waitFor: done
      - { wipe: { persistEsimDataPlan: true } }
    reason: Leaver returned the iPad
    ticket: INC-4711
    expires: 2026-12-31
    acknowledge: [dataLoss, physicalPossession]
    repeats: leeds-leaver-0007/DMPXK2ABCDEF
    onDrift: report
`;

describe("a request", () => {
  test("with every key, as data", async () => {
    const { requests, diagnostics } = await loadText(FULL);

    expect(diagnostics).toEqual([]);
    expect(requests).toEqual([
      {
        name: "leeds-leaver-0042",
        generation: 2,
        device: { serialNumber: "dmpxk2 abcdef", user: "mia@contoso.com" },
        playbook: null,
        steps: [
          { action: "escrowBypassCode", parameters: {} },
          { action: "bypassActivationLock", parameters: {} },
          { action: "waitFor", parameters: { state: "done" } },
          { action: "wipe", parameters: { persistEsimDataPlan: true } },
        ],
        reason: "Leaver returned the iPad",
        ticket: "INC-4711",
        expires: "2026-12-31",
        acknowledge: ["dataLoss", "physicalPossession"],
        repeats: "leeds-leaver-0007/DMPXK2ABCDEF",
        onDrift: "report",
        source: { file: "requests/a.yaml", line: 2, column: 5 },
        places: {
          generation: { file: "requests/a.yaml", line: 3, column: 5 },
          device: { file: "requests/a.yaml", line: 4, column: 5 },
          steps: { file: "requests/a.yaml", line: 5, column: 5 },
          expires: { file: "requests/a.yaml", line: 12, column: 5 },
          acknowledge: { file: "requests/a.yaml", line: 13, column: 5 },
          repeats: { file: "requests/a.yaml", line: 14, column: 5 },
          onDrift: { file: "requests/a.yaml", line: 15, column: 5 },
        },
      },
    ]);
  });

  test("with the keys that it needs gets the defaults, and the steps of its playbook", async () => {
    const { requests, diagnostics } = await loadText(
      'requests:\n- {name: a, device: {id: AB-1}, playbook: reset-passcode, reason: "two\\nlines"}\n',
    );

    expect(diagnostics).toEqual([]);
    expect(requests).toEqual([
      {
        name: "a",
        generation: 1,
        device: { id: "AB-1" },
        playbook: "reset-passcode",
        steps: [{ action: "resetPasscode", parameters: {} }],
        reason: "two\nlines",
        ticket: null,
        expires: null,
        acknowledge: [],
        repeats: null,
        onDrift: "report",
        source: { file: "requests/a.yaml", line: 2, column: 3 },
        places: { device: { file: "requests/a.yaml", line: 2, column: 13 }, playbook: { file: "requests/a.yaml", line: 2, column: 33 } },
      },
    ]);
  });

  test("may name a playbook of the user's", async () => {
    const { requests, playbooks, diagnostics } = await loadMarked({
      "requests/a.yml": "requests:\n  - { name: a, device: { deviceName: Reception iPad }, playbook: nudge, reason: r }\n",
      "playbooks/deep/b.YAML": "playbooks:\n  - name: nudge\n    description: Lock and sync\n    steps: [remoteLock, syncDevice]\n",
    });

    expect(diagnostics).toEqual([]);
    expect(playbooks).toEqual([
      {
        name: "nudge",
        description: "Lock and sync",
        destroysData: false,
        steps: [
          { action: "remoteLock", parameters: {} },
          { action: "syncDevice", parameters: {} },
        ],
      },
    ]);
    expect(requests[0]).toMatchObject({ playbook: "nudge", steps: playbooks[0]?.steps, device: { deviceName: "Reception iPad" } });
  });
});

test.each(["Rückgabe ❤️‍🔥 👩‍💻 1️⃣", "می‌خواهم", "« Départ », l’iPad – “Leeds”", "\u00a0Отпуск\u00a0", "葛\u{e0100}城"])(
  "a reason may be written as people write: %s",
  async (reason) => {
    const { requests, diagnostics } = await loadText(
      `requests:\n  - { name: a, device: { deviceName: Mia’s iPad }, playbook: reset-passcode, reason: ${JSON.stringify(reason)} }\n`,
    );

    expect(diagnostics).toEqual([]);
    expect(requests[0]?.reason).toBe(reason);
  },
);

describe("a list of devices", () => {
  const LIST = "requests:\n  - { name: a, devicesFrom: sub/d.CSV, playbook: escrow-bypass-code, reason: r }\n";

  test("in the request itself gives one request a device, named by serial number or id", async () => {
    const { requests, diagnostics } = await loadText(
      "requests:\n  - name: a\n    devices:\n      - serialNumber: ab 12\n      - { id: AA-BB, user: u@x.y }\n    playbook: escrow-bypass-code\n    reason: r\n",
    );

    expect(diagnostics).toEqual([]);
    expect(requests.map(({ name, device, source, places }) => [name, device, source.line, places.device?.line])).toEqual([
      ["a/AB12", { serialNumber: "ab 12" }, 2, 4],
      ["a/aa-bb", { id: "AA-BB", user: "u@x.y" }, 2, 5],
    ]);
  });

  test("in a CSV file: other columns, quotes, a byte order mark, CRLF and empty lines do not matter", async () => {
    const csv = '\ufeffschool,"serialNumber" ,note\r\n"Leeds, North", 0012345 ,"says ""hi""\r\nand more"\r\n\r\nLeeds,"dmpx 1"\r\n';

    const { requests, diagnostics, files } = await loadMarked({ "requests/a.yaml": LIST, "requests/sub/d.CSV": csv });

    expect(diagnostics).toEqual([]);
    expect(requests.map(({ name, device, source, places }) => [name, device, source, places.device])).toEqual([
      [
        "a/0012345",
        { serialNumber: "0012345" },
        { file: "requests/a.yaml", line: 2, column: 5 },
        { file: "requests/sub/d.CSV", line: 2, column: 17 },
      ],
      [
        "a/DMPX1",
        { serialNumber: "dmpx 1" },
        { file: "requests/a.yaml", line: 2, column: 5 },
        { file: "requests/sub/d.CSV", line: 5, column: 7 },
      ],
    ]);
    expect(files).toEqual(["requests/a.yaml", "requests/sub/d.CSV"]);
  });

  test.each([
    ["Excel's line for the separator", "sep=,\nserialNumber,note\nA1,x\n"],
    [
      "the type that Windows PowerShell writes",
      '#TYPE Selected.System.Management.Automation.PSCustomObject\n"serialNumber","note"\n"A1","x"\n',
    ],
    ["rows of commas at the end", 'serialNumber,note\nA1,x\n,\n , \n"",\n'],
    ["notes behind a first column, with commas", "serialNumber,note\nA1,x, y\n"],
    ["empty cells behind the last column", "note,serialNumber\nx,A1,,\n"],
    ["a non-breaking space round the cells", "serialNumber,note\n\u00a0A1\u00a0,x\n"],
  ])("in a CSV file with %s", async (_, csv) => {
    const { requests, diagnostics } = await loadMarked({ "requests/a.yaml": LIST, "requests/sub/d.CSV": csv });

    expect(diagnostics).toEqual([]);
    expect(requests.map((request) => [request.name, request.device])).toEqual([["a/A1", { serialNumber: "A1" }]]);
  });

  test("may stand in the folder above, as long as that is inside the folder of requests", async () => {
    const { requests, diagnostics } = await loadMarked({
      "requests/deep/a.yaml": LIST.replace("sub/d.CSV", "../d.csv"),
      "requests/d.csv": "id\nx-1\n",
    });

    expect(diagnostics).toEqual([]);
    expect(requests.map((request) => request.name)).toEqual(["a/x-1"]);
  });
});

describe("what belongs to one device of a list", () => {
  const list = (steps: string, more = "devicesFrom: d.csv") => `requests:\n  - name: a\n    ${more}\n    steps: ${steps}\n    reason: r\n`;

  async function parametersOf(yaml: string, csv = "serialNumber\nA1\n", playbooks = "playbooks: []\n"): Promise<readonly unknown[]> {
    const files = { "requests/a.yaml": yaml, "requests/d.csv": csv, "playbooks/p.yaml": playbooks };
    const { requests, diagnostics } = await loadMarked(files);
    expect(diagnostics).toEqual([]);
    return requests.map((request) => [request.name, ...request.steps.map((step) => step.parameters)]);
  }

  const NAMES = "note,serialNumber,deviceName\nx,A1,LEEDS-1\ny,b 2,LEEDS-2\n";

  test("comes from the column of the parameter", async () => {
    expect(await parametersOf(list("[syncDevice, setDeviceName]"), NAMES)).toEqual([
      ["a/A1", {}, { deviceName: "LEEDS-1" }],
      ["a/B2", {}, { deviceName: "LEEDS-2" }],
    ]);
    expect(await parametersOf(list("[removeDeviceEsim]"), "id,iccId\nx,89441000300000000001\n")).toEqual([
      ["a/x", { iccId: "89441000300000000001" }],
    ]);
  });

  test("comes from the column for a playbook too", async () => {
    const yaml = list("[]").replace("steps: []", "playbook: rename");

    expect(await parametersOf(yaml, NAMES, "playbooks:\n  - { name: rename, steps: [setDeviceName] }\n")).toEqual([
      ["a/A1", { deviceName: "LEEDS-1" }],
      ["a/B2", { deviceName: "LEEDS-2" }],
    ]);
  });

  test("holds the serial number, without spaces and in capitals", async () => {
    const devices = "devices: [{ serialNumber: a 1 }, { serialNumber: B2 }]";

    expect(await parametersOf(list('[{ setDeviceName: { deviceName: "LEEDS-{{serialnumber}}" } }]', devices))).toEqual([
      ["a/A1", { deviceName: "LEEDS-A1" }],
      ["a/B2", { deviceName: "LEEDS-B2" }],
    ]);
    expect(await parametersOf(list('[{ setDeviceName: { deviceName: "{{ serialNumber }}" } }]', "device: { serialNumber: c3 }"))).toEqual([
      ["a", { deviceName: "C3" }],
    ]);
    expect(await parametersOf(list('[{ enableLostMode: { message: "Lost: {{serialnumber}}", phoneNumber: "1" } }]'))).toEqual([
      ["a/A1", { message: "Lost: A1", phoneNumber: "1" }],
    ]);
  });

  test("may be written out for a list of one device, whatever its columns say", async () => {
    expect(await parametersOf(list("[{ setDeviceName: { deviceName: X-1 } }]"), "serialNumber,deviceName\nA1,Y-1\n")).toEqual([
      ["a/A1", { deviceName: "X-1" }],
    ]);
  });
});

describe("files", () => {
  test("without the endings, dot files and an absent folder of playbooks are passed over", async () => {
    const { requests, diagnostics } = await loadMarked({
      "requests/README.md": "# «",
      "requests/a.yaml.bak": "{{{",
      "requests/.hidden.yaml": "{{{",
      "requests/.git/a.yaml": "{{{",
      "requests/list.csv": "nobody names it\n",
    });

    expect(requests).toEqual([]);
    expect(diagnostics).toEqual([]);
  });

  test("give their requests in the order of names, whatever file they stand in", async () => {
    const one = (name: string) => `requests:\n  - { name: ${name}, device: { id: ${name} }, playbook: reset-passcode, reason: r }\n`;

    const { requests } = await loadMarked({ "requests/1.yaml": one("c"), "requests/2.yaml": one("a"), "requests/sub/0.yaml": one("b") });

    expect(requests.map((request) => request.name)).toEqual(["a", "b", "c"]);
  });

  test("with a mistake in one request still give the others", async () => {
    const { requests, diagnostics } = await loadText(
      "requests:\n  - { name: a, device: { id: x }, playbook: reset-passcode, reason: r }\n  - { name: b, device: { id: y }, playbook: none, reason: r }\n",
    );

    expect(requests.map((request) => request.name)).toEqual(["a"]);
    expect(diagnostics).toHaveLength(1);
  });

  test("show their lines to rules that run later", async () => {
    const { sourceLine } = await loadText("requests: []\r\n# second\r\n");

    expect(sourceLine({ file: "requests/a.yaml", line: 2, column: 1 })).toBe("# second");
    expect(sourceLine({ file: "requests/none.yaml", line: 1, column: 1 })).toBeUndefined();
  });
});

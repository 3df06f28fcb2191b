import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { stripVTControlCharacters } from "node:util";
import { describe, expect, test } from "@jest/globals";
import { renderForTerminal, wantsColour } from "../../cli/support/render-for-terminal.ts";
import { type Ended, SpawnedCommand } from "../cli/spawned-command.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { loadText } from "./marked-files.ts";

const GOOD = "requests:\n  - { name: a, device: { id: x }, playbook: reset-passcode, reason: r }\n";

async function validate(files: Readonly<Record<string, string>>, ...args: readonly string[]): Promise<Ended> {
  const folder = await temporaryFolder();
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), text);
  }
  return await new SpawnedCommand("validate", args, { PATH: process.env.PATH ?? "" }, { cwd: folder }).ended;
}

describe("dlr validate", () => {
  test("is quiet about requests without mistakes, save one line", async () => {
    const end = await validate({ "wanted/a.yaml": GOOD }, "wanted");

    expect(end).toMatchObject({ code: 0, stdout: "1 request in 1 file, no mistakes\n", stderr: "" });
  });

  test("warns of a past expires, once for a list, and passes", async () => {
    const late = "    playbook: escrow-bypass-code\n    reason: r\n    expires: 2020-02-29\n";
    const files = {
      "r/a.yaml": `requests:\n  - name: a\n    devicesFrom: list.csv\n${late}  - name: b\n    device: { id: x }\n${late.replace("2020", "2096")}`,
      "r/list.csv": "serialNumber\nDMPXK2ABCDEF\nDMPXK2ABCDEG\n",
    };

    const end = await validate(files, "r");

    expect(end).toMatchObject({ code: 0, stdout: "3 requests in 2 files, no mistakes, 1 warning\n" });
    expect(end.stderr.match(/^\S+: warning DLR\d+: .*/gm)).toEqual([
      "r/a.yaml:6:5: warning DLR211: expires is past: a request that is not finished is not run after the end of 2020-02-29 (UTC)",
    ]);
  });

  test("takes another folder of playbooks", async () => {
    const files = {
      "r/a.yaml": GOOD.replace("reset-passcode", "nudge"),
      "p/a.yaml": "playbooks:\n  - { name: nudge, steps: [syncDevice] }\n",
    };

    const end = await validate(files, "r", "--playbooks", "p");

    expect(end).toMatchObject({ code: 0, stdout: "1 request and 1 playbook in 2 files, no mistakes\n", stderr: "" });
  });

  test("says every mistake of every file on stderr, and ends with 1", async () => {
    const end = await validate(
      { "r/a.yaml": GOOD.replace("reason", "raeson"), "r/b.yaml": "requests:\n\t- name: b\n", "r/c.yaml": GOOD },
      "r",
    );

    expect(end.code).toBe(1);
    expect(end.stdout).toBe("");
    expect(end.stderr.match(/^\S+: error DLR\d+/gm)).toEqual([
      "r/a.yaml:2:5: error DLR014",
      "r/a.yaml:2:61: error DLR011",
      "r/b.yaml:2:1: error DLR002",
      "r/c.yaml:2:13: error DLR017",
    ]);
    expect(end.stderr).toContain("4 mistakes in 3 files\n");
    expect(end.stderr).not.toMatch(/^ +at /m);
  });

  test("prints requests and mistakes as JSON", async () => {
    const end = await validate(
      { "r/a.yaml": `${GOOD}  - { name: B, device: { id: y }, playbook: reset-passcode, reason: r }\n` },
      "r",
      "--json",
    );

    expect(end.code).toBe(1);
    expect(JSON.parse(end.stdout)).toEqual({
      requests: [
        {
          name: "a",
          generation: 1,
          device: { id: "x" },
          playbook: "reset-passcode",
          steps: [{ action: "resetPasscode", parameters: {} }],
          destroysData: false,
          reason: "r",
          ticket: null,
          expires: null,
          acknowledge: [],
          repeats: null,
          onDrift: "report",
          source: { file: "r/a.yaml", line: 2, column: 5 },
        },
      ],
      policies: [],
      diagnostics: [
        {
          code: "DLR016",
          severity: "error",
          file: "r/a.yaml",
          line: 3,
          column: 13,
          message: "name has the wrong form",
          help: expect.stringContaining("lower-case letters"),
        },
      ],
    });
  });

  test("lets warnings pass", async () => {
    const end = await validate(
      { "r/a.yaml": GOOD, "p/a.yaml": "playbooks:\n  - { name: n, destroysData: true, steps: [syncDevice] }\n" },
      "r",
      "--playbooks",
      "p",
    );

    expect(end).toMatchObject({ code: 0, stdout: "1 request and 1 playbook in 2 files, no mistakes, 1 warning\n" });
    expect(end.stderr).toContain("p/a.yaml:2:30: warning DLR210: ");
  });

  test("ends with 1 for a folder that is not there, and with 2 for an option that is not there", async () => {
    const [noFolder, noOption] = await Promise.all([validate({}, "none"), validate({}, "--none")]);

    expect(noFolder).toMatchObject({ code: 1, stdout: "" });
    expect(noFolder.stderr).toContain("none:1:1: error DLR010: there is no such file or folder");
    expect(noOption).toMatchObject({ code: 2, stdout: "" });
  });

  test("checks the project's own folders when none is named, whatever folder it runs in", async () => {
    const end = await validate({});

    expect(end).toMatchObject({ code: 0, stderr: "" });
    expect(end.stdout).toMatch(/, no mistakes\n$/);
  });
});

describe("colour", () => {
  test.each([
    [true, {}, true],
    [false, {}, false],
    [true, { NO_COLOR: "1" }, false],
    [true, { NO_COLOR: "" }, true],
    [true, { TERM: "dumb" }, false],
  ])("on a terminal: %j, with %j: %j", (isTTY, env, expected) => {
    expect(wantsColour({ isTTY }, env)).toBe(expected);
  });

  test("changes nothing but the colour", async () => {
    const { diagnostics } = await loadText("requests:\n  - name: ^\n");

    const painted = renderForTerminal(diagnostics, true);

    expect(painted).toContain("\u001b[31merror DLR");
    expect(stripVTControlCharacters(painted)).toBe(renderForTerminal(diagnostics, false));
  });
});

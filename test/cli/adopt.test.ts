import { access, mkdir, readdir, readFile, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { beforeEach, describe, expect, test } from "@jest/globals";
import { writeFiles } from "../../cli/adopt/write-files.ts";
import { loadRequests } from "../../providers/request/load-requests.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { run } from "./store-commands.ts";

const LIST = 'Device ID,Device name,Serial number,User\n1,"iPad, Mia", DMPXK2ABCDEF ,mia\n2,iPad,PHONE1,leo\n';
const FORM = {
  serialNumbers: ["DMPXK2ABCDEF"],
  playbook: "unlock-and-wipe",
  reason: "Leaver: # returned\n- name: evil",
  expires: "2099-12-31",
  acknowledge: ["dataLoss", "physicalPossession"],
};

describe("dlr adopt", () => {
  let root: string;
  let requests: string;

  beforeEach(async () => {
    root = await temporaryFolder();
    requests = path.join(root, "devices", "requests");
    await mkdir(requests, { recursive: true });
  });

  async function adopt(name: string, text: string | object, ...args: readonly string[]) {
    const file = path.join(root, name);
    await writeFile(file, typeof text === "string" ? text : JSON.stringify(text));
    return run("adopt", [file, "--requests", requests, "--playbooks", path.join(root, "devices", "playbooks"), ...args]);
  }
  const written = async () => (await readdir(requests)).sort();
  const read = (name: string) => readFile(path.join(requests, name), "utf8");
  const load = async () => {
    const { requests: loaded, diagnostics } = await loadRequests({ root, requests: "devices/requests", playbooks: "devices/playbooks" });
    expect(diagnostics).toEqual([]);
    return loaded;
  };

  describe("with a list", () => {
    test("writes a request and its list, of which it keeps the serial numbers alone, and ends with the next command", async () => {
      const { code, stdout } = await adopt(
        "Leavers, Jänner.csv",
        LIST,
        "--playbook",
        "unlock-and-wipe",
        "--reason",
        "Leavers: all",
        "--ticket",
        "INC-1",
        "--expires",
        "2099-12-31",
        "--acknowledge",
        "dataLoss",
        "physicalPossession",
      );

      expect([code, await written()]).toEqual([0, ["leavers-janner.csv", "leavers-janner.yaml"]]);
      expect(await read("leavers-janner.csv")).toBe("serialNumber\nDMPXK2ABCDEF\nPHONE1\n");
      expect((await load()).map(({ name, reason, ticket, expires }) => [name, reason, ticket, expires])).toEqual([
        ["leavers-janner/DMPXK2ABCDEF", "Leavers: all", "INC-1", "2099-12-31"],
        ["leavers-janner/PHONE1", "Leavers: all", "INC-1", "2099-12-31"],
      ]);
      expect(stdout).toMatch(
        /^wrote .*leavers-janner\.csv\nwrote .*leavers-janner\.yaml\n2 devices\. What would be done: \.\/dlr preview\n$/,
      );
    });

    test("keeps what the playbook takes of each device, and only then", async () => {
      await mkdir(path.join(root, "devices", "playbooks"));
      await writeFile(
        path.join(root, "devices", "playbooks", "own.yaml"),
        "playbooks:\n  - name: rename\n    description: Name them\n    steps: [setDeviceName]\n",
      );
      const list = "deviceName,serialNumber,iccId\nLEEDS-1,DMPXK2ABCDEF,8\n";

      await adopt("a.csv", list, "--playbook", "rename", "--reason", "x");
      await adopt("b.csv", list, "--playbook", "unlock", "--reason", "x", "--acknowledge", "physicalPossession");

      expect(await read("a.csv")).toBe("serialNumber,deviceName\nDMPXK2ABCDEF,LEEDS-1\n");
      expect(await read("b.csv")).toBe("serialNumber\nDMPXK2ABCDEF\n");
    });

    test("tells all mistakes, of its rows and of the request, with what to say instead; nothing is written", async () => {
      const { code, stderr } = await adopt("a.csv", `${LIST}3,x,DMPX*,y\n`, "--playbook", "unlock-and-wipe", "--reason", "x");

      expect([code, await written()]).toEqual([1, []]);
      expect(stderr).toMatch(/a\.csv:4:5: error DLR015: "DMPX\*" has not the form of serialNumber/);
      expect(stderr).toMatch(/--expires: expires is missing: wipe destroys data\n {2}help: say --expires \d{4}-/);
      expect(stderr).toContain("--acknowledge: the steps demand");
      expect(stderr).toContain("help: if that is so, say --acknowledge physicalPossession dataLoss");
      expect(stderr).toContain("3 mistakes: nothing was written");
    });

    test("writes over nothing: neither a file, nor a link that leads nowhere", async () => {
      const flags = ["--playbook", "reset-passcode", "--reason", "x"];
      await writeFile(path.join(requests, "a.csv"), "mine");
      await symlink(path.join(root, "elsewhere"), path.join(requests, "b.yaml"));

      const [taken, linked] = [await adopt("a.csv", LIST, ...flags), await adopt("b.csv", LIST, ...flags)];

      expect([taken.code, taken.stderr]).toEqual([
        1,
        expect.stringContaining("--name: a.csv is there already, and nothing is ever written over\n  help: say --name a-2"),
      ]);
      expect([linked.code, linked.stderr]).toEqual([1, expect.stringContaining("b.yaml is there already")]);
      expect([await written(), await read("a.csv")]).toEqual([["a.csv", "b.yaml"], "mine"]);
      await expect(access(path.join(root, "elsewhere"))).rejects.toThrow("ENOENT");
    });

    test("what somebody wrote meanwhile stays, and what was written before it goes", async () => {
      await writeFile(path.join(requests, "a.yaml"), "theirs");

      const files = ["a.csv", "a.yaml"].map((name) => ({ name, text: "ours" }));

      await expect(writeFiles(requests, files)).rejects.toThrow("(EEXIST): nothing was kept");
      expect([await written(), await read("a.yaml")]).toEqual([["a.yaml"], "theirs"]);
    });

    test("writes nothing beside requests that have mistakes, or that wipe the same device", async () => {
      const there = { ...FORM, name: "there", device: { serialNumber: "PHONE1" }, serialNumbers: undefined };
      await writeFile(path.join(requests, "there.yaml"), JSON.stringify({ requests: [there] }));
      const flags = ["--playbook", "retire", "--reason", "x", "--expires", "2099-12-31", "--acknowledge", "dataLoss"];

      const { code, stderr } = await adopt("a.csv", LIST, ...flags);

      expect([code, await written(), stderr]).toEqual([1, ["there.yaml"], expect.stringContaining("there")]);
    });

    test("--dry-run prints the files, and writes none", async () => {
      const { code, stdout } = await adopt("a.csv", LIST, "--playbook", "reset-passcode", "--reason", "x", "--dry-run");

      expect([code, await written()]).toEqual([0, []]);
      expect(stdout).toContain("# a.csv\nserialNumber\nDMPXK2ABCDEF\nPHONE1\n");
      expect(stdout).toContain("devicesFrom: a.csv");
    });

    test.each([
      ["../evil", "cannot be the name of a request"],
      ["A", "help: say --name a"],
    ])("takes no name that leads elsewhere or fits no request: %s", async (name, told) => {
      const { code, stderr } = await adopt("a.csv", LIST, "--playbook", "reset-passcode", "--reason", "x", "--name", name);

      expect([code, stderr, await written()]).toEqual([1, expect.stringContaining(told), []]);
    });
  });

  describe("with a form", () => {
    test("writes one file; its texts stay values", async () => {
      const { code } = await adopt("form.json", FORM, "--name", "leeds");

      expect([code, await written()]).toEqual([0, ["leeds.yaml"]]);
      expect(await load()).toMatchObject([
        { name: "leeds", device: { serialNumber: "DMPXK2ABCDEF" }, reason: "Leaver: # returned - name: evil" },
      ]);
    });

    test("of the page is adopted as it stands", async () => {
      const page = await readFile(path.resolve(import.meta.dirname, "../../docs/forms.md"), "utf8");
      const [, form = ""] = /```json\n(.*?)```/s.exec(page) ?? [];

      expect((await adopt("form.json", form)).code).toBe(0);
      expect(await load()).toMatchObject([{ name: "leeds-leaver-0042", ticket: "INC-4711" }]);
    });

    test.each([
      ["no JSON", "{", "this is not one JSON object"],
      ["a misspelt key", { ...FORM, expiers: "x" }, 'unknown key "expiers" (did you mean "expires"?)'],
      ["a key that is missing", { ...FORM, playbook: undefined }, '"playbook" is missing'],
      ["no device", { ...FORM, serialNumbers: undefined }, "a form has serialNumbers or ids, and not both"],
      ["serial numbers and ids", { ...FORM, ids: ["a"] }, "a form has serialNumbers or ids, and not both"],
      ["a wildcard", { ...FORM, serialNumbers: ["*"] }, 'serialNumbers.0: "*"'],
      ["a last day that is past", { ...FORM, expires: "2020-01-01" }, '"expires": expires is past'],
      ["a box that is not ticked", { ...FORM, acknowledge: ["dataLoss"] }, 'write "acknowledge": ["dataLoss","physicalPossession"]'],
      ["a line end in a ticket", { ...FORM, ticket: "INC-1\nINC-2" }, '"ticket": there is U+000A'],
      ["a character that nobody sees", JSON.stringify(FORM).replace("Leaver", "Leaver\\u202e"), '"reason": there is U+202E'],
    ])("with %s tells what to write instead, and writes nothing", async (_, form, told) => {
      const { code, stderr } = await adopt("form.json", form);

      expect([code, stderr, await written()]).toEqual([1, expect.stringContaining(told), []]);
    });
  });

  test.each([
    ["a list without a playbook", ["a.csv", LIST, "--reason", "x"], "say --playbook NAME too"],
    ["a list without a reason", ["a.csv", LIST, "--playbook", "unlock"], "say --reason TEXT too"],
    ["a form and what it says itself", ["form.json", "{}", "--playbook", "unlock"], "a form says itself what --playbook would say"],
    ["a folder that is not there", ["form.json", JSON.stringify(FORM), "--requests", "/nowhere"], "there is no folder of requests"],
  ] as const)("%s is wrong use", async (_, [name, text, ...args], told) => {
    const { code, stderr } = await adopt(name, text, ...args);

    expect([code, stderr, await written()]).toEqual([2, expect.stringContaining(told), []]);
  });
});

import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { MistakeCase } from "../marked-files.ts";

const REQUESTS = "requests: []\n";
const MIB = 1024 * 1024;
const LIST = "requests:\n  - name: a\n    devicesFrom: «DLR009»PATH\n    playbook: escrow-bypass-code\n    reason: r\n";

const disk = (title: string, prepare: (requests: string, folder: string) => void, ...also: readonly string[]): MistakeCase => ({
  title,
  files: { "elsewhere/x.yaml": REQUESTS, "elsewhere/x.csv": "serialNumber\nA1\n" },
  prepare: (folder) => prepare(path.join(folder, "requests"), folder),
  also,
});

const bytes = (title: string, place: string, ...values: readonly number[]): MistakeCase =>
  disk(title, (requests) => writeFileSync(path.join(requests, "a.yaml"), Buffer.from(values)), `requests/a.yaml:${place}`);

const ascii = (text: string): readonly number[] => [...Buffer.from(text)];

const manyMistakes = `requests:\n${"  - {}\n".repeat(300)}`;

/** What stands on the disk: sizes, bytes, links, things that are no files. */
export const DISK_CASES: readonly MistakeCase[] = [
  disk("no folder of requests", (requests) => rmSync(requests, { recursive: true }), "requests:1:1 DLR010"),
  disk(
    "a file in place of the folder",
    (requests) => {
      rmSync(requests, { recursive: true });
      writeFileSync(requests, "");
    },
    "requests:1:1 DLR010",
  ),
  disk(
    "a link in place of the folder",
    (requests, folder) => {
      rmSync(requests, { recursive: true });
      symlinkSync(path.join(folder, "elsewhere"), requests);
    },
    "requests:1:1 DLR009",
  ),
  disk("a folder that is called like a file", (requests) => mkdirSync(path.join(requests, "x.yaml")), "requests/x.yaml:1:1 DLR010"),
  disk(
    "a pipe that is called like a file",
    (requests) => execFileSync("mkfifo", [path.join(requests, "x.yaml")]),
    "requests/x.yaml:1:1 DLR010",
  ),
  disk("a link to a file", (requests) => symlinkSync("../elsewhere/x.yaml", path.join(requests, "x.yaml")), "requests/x.yaml:1:1 DLR009"),
  disk("a link to nothing", (requests) => symlinkSync("none.yaml", path.join(requests, "x.yaml")), "requests/x.yaml:1:1 DLR009"),
  disk("a link to a folder", (requests) => symlinkSync("../elsewhere", path.join(requests, "more")), "requests/more:1:1 DLR009"),
  disk("a link to itself", (requests) => symlinkSync("loop", path.join(requests, "loop")), "requests/loop:1:1 DLR009"),
  disk(
    "a link among the playbooks",
    (_, folder) => {
      mkdirSync(path.join(folder, "playbooks"));
      symlinkSync("../elsewhere/x.yaml", path.join(folder, "playbooks/x.yaml"));
    },
    "playbooks/x.yaml:1:1 DLR009",
  ),
  disk(
    "a file over 1 MiB",
    (requests) => writeFileSync(path.join(requests, "a.yaml"), REQUESTS.padEnd(MIB + 1, "#")),
    "requests/a.yaml:1:1 DLR007",
  ),
  disk(
    "a file of more words than anybody writes",
    (requests) => writeFileSync(path.join(requests, "a.yaml"), "[]\n".repeat(300_000)),
    "requests/a.yaml:166667:2 DLR031",
  ),
  disk(
    "more mistakes than anybody reads",
    (requests) => writeFileSync(path.join(requests, "a.yaml"), manyMistakes),
    ...Array.from({ length: 250 }, (_, index) =>
      ["DLR014", "DLR014", "DLR018", "DLR018"].map((code) => `requests/a.yaml:${index + 2}:5 ${code}`),
    ).flat(),
    "requests/a.yaml:252:5 DLR033",
  ),
  bytes("a byte that is no UTF-8", "2:3 DLR008", ...ascii("requests: []\n# "), 0xe9, ...ascii("\n")),
  bytes("half a character at the end", "1:4 DLR008", ...ascii("a: "), 0xe2, 0x82),
  bytes("a good replacement character, then a bad byte", "1:4 DLR008", ...ascii("# "), 0xef, 0xbf, 0xbd, 0xff),
  bytes("a workbook", "1:1 DLR008", 0x50, 0x4b, 0x03, 0x04, 0x14),
  bytes("an old workbook", "1:1 DLR008", 0xd0, 0xcf, 0x11, 0xe0, 0xa1),
  bytes("UTF-16 without a mark", "1:1 DLR008", ...ascii("requests: []\n").flatMap((byte) => [byte, 0])),
  bytes("UTF-16 of the other order without a mark", "1:1 DLR008", ...ascii("requests: []\n").flatMap((byte) => [0, byte])),
  bytes("UTF-16", "1:1 DLR008", 0xff, 0xfe, 0x61, 0x00),
  ...[
    "leavers.yaml.txt",
    "leavers.YML.txt",
    "leavers.yaml.download",
    "leavers.yaml ",
    "leavers.yaml\u200b",
    "leavers.ymal",
    "leavers.yam",
  ].map((name) =>
    disk(
      `a file that is called ${JSON.stringify(name)}`,
      (requests) => writeFileSync(path.join(requests, name), REQUESTS),
      `requests/${name}:1:1 DLR038`,
    ),
  ),
  disk(
    "a misnamed file among the playbooks",
    (_, folder) => {
      mkdirSync(path.join(folder, "playbooks"));
      writeFileSync(path.join(folder, "playbooks/own.yaml.txt"), "");
    },
    "playbooks/own.yaml.txt:1:1 DLR038",
  ),
  {
    title: "a CSV file that is a link",
    files: { "requests/a.yaml": LIST.replace("PATH", "d.csv"), "elsewhere/x.csv": "serialNumber\nA1\n" },
    prepare: (folder) => symlinkSync("../elsewhere/x.csv", path.join(folder, "requests/d.csv")),
    also: ["requests/d.csv:1:1 DLR009"],
  },
  {
    title: "a CSV file behind a linked folder",
    files: { "requests/a.yaml": LIST.replace("PATH", "more/x.csv"), "elsewhere/x.csv": "serialNumber\nA1\n" },
    prepare: (folder) => symlinkSync("../elsewhere", path.join(folder, "requests/more")),
    also: ["requests/more:1:1 DLR009"],
  },
  {
    title: "a CSV file over 1 MiB",
    files: { "requests/a.yaml": LIST.replace("«DLR009»PATH", "d.csv") },
    prepare: (folder) => writeFileSync(path.join(folder, "requests/d.csv"), "serialNumber\nA1\n".padEnd(MIB + 1, "\n")),
    also: ["requests/d.csv:1:1 DLR007"],
  },
  {
    title: "more devices than one run may hold",
    files: Object.fromEntries(
      ["a", "b", "«DLR032»c"].map((name, index) => [
        `requests/${index}.yaml`,
        `requests:\n  - name: ${name}\n    devicesFrom: d.csv\n    playbook: escrow-bypass-code\n    reason: r\n`,
      ]),
    ),
    prepare: (folder) =>
      writeFileSync(path.join(folder, "requests/d.csv"), `id\n${Array.from({ length: 40_000 }, (_, index) => `d${index}\n`).join("")}`),
  },
];

import type { MistakeCase } from "../marked-files.ts";

const file = (title: string, text: string): MistakeCase => ({ title, files: { "requests/a.yaml": text } });

/** Text that is not the YAML we take. */
export const YAML_CASES: readonly MistakeCase[] = [
  file("a colon and a space inside a plain text", "requests:\n  - name: a\n    reason: «DLR001»two: parts\n"),
  file("a value that starts with an at sign", "requests:\n  - name: «DLR001»@a\n"),
  file("a quote that is never closed", "requests:\n  - name: «DLR001»'a\n    reason: r\n"),
  file("a double quote whose end is escaped", 'requests:\n  - name: «DLR001»"a\\"\n    reason: r\n'),
  file("a bracket that is never closed", "requests:\n  - acknowledge: «DLR001»[dataLoss\n    name: a\n"),
  file("a brace that is never closed", "requests:\n  - device: «DLR001»{ serialNumber: A\n    name: a\n"),
  file("a closing bracket too many", "requests: []\n«DLR001»]\n"),
  file("a missing comma in braces", "requests:\n  - device: { id: «DLR001»a user: b }\n"),
  file("an unknown escape", 'requests:\n  - name: "«DLR001»\\q"\n'),
  file("a line without a colon between keys", "requests: []\n«DLR001»foo\nbar: 1\n"),
  file("several mistakes of one file, one a line", "requests:\n  - name: «DLR001»@a\n    reason: «DLR001»`b`\n"),
  file("a tab before a list", "requests:\n«DLR002»\t- name: a\n"),
  file("a tab after spaces", "requests:\n  - name: a\n  «DLR002»\treason: r\n"),
  file("a key twice", "requests: []\n«DLR003»requests: []\n"),
  file(
    "a key twice in braces",
    "requests:\n  - { device: { serialNumber: A, «DLR003»serialNumber: B }, name: a, playbook: escrow-bypass-code, reason: r }\n",
  ),
  file("an anchor and its alias", "requests:\n  - name: «DLR004»&n a\n    reason: «DLR004»*n\n"),
  file("a tag", "requests:\n  - name: «DLR004»!!str a\n"),
  file("a tag on the document", "--- «DLR004»!!map\nrequests: []\n"),
  file("an anchor on a block text", "requests:\n  - reason: «DLR004»&r |\n      text\n"),
  file("an alias bomb", "a: «DLR004»&a [x, x]\nb: «DLR004»&b [«DLR004»*a, «DLR004»*a]\nrequests: [«DLR004»*b, «DLR004»*b]\n"),
  file("an empty file", "«DLR005»"),
  file("nothing but a comment", "«DLR005»# nothing yet\n"),
  file("nothing but a document mark", "«DLR005»---\n"),
  file("a second document", "requests: []\n«DLR006»---\nrequests: []\n"),
  file(
    "a merge key",
    "requests:\n  - «DLR025»<<: { name: b }\n    name: a\n    device: { serialNumber: A }\n    playbook: escrow-bypass-code\n    reason: r\n",
  ),
  file(
    "keys of every object",
    "«DLR025»__proto__: { requests: [] }\n«DLR025»constructor: { «DLR025»prototype: { x: 1 } }\n«DLR025»prototype: 1\nrequests: []\n",
  ),
  file("a quoted key of every object", '«DLR025»"\\u005f_proto__": 1\nrequests: []\n'),
  file("a number as key", "«DLR015»1: a\nrequests: []\n"),
  file("a list as key", "? «DLR015»[a]\n: b\nrequests: []\n"),
  file(
    "a command to Azure Pipelines",
    'requests:\n  - name: a\n    device: { serialNumber: A }\n    playbook: escrow-bypass-code\n    reason: «DLR034»"a ##vso[task.setvariable variable=b]c"\n',
  ),
  file(
    "a command to GitHub Actions in a line of its own",
    "requests:\n  - name: a\n    device: { serialNumber: A }\n    playbook: escrow-bypass-code\n    reason: «DLR034»|\n      first\n        ::add-mask::b\n",
  ),
  file(
    "texts that go on behind what is taken for a comment",
    "requests:\n  - name: a\n    reason: Returned by desk «DLR036»#4, in a box\n    ticket: INC «DLR036»#4711 # really\n    device: { serialNumber: A }\n    playbook: unlock # a comment\n    acknowledge: [physicalPossession] #another\n",
  ),
  file(
    "a ticket that is taken for a comment",
    "requests:\n  - name: a\n    ticket: «DLR015»#4711\n    reason: r\n    device: { id: x }\n    playbook: reset-passcode\n",
  ),
  file("a comment that hides a brace", "requests:\n  - «DLR001»{ name: a, reason: desk #4, device: { id: x } }\n"),
  file("a merge conflict", "requests:\n«DLR037»<<<<<<< HEAD\n  - name: a\n=======\n  - name: b\n>>>>>>> main\n"),
  file(
    "two merge conflicts with Windows line ends",
    "requests: []\r\n«DLR037»<<<<<<< HEAD\r\n||||||| base\r\n=======\r\n>>>>>>> x\r\n«DLR037»<<<<<<< HEAD\r\n=======\r\n>>>>>>> x",
  ),
  file("half of a merge conflict", "requests: []\n«DLR037»======="),
  file("a NUL byte", "requests: []\n# «DLR029»\0\n"),
  file("a lone carriage return", "requests: []«DLR029»\r# more\n"),
  file("an escape sequence of a terminal", "requests: []\n# «DLR029»\u001b[31m\n"),
  file("text that runs backwards", "requests: []\n# «DLR029»\u202e\n"),
  file(
    "an escape that makes a control character",
    'requests:\n  - name: a\n    device: { serialNumber: A }\n    playbook: escrow-bypass-code\n    reason: «DLR029»"a\\u0007"\n',
  ),
  file(
    "an escape that makes half of a character",
    'requests:\n  - name: a\n    device: { serialNumber: A }\n    playbook: escrow-bypass-code\n    reason: «DLR029»"\\ud800"\n',
  ),
  file("a directive", "«DLR030»%YAML 1.1\n---\nrequests: []\n"),
  file("a directive that defines a tag", "«DLR030»%TAG ! tag:example.com,2000:\n---\nrequests: []\n"),
  file("brackets in brackets", `requests: ${"[".repeat(31)}«DLR031»[${"]".repeat(32)}\n`),
  file("list signs on one line", `requests:\n  ${"- ".repeat(32)}«DLR031»- a\n`),
  file(
    "depth by indentation",
    `${Array.from({ length: 32 }, (_, depth) => `${" ".repeat(depth)}a:\n`).join("")}${" ".repeat(32)}«DLR031»a: 1\n`,
  ),
  file(
    "Windows line ends change no position",
    "requests:\r\n  - name: a\r\n    «DLR011»raeson: r\r\n    reason: r\r\n    device: { serialNumber: A }\r\n    playbook: escrow-bypass-code\r\n",
  ),
  file("a byte order mark changes no position", "\ufeffrequests: []\n«DLR011»more: 1\n"),
];

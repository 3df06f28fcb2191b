import { mkdirSync } from "node:fs";
import path from "node:path";
import type { MistakeCase } from "../marked-files.ts";

const REQUEST = "requests:\n  - name: a\n    devicesFrom: d.csv\n    playbook: escrow-bypass-code\n    reason: r\n";

const csv = (title: string, text: string): MistakeCase => ({ title, files: { "requests/a.yaml": REQUEST, "requests/d.csv": text } });

const from = (title: string, name: string, code: string): MistakeCase => ({
  title,
  files: { "requests/a.yaml": REQUEST.replace("d.csv", `«${code}»${name}`), "outside.csv": "serialNumber\nA1\n" },
});

/** Lists of devices in CSV files. */
export const CSV_CASES: readonly MistakeCase[] = [
  csv("an empty file", "«DLR005»"),
  csv("a header alone", "serialNumber\n«DLR022»"),
  csv("no column of devices", "«DLR022»name,note\na,b\n"),
  csv("a column by the name that Intune exports", "«DLR022»Device name,Serial number\na,A1\n"),
  csv("both columns", "serialNumber,«DLR022»id\nA1,b\n"),
  csv("a column twice", "serialNumber,note,«DLR022»serialNumber\nA1,b,A2\n"),
  csv("semicolons", "«DLR024»serialNumber;note\nA1;b\n"),
  csv("tabs", "«DLR024»note\tserialNumber\nb\tA1\n"),
  csv("a row without a serial number", "note,serialNumber\nx,A1\ny,«DLR022»\n"),
  csv("a row that is too short", "note,serialNumber\ny«DLR022»\n"),
  csv("a row of commas", "serialNumber,note\n«DLR022»,\nA1,\n"),
  csv("a serial number twice, written in two ways", "serialNumber,note\nab12,\n«DLR023»AB 12,\n"),
  csv("an id twice", "id\nAA-1\n«DLR023»aa-1\n"),
  csv("a generic serial number", "serialNumber\n«DLR028»None\n"),
  csv("a number that a spreadsheet has rounded", "serialNumber\n«DLR015»1.23457E+11\n"),
  csv("a formula", 'serialNumber\n«DLR015»"=""A1"""\n'),
  csv("a serial number with other signs", "serialNumber\n«DLR015»A1/../B\n"),
  csv("an id with other signs", "id\n«DLR015»a b\n"),
  csv("a quote that is never closed", 'serialNumber,note\nA1,"fine"\nA2,«DLR024»"open\nA3,\n'),
  csv("a quote inside a cell", 'serialNumber,note\nA1,\n«DLR024»A2,15" display\n'),
  csv("text after a quote", 'serialNumber,note\n«DLR024»A1,"x"y\n'),
  csv("a cell with a line break and a comma before the mistake", 'note,serialNumber\n"two, lines\nhere",A1\nx,  «DLR028»none\n'),
  csv("a mistake behind a cell with a line break stands at its row", 'note,serialNumber\n«DLR028»"two\nlines",none\n'),
  csv("a quoted cell with a comma before the mistake", 'note,serialNumber\n"a, b",«DLR028»none\n'),
  csv("Windows line ends change no position", "serialNumber,note\r\nA1,\r\n\r\n«DLR028»0,\r\n"),
  csv("a lone column as Excel of Europe writes it", "«DLR024»serialNumber;\nA1;\n"),
  csv("Excel's line above a header with semicolons", "sep=;\n«DLR024»serialNumber;note\nA1;b\n"),
  csv("lines of a title above the header", "«DLR022»Devices of Leeds,,\n2026-11-01,,\n\nserialNumber,note\nA1,\n"),
  csv("a title above a header with semicolons", "«DLR022»Devices of Leeds\nnote;Serial number\nx;A1\n"),
  csv("a header of Autopilot", "«DLR022»Device Serial Number,Windows Product ID,Hardware Hash\nA1,,x\n"),
  csv("a header of Entra", "«DLR022»displayName,deviceId,objectId\nx,b,c\n"),
  csv("the header a second time", "serialNumber\nA1\n«DLR022»serialNumber\nA2\n"),
  csv("rows of commas before the last device", "serialNumber,note\nA1,\n«DLR022»,\nA2,\n,\n"),
  csv("nothing but rows of commas", "serialNumber,note\n,\n,«DLR022»"),
  csv("line ends of old Macs", "serialNumber«DLR029»\rA1\rA2\r"),
  csv("a NUL byte", "serialNumber\nA1\n«DLR029»\0\n"),
  {
    title: "a file that two requests name is reported once",
    files: {
      "requests/a.yaml": REQUEST,
      "requests/b.yaml": REQUEST.replace("name: a", "name: b"),
      "requests/d.csv": "serialNumber\n«DLR028»0\n",
    },
  },
  from("a file that is not there", "none.csv", "DLR010"),
  from("a file outside the folder", "../outside.csv", "DLR009"),
  from("a way out and in again", "../requests/../outside.csv", "DLR009"),
  from("an absolute path", "/etc/devices.csv", "DLR009"),
  from("an absolute path of Windows", "C:/devices.csv", "DLR009"),
  from("backslashes", "sub\\d.csv", "DLR009"),
  from("a backslash that YAML reads as the end of a line", '"sub\\new.csv"', "DLR009"),
  csv("a comma in a cell that moves the serial number", "note,serialNumber\nx,A1\n«DLR024»Leeds, North,A2\n"),
  csv("a merge conflict", "serialNumber\n«DLR037»<<<<<<< HEAD\nA1\n=======\nA2\n>>>>>>> main\n"),
  from("another kind of file", "devices.txt", "DLR015"),
  {
    title: "a folder that is called like a CSV file",
    files: { "requests/a.yaml": REQUEST },
    prepare: (folder) => mkdirSync(path.join(folder, "requests/d.csv")),
    also: ["requests/d.csv:1:1 DLR010"],
  },
];

import { describe, expect, test } from "@jest/globals";
import { readExport } from "../../providers/request/csv/read-export.ts";
import { SourceFile } from "../../providers/request/files/source-file.ts";

const ID = "9b2c1f6e-5a0d-4d0c-8c57-2f1f0f5f7a10";

function read(text: string, by?: "serialNumber" | "id") {
  const { rows, diagnostics } = readExport(new SourceFile("list.csv", text), by);
  return {
    devices: rows.map(({ selector }) => selector),
    mistakes: diagnostics.map(({ message }) => message),
    hints: diagnostics.map(({ hint }) => hint),
  };
}

const READ: readonly (readonly [name: string, text: string])[] = [
  ["of Intune", `Device ID,Device name,Azure AD Device ID,Serial number,Phone number\n${ID},"iPad, of Mia",${ID},DMPXK2ABCDEF,+1\n`],
  ["of Autopilot", "Device Serial Number,Windows Product ID,Hardware Hash\r\nDMPXK2ABCDEF,,AAAA\r\n"],
  ["of Graph's PowerShell", `#TYPE System.Object\n"Id","SerialNumber"\n"${ID}","DMPXK2ABCDEF"\n`],
  ["of a German Excel", `sep=;\nGerätename;Seriennummer\n"iPad; Mia";DMPXK2ABCDEF\n;\n`],
  ["of a spreadsheet with tabs", "Name\tSerial No.\niPad\tDMPXK2ABCDEF\n"],
  ["with titles above its header", "Report of May\n\nExported,2026-05-01\nModel,Serial number\niPad,DMPXK2ABCDEF\n"],
  ["with our own column beside another that could be it", "Serial,serialNumber\n1,DMPXK2ABCDEF\n"],
];

describe("a list", () => {
  test.each(READ)("%s is read by its serial numbers", (_, text) => {
    expect(read(text)).toMatchObject({ devices: [{ serialNumber: "DMPXK2ABCDEF" }], mistakes: [] });
  });

  test("of Intune without serial numbers is read by id, and one with both where that is wanted", () => {
    expect(read(`Device ID,Device name\n${ID},a\n`)).toMatchObject({ devices: [{ id: ID }], mistakes: [] });
    expect(read(`Device ID,Serial number\n${ID},DMPXK2ABCDEF\n`, "id")).toMatchObject({ devices: [{ id: ID }], mistakes: [] });
  });

  test.each([
    [
      "of Entra, whose ids are others",
      `displayName,deviceId,objectId\nx,${ID},${ID}\n`,
      "there is no column serialNumber or id",
      "is an id|are ids of Entra",
    ],
    [
      "with two columns that could be it",
      "Serial number,Serial\nA1,B1\n",
      'the columns "Serial number" and "Serial" may both be the serialNumber',
      "delete one",
    ],
    ["with no column that could be it", "Name,Model\na,b\n", "there is no column serialNumber or id", "start with a line"],
    ["that is empty", "", "the file is empty", "start with"],
  ] as const)("%s is refused", (_, text, message, hint) => {
    const { devices, mistakes, hints } = read(text);

    expect([devices, mistakes]).toEqual([[], [message]]);
    expect(hints[0]).toMatch(new RegExp(hint));
  });

  test("of Entra is not read by an id, even where that is wanted", () => {
    const { devices, mistakes } = read(`deviceId,objectId,Serial number\n${ID},${ID},X1\n`, "id");

    expect([devices, mistakes]).toEqual([[], ["there is no column serialNumber or id"]]);
  });

  test("has each mistake at its own line and column, whatever separates its cells", () => {
    const { diagnostics } = readExport(new SourceFile("list.csv", "Name;Serial number\na;DMPX*\nb;\nc;A1\nd;a1\n"));

    expect(diagnostics.map(({ location, code }) => `${location.line}:${location.column} ${code}`)).toEqual([
      "2:3 DLR015",
      "3:3 DLR022",
      "5:3 DLR023",
    ]);
  });
});

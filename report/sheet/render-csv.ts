/**
 * What makes Excel, LibreOffice or Google Sheets calculate a cell, full-width signs included.
 * Source: https://owasp.org/www-community/attacks/CSV_Injection
 */
const FORMULA = /^[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/;

/**
 * RFC 4180 with a heading, in UTF-8 with its mark, which Excel asks for. A text that a spreadsheet
 * would calculate has an apostrophe before it; everything else comes back as it was.
 */
export function renderCsv(heading: readonly string[], rows: readonly (readonly string[])[]): string {
  return `\ufeff${[heading, ...rows].map((cells) => `${cells.map(cell).join(",")}\r\n`).join("")}`;
}

function cell(text: string): string {
  const plain = text.toWellFormed();
  return `"${(FORMULA.test(plain) ? `'${plain}` : plain).replaceAll('"', '""')}"`;
}

import fc from "fast-check";

/**
 * Properties run the same texts each time, so that a red run is red again; `FC_SEED=NUMBER` tries
 * others.
 */
export const SEED = Number(process.env.FC_SEED ?? 4711);

const ESCAPE = "\u001b";

/** What people, devices and servers could write to be taken for more than a text. */
const ATTACKS: readonly string[] = [
  "../../etc/passwd",
  "..\\..\\windows",
  "%2e%2e%2f",
  "/",
  "?$filter=id ne ''",
  "#fragment",
  "\r\nx-injected: 1",
  "\n::error file=a::b",
  "::add-mask::a",
  " ::stop-commands::a",
  "##[error]a",
  "##vso[task.setvariable variable=PATH]a",
  "###vso[build.addbuildtag]a",
  `${ESCAPE}[2K${ESCAPE}[1A`,
  `${ESCAPE}]0;title\u0007`,
  "\u009b31m",
  "\u202egnp.exe",
  "\u2066\u2069",
  "\u2028\u2029\u0085",
  "$(touch /tmp/a)",
  "`id`",
  "'; DROP TABLE devices; --",
  '"quoted"',
  "@everyone @org/admins",
  "[a](javascript:alert(1)) <img src=x onerror=alert(1)>",
  '=HYPERLINK("http://a")',
  "__proto__",
  "constructor",
  "toString",
  "\0",
  "\ud800",
];

/** A text with attacks in it, anywhere. */
export const hostileText: fc.Arbitrary<string> = fc
  .array(
    fc.oneof(
      fc.constantFrom(...ATTACKS),
      fc.constantFrom(":", "#", "[", " ", "\t", "\n", "a"),
      fc.string({ unit: "binary", maxLength: 6 }),
    ),
    {
      minLength: 1,
      maxLength: 4,
    },
  )
  .map((parts) => parts.join(""));

/**
 * True for a line that GitHub Actions or Azure Pipelines would obey: the first trims it, both look
 * for `##[` and `##vso[` anywhere.
 */
export function isPipelineCommand(line: string): boolean {
  return /^\s*::/.test(line) || /##(?:vso)?\[/i.test(line);
}

/**
 * What a printed text must not hold, whoever wrote parts of it; line feeds are the printer's own.
 */
export function findSteering(text: string): readonly string[] {
  const lines = text.split("\n");
  return lines.filter((line) => isPipelineCommand(line) || /(?!\t)[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/u.test(line));
}

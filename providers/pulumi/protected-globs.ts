import { parseJson } from "../domain/json.ts";
import { mustBe, type Parsed } from "./setting-values.ts";

/**
 * The globs of `protected`: a JSON list, as Pulumi hands over YAML lists and what was set with
 * `--path`; or one text, with commas between several. A glob that was mistyped guards nobody, and
 * nothing ever says so: what can hardly be meant is a mistake.
 */
export function parseProtectedGlobs(text: string): Parsed<readonly string[]> {
  const globs = /^\s*[[{]/.test(text) ? listIn(text) : textsIn(text);
  if (globs === null) return mustBe(text, "a list of texts");
  const problems = globs.flatMap(problemOf);
  return problems.length > 0 ? { problems } : { value: globs };
}

function listIn(text: string): readonly string[] | null {
  const list = parseJson(text);
  return Array.isArray(list) && list.every((item) => typeof item === "string") ? list : null;
}

/**
 * What stands where globs were meant: an empty text, or the word that YAML has for a switch or for
 * nothing.
 */
const NO_GLOB = /^(true|false|yes|no|on|off|null|none|~)$/i;

/** What else people put between names, and how YAML lists begin. */
const OTHER_SEPARATOR = /[;\n]|^\s*-\s/;

function textsIn(text: string): readonly string[] | null {
  const globs = text.split(",").map((glob) => glob.trim());
  const named = globs.filter((glob) => glob !== "");
  return named.length === 0 || NO_GLOB.test(text.trim()) || OTHER_SEPARATOR.test(text) ? null : named;
}

/**
 * Why a glob is hardly what was meant, where it is not. `?` stands for every character that is
 * refused here.
 */
const PROBLEMS: readonly (readonly [RegExp, string])[] = [
  [/^$/, "is empty"],
  [/^\s|\s$/u, "begins or ends with a space"],
  [/(?! )[\p{C}\p{Z}\u2010\u2011]/u, "has a character in it that cannot be told from another by looking: write ? in its place"],
  [
    /^["'`\u2018\u2019\u201a\u00ab\u00bb]|["\u201c-\u201f]|['`\u2018\u2019]$/u,
    "has quotation marks in it that nobody's name begins with: take them out, or write ? for one that is meant",
  ],
  [
    /[[\]{}|\\^$]|^!/,
    "is written as a pattern of another kind: only * and ? stand for something else here; write ? for a character that is meant",
  ],
];

function problemOf(glob: string): readonly string[] {
  const found = PROBLEMS.find(([pattern]) => pattern.test(glob));
  return found === undefined ? [] : [`names ${JSON.stringify(glob)}, which ${found[1]}`];
}

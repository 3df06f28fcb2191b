import vendors from "ci-info/vendors.json" with { type: "json" };

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * How the table of `ci-info` knows a service: by a variable, several, one of several, a part of
 * one, or exact values.
 */
type Sign =
  | string
  | readonly string[]
  | { readonly any: readonly string[] }
  | { readonly env: string; readonly includes: string }
  | Readonly<Record<string, string>>;

/**
 * Variables that services of several makers set. Source:
 * https://github.com/watson/ci-info/blob/master/index.js
 */
const COMMON = [
  "BUILD_ID",
  "BUILD_NUMBER",
  "CI",
  "CI_APP_ID",
  "CI_BUILD_ID",
  "CI_BUILD_NUMBER",
  "CI_NAME",
  "CONTINUOUS_INTEGRATION",
  "RUN_ID",
];

/**
 * True where a build service and no person runs the program: nobody answers, what is printed is
 * kept in a log, and the disk is thrown away afterwards. `CI=false` and `CI=0` say that it is none,
 * whatever else is set. `ci-info` itself looks at the process's environment alone.
 */
export function isCi(environment: Environment): boolean {
  if (["0", "false"].includes((environment.CI ?? "").toLowerCase())) return false;
  return COMMON.some((name) => isSet(environment, name)) || vendors.some((vendor) => shows(environment, vendor.env as Sign));
}

function shows(environment: Environment, sign: Sign): boolean {
  if (typeof sign === "string") return isSet(environment, sign);
  if (isNames(sign)) return sign.every((name) => isSet(environment, name));
  if (isAny(sign)) return sign.any.some((name) => isSet(environment, name));
  if (isPart(sign)) return environment[sign.env]?.includes(sign.includes) ?? false;
  return Object.entries(sign).every(([name, value]) => environment[name] === value);
}

function isSet(environment: Environment, name: string): boolean {
  return (environment[name] ?? "") !== "";
}

function isNames(sign: Exclude<Sign, string>): sign is readonly string[] {
  return Array.isArray(sign);
}

function isAny(sign: object): sign is { readonly any: readonly string[] } {
  return "any" in sign && Array.isArray(sign.any);
}

function isPart(sign: object): sign is { readonly env: string; readonly includes: string } {
  return "env" in sign && "includes" in sign;
}

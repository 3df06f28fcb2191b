import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "@jest/globals";
import { gitFiles, ROOT, textOf } from "./pages.ts";

const { license, version } = JSON.parse(textOf("package.json")) as { readonly license: string; readonly version: string };

describe("the licence", () => {
  test("is the official text of the one that package.json names", () => {
    // https://www.apache.org/licenses/LICENSE-2.0.txt
    const official = "cfc7749b96f63bd31c3c42b5c471bf756814053e847c10f3eb003417bc523d30";

    expect(license).toBe("Apache-2.0");
    expect(
      createHash("sha256")
        .update(readFileSync(path.join(ROOT, "LICENSE")))
        .digest("hex"),
    ).toBe(official);
  });
});

describe("allowScripts", () => {
  const { allowScripts } = JSON.parse(textOf("package.json")) as { readonly allowScripts: Readonly<Record<string, boolean>> };
  const { packages } = JSON.parse(textOf("package-lock.json")) as {
    readonly packages: Readonly<Record<string, { readonly hasInstallScript?: boolean; readonly optional?: boolean }>>;
  };
  const scripted = Object.entries(packages).flatMap(([place, { hasInstallScript }]) =>
    hasInstallScript === true ? [place.slice(place.lastIndexOf("node_modules/") + "node_modules/".length)] : [],
  );

  test("says of every package that wants to run a script whether it may, for npm 12 asks", () => {
    expect(scripted.filter((name) => !(name in allowScripts))).toEqual([]);
    expect(Object.keys(allowScripts).filter((name) => !scripted.includes(name))).toEqual([]);
  });

  test("lets none run but the one that fetches our Node", () => {
    expect(Object.entries(allowScripts).filter(([, may]) => may)).toEqual([["node", true]]);
  });
});

describe("the changelog", () => {
  test("has the version of package.json, and what comes after it", () => {
    const sections = [...textOf("CHANGELOG.md").matchAll(/^## \[(.+?)\]/gm)].map(([, name]) => name);

    expect(sections.slice(0, 2)).toEqual(["Unreleased", version]);
  });

  test("has its version in the table of SECURITY.md", () => {
    expect(textOf("SECURITY.md")).toContain(`| ${version} | `);
  });
});

describe("test/README.md", () => {
  test("has every folder of tests, and no other", () => {
    const folders = new Set(gitFiles("test/*").flatMap((file) => file.split("/").slice(1, -1)[0] ?? []));
    const [, table = ""] = textOf("test/README.md").split("| folder |");
    const named = [...(table.split("\n\n")[0] ?? "").matchAll(/^\| (`[^|]+`) \|/gm)].flatMap(([, cell]) => cell?.match(/[\w-]+/g) ?? []);

    expect(named.sort()).toEqual([...folders].sort());
  });
});

describe("a checkout on Windows", () => {
  const attribute = (name: string, file: string) =>
    execFileSync("git", ["check-attr", name, "--", file], { cwd: ROOT }).toString().trim().split(": ").at(-1);

  test("has LF in every file that git has", () => {
    const files = gitFiles().filter((file) => !/\.(cmd|ps1|png)$/.test(file));

    expect(files.filter((file) => readFileSync(path.join(ROOT, file)).includes("\r\n"))).toEqual([]);
    expect(attribute("eol", "devices/requests/any.yaml")).toBe("lf");
    expect(attribute("eol", ".ci/run")).toBe("lf");
    expect(attribute("text", "docs/images/comment.png")).toBe("unset");
  });

  test.each(["ledger/ledger.jsonl", "ledger/brake.jsonl", "escrow/audit.jsonl", "escrow/0123456789abcdef.age"])(
    "leaves %s as it is",
    (file) => {
      expect(attribute("text", file)).toBe("unset");
    },
  );
});

import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { ConfigurationError } from "../../providers/domain/errors.ts";
import { parseEscrowLocation } from "../../providers/escrow/escrow-location.ts";
import { newEntryId, parseReference } from "../../providers/escrow/reference.ts";

const RULES = { root: "/project", vaultSuffixes: ["vault.azure.net"], isLoopbackGraph: false };

describe("an escrow location", () => {
  test.each([
    ["file:escrow", { kind: "file", folder: "/project/escrow", text: "escrow" }],
    ["file:data/escrow/", { kind: "file", folder: "/project/data/escrow", text: "data/escrow" }],
    ["file:/srv/escrow", { kind: "file", folder: "/srv/escrow", text: "/srv/escrow" }],
    ["https://my-vault.vault.azure.net", { kind: "vault", url: "https://my-vault.vault.azure.net", isLoopback: false }],
    ["https://my-vault.vault.azure.net/", { kind: "vault", url: "https://my-vault.vault.azure.net", isLoopback: false }],
  ])("%s is understood", (text, expected) => {
    expect(parseEscrowLocation(text, RULES)).toEqual(expected);
  });

  test.each([
    "",
    "escrow",
    "file:",
    "file:///escrow",
    "file:a\nb",
    "http://my-vault.vault.azure.net",
    "https://vault.azure.net",
    "https://my-vault.vault.azure.net.evil.example",
    "https://evil.example/my-vault.vault.azure.net",
    "https://my-vault.vault.azure.cn",
    "https://a.b.vault.azure.net",
    "https://evilvault.azure.net",
    "https://user@my-vault.vault.azure.net",
    "https://my-vault.vault.azure.net:8443",
    "https://my-vault.vault.azure.net/secrets/x",
    "https://my-vault.vault.azure.net?x=1",
    "https://127.0.0.1:8200",
  ])("%j is refused", (text) => {
    expect(() => parseEscrowLocation(text, RULES)).toThrow(ConfigurationError);
  });

  test("on this machine is for a Graph on this machine only", () => {
    const url = "https://127.0.0.1:8200";

    expect(parseEscrowLocation(url, { ...RULES, isLoopbackGraph: true })).toEqual({ kind: "vault", url, isLoopback: true });
  });
});

describe("a reference", () => {
  const id = "0123456789abcdef0123456789abcdef";

  test("to a file counts from the project's folder", () => {
    expect(parseReference(`file:escrow/${id}.age`, "/project")).toEqual({
      kind: "file",
      folder: join("/project", "escrow"),
      path: join("/project", "escrow", `${id}.age`),
    });
  });

  test("to a vault names one version", () => {
    expect(parseReference(`https://v.vault.azure.net/secrets/dl-${id}/abc123`, "/project")).toEqual({
      kind: "vault",
      vaultUrl: "https://v.vault.azure.net",
      name: `dl-${id}`,
      version: "abc123",
    });
  });

  test.each([
    "",
    "escrow",
    "file:escrow/recipients.txt",
    "file:/etc/passwd",
    `file:escrow/${id}.age.bad`,
    `file:escrow/${id}`,
    `http://v.vault.azure.net/secrets/dl-${id}/abc`,
    `https://v.vault.azure.net/secrets/dl-${id}`,
    `https://v.vault.azure.net/keys/dl-${id}/abc`,
    `https://v.vault.azure.net/secrets/dl-${id}/abc?x=1`,
    `https://u:p@v.vault.azure.net/secrets/dl-${id}/abc`,
  ])("%j is none", (text) => {
    expect(() => parseReference(text, "/project")).toThrow(ConfigurationError);
  });

  test("has an id of 128 bits that chance alone decides", () => {
    let count = 0;
    const ids = Array.from({ length: 50 }, () => newEntryId(() => `uuid ${count++}`));

    expect(new Set(ids).size).toBe(50);
    for (const one of ids) expect(one).toMatch(/^[0-9a-f]{32}$/);
  });
});

import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { ConfigurationError } from "../../providers/domain/errors.ts";
import { ESCROW_STORES, escrowedAt, escrowPlaceAt } from "../../providers/escrow/escrow-stores.ts";
import { parseFileReference, parseFolder } from "../../providers/escrow/file/folder-location.ts";
import { keyVaultStore } from "../../providers/escrow/key-vault/key-vault-store.ts";
import { parseVault, parseVaultReference } from "../../providers/escrow/key-vault/vault-location.ts";
import { newEntryId } from "../../providers/escrow/reference.ts";

const RULES = { root: "/project", vaultSuffixes: ["vault.azure.net"], isLoopbackGraph: false };
const SUPPORTED = "write `file:FOLDER` or `https://NAME.vault.azure.net`, for example `pulumi config set escrow file:escrow`";

function refusal(work: () => unknown): { readonly message: string; readonly hint: string } {
  try {
    work();
  } catch (error) {
    if (error instanceof ConfigurationError) return { message: error.message, hint: error.hint };
    throw error;
  }
  throw new Error("nothing was refused");
}

describe("an escrow location", () => {
  test.each([
    ["file:escrow", { folder: "/project/escrow", text: "escrow" }],
    ["file:data/escrow/", { folder: "/project/data/escrow", text: "data/escrow" }],
    ["file:/srv/escrow", { folder: "/srv/escrow", text: "/srv/escrow" }],
  ])("%s is a folder", (text, expected) => {
    expect(parseFolder(text, RULES.root, "")).toEqual(expected);
    expect(escrowPlaceAt(text, RULES)).toMatchObject({ isOfOneMachine: true });
    expect(escrowPlaceAt(text, RULES).recipientsFolder()).toBe(expected.folder);
  });

  test.each(["https://my-vault.vault.azure.net", "https://my-vault.vault.azure.net/"])("%s is a vault, which lasts", async (text) => {
    const url = "https://my-vault.vault.azure.net";
    const place = escrowPlaceAt(text, RULES);

    expect(parseVault(text, RULES, "")).toEqual({ url, isLoopback: false });
    expect(place.isOfOneMachine).toBe(false);
    expect(keyVaultStore.shown(text)).toBe("my-vault");
    expect(await place.check()).toEqual([]);
    expect(await place.describeReaders()).toBe(`whom ${url} lets in`);
    expect(refusal(() => place.recipientsFolder()).message).toBe(
      `${url} is a Key Vault: who may read there is set by roles, not by recipients`,
    );
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
    expect(() => escrowPlaceAt(text, RULES)).toThrow(ConfigurationError);
  });

  test.each([
    ["escrow", 'the escrow "escrow" is of a kind that is not supported', SUPPORTED],
    ["https://", 'the escrow "https://" is of a kind that is not supported', SUPPORTED],
    ["file:", 'the escrow "file:" names no folder', SUPPORTED],
    [
      "https://my-vault.vault.azure.net/secrets/x",
      'the escrow "https://my-vault.vault.azure.net/secrets/x" has more in it than a vault\'s name',
      SUPPORTED,
    ],
    [
      "https://my-vault.vault.azure.cn",
      'the escrow "https://my-vault.vault.azure.cn" is not a Key Vault of the chosen cloud',
      "a vault's name ends in vault.azure.net; check the configuration keys `escrow` and `cloud`",
    ],
    [
      "https://127.0.0.1:8200",
      'the escrow "https://127.0.0.1:8200" is not a Key Vault of the chosen cloud',
      "a vault on this machine is for a Graph endpoint on this machine only",
    ],
  ])("of %j is said what is wrong and what to write", (text, message, hint) => {
    expect(refusal(() => escrowPlaceAt(text, RULES))).toEqual({ message, hint });
  });

  test("on this machine is for a Graph on this machine only", () => {
    const url = "https://127.0.0.1:8200";

    expect(parseVault(url, { ...RULES, isLoopbackGraph: true }, "")).toEqual({ url, isLoopback: true });
  });

  test.each(["file:escrow", "https://v.vault.azure.net", "escrow", "http://a.example", ""])("%j is of one store at most", (text) => {
    expect(ESCROW_STORES.filter((store) => store.claims(text)).length).toBeLessThanOrEqual(1);
  });
});

describe("a reference", () => {
  const id = "0123456789abcdef0123456789abcdef";

  test("to a file counts from the project's folder, and its reveals are audited there", () => {
    expect(parseFileReference(`file:escrow/${id}.age`, "/project")).toEqual({
      folder: join("/project", "escrow"),
      path: join("/project", "escrow", `${id}.age`),
    });
    expect(escrowedAt(`file:escrow/${id}.age`, "/project").auditFolder).toBe(join("/project", "escrow"));
  });

  test("to a vault names one version", () => {
    expect(parseVaultReference(`https://v.vault.azure.net/secrets/dl-${id}/abc123`)).toEqual({
      vaultUrl: "https://v.vault.azure.net",
      name: `dl-${id}`,
      version: "abc123",
    });
    expect(escrowedAt(`https://v.vault.azure.net/secrets/dl-${id}/abc123`, "/project").auditFolder).toBeNull();
  });

  test.each([
    "",
    "escrow",
    "file:escrow/recipients.txt",
    "file:/etc/passwd",
    `file:escrow/${id}.age.bad`,
    `file:esc\0row/${id}.age`,
    `file:escrow/${id}`,
    `http://v.vault.azure.net/secrets/dl-${id}/abc`,
    `https://v.vault.azure.net/secrets/dl-${id}`,
    `https://v.vault.azure.net/keys/dl-${id}/abc`,
    `https://v.vault.azure.net/secrets/dl-${id}/abc?x=1`,
    `https://u:p@v.vault.azure.net/secrets/dl-${id}/abc`,
  ])("%j is none", (text) => {
    expect(refusal(() => escrowedAt(text, "/project"))).toEqual({
      message: `${JSON.stringify(text)} is not a reference to an escrowed secret`,
      hint: "copy it from the resource's output bypassCode.reference, or from `dlr ledger show STACK`",
    });
  });

  test.each(["https://evil.example", "https://my-vault.vault.azure.net.evil.example", "https://my-vault.vault.azure.cn"])(
    "to %s gets no token: it is no vault of a known cloud",
    async (url) => {
      let asked = 0;
      const credential = async () => {
        asked++;
        return { getToken: async () => null };
      };
      const tools = { identityFile: null, vaultSuffixes: RULES.vaultSuffixes, credential };

      const revealed = escrowedAt(`${url}/secrets/dl-${id}/abc123`, "/project").reveal(tools);

      await expect(revealed).rejects.toThrow(ConfigurationError);
      expect(asked).toBe(0);
    },
  );

  test("has an id of 128 bits that chance alone decides", () => {
    let count = 0;
    const ids = Array.from({ length: 50 }, () => newEntryId(() => `uuid ${count++}`));

    expect(new Set(ids).size).toBe(50);
    for (const one of ids) expect(one).toMatch(/^[0-9a-f]{32}$/);
  });
});

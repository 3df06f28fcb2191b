import { describe, expect, test } from "@jest/globals";
import { identityHint, recipientHint } from "../../providers/escrow/file/explain-key.ts";
import { isRecipient, parseRecipients } from "../../providers/escrow/file/recipients.ts";

const KEY = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p";
const YUBIKEY = "age1yubikey1q2w7u3vpya839jxxuq8g0sedh3d740d4xvn639sqhr95ejj8vu3hyfumptt";

const asUtf16 = (text: string) => Buffer.from(`\ufeff${text}`, "utf16le").toString("utf8");

describe("what is said about a line that is no recipient", () => {
  test.each([
    [YUBIKEY, /needs age-plugin-yubikey, .*keygen FILE/],
    ["age1tpm1qg0wzqzkt8t3kjr4z5h4q3z8n0c5fv2", /needs age-plugin-tpm/],
    ["ssh-ed25519 AAAA", /a key of SSH/],
    ["AGE-SECRET-KEY-1QQQ", /whoever saw the secret one can read/],
    [asUtf16(KEY), /looks like UTF-16/],
    [KEY.replace("q", "\u051b"), /holds U\+051B, which looks like q/],
    [KEY.slice(0, -1), /copy the public key/],
  ])("%j", async (line, hint) => {
    expect(await isRecipient(line)).toBe(false);
    expect(recipientHint(line)).toMatch(hint);
  });

  test("in a list, with its line", async () => {
    const list = parseRecipients(`${KEY}\n${YUBIKEY}\n`, "recipients.txt");

    await expect(list).rejects.toMatchObject({
      message: expect.stringContaining("recipients.txt:2: this is not an age recipient"),
      hint: expect.stringMatching(/age-plugin-yubikey.*\.\/dlr recipients add/),
    });
  });

  test("in a list of UTF-16, with or without a mark", async () => {
    const bytes = Buffer.from(`${KEY}\n`, "utf16le").toString("utf8");

    await expect(parseRecipients(bytes, "r.txt")).rejects.toMatchObject({ hint: expect.stringMatching(/UTF-16/) });
    await expect(parseRecipients(asUtf16(`${KEY}\n`), "r.txt")).rejects.toMatchObject({ hint: expect.stringMatching(/UTF-16/) });
  });
});

describe("what is said about a file that holds no identity", () => {
  test.each([
    [asUtf16("AGE-SECRET-KEY-1QQQ\r\n"), /looks like UTF-16/],
    [`# public key\n${KEY}\n`, /the public half/],
    ["-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n", /SSH/],
    ["age-secret-key-1qqq\n", /in capitals/],
    ["AGE-PLUGIN-YUBIKEY-1QQQ\n", /hardware key/],
    ["age-encryption.org/v1\n", /passphrase/],
  ])("%j", (text, hint) => {
    expect(identityHint(text)).toMatch(hint);
  });
});

import { randomBytes } from "node:crypto";
import { chmod, lstat, mkdir, readFile, rename, stat, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { inspect } from "node:util";
import { describe, expect, test } from "@jest/globals";
import { SignInError } from "../../providers/domain/errors.ts";
import { Redacted } from "../../providers/domain/redacted.ts";
import { readLogin, removeLogin, type StoredLogin, writeLogin } from "../../providers/identity/login-file.ts";
import { type LoginPlace, loginPlace } from "../../providers/identity/login-place.ts";
import { openLogin, sealLogin } from "../../providers/identity/login-seal.ts";
import { filesWith } from "../support/secrets.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const REFRESH_TOKEN = "refresh-token-8a51c0ffee";
const LOGIN: StoredLogin = {
  binding: { authority: "https://login.microsoftonline.com", tenant: "contoso.example", tenantId: "t-1", clientId: "c-1" },
  username: "anna@contoso.example",
  signedInAt: "2026-11-20T12:00:00.000Z",
  cache: new Redacted(JSON.stringify({ RefreshToken: { secret: REFRESH_TOKEN } })),
};

async function kept(): Promise<{ readonly place: LoginPlace; readonly root: string; readonly key: string; readonly sealed: string }> {
  const root = path.join(await temporaryFolder(), "home");
  const place = loginPlace({ DEVICE_LIFECYCLE_LOGIN: root });
  await writeLogin(place, LOGIN, randomBytes, true);
  return { place, root, key: path.join(place.keyFolder, "login.key"), sealed: path.join(place.sealedFolder, "login.json") };
}

const modeOf = async (file: string) => (await stat(file)).mode & 0o777;

describe("a sign-in that is kept", () => {
  test("comes back as it was, and no file shows what is secret in it", async () => {
    const { place, root } = await kept();

    const login = await readLogin(place);

    expect(login).toEqual(LOGIN);
    expect(login?.cache.reveal()).toBe(LOGIN.cache.reveal());
    expect(await filesWith(root, [REFRESH_TOKEN, LOGIN.username])).toEqual([]);
    expect(inspect(login, { depth: null })).not.toContain(REFRESH_TOKEN);
  });

  test("lies in files and folders of its user alone, key and content apart", async () => {
    const { place, key, sealed } = await kept();

    expect(await Promise.all([key, sealed].map(modeOf))).toEqual([0o600, 0o600]);
    expect(await Promise.all([place.keyFolder, place.sealedFolder].map(modeOf))).toEqual([0o700, 0o700]);
    expect(place.keyFolder).not.toBe(place.sealedFolder);
    expect(JSON.parse(await readFile(sealed, "utf8"))).toEqual({ version: 1, ...LOGIN.binding, sealed: expect.any(String) });
  });

  test("has a new key after each sign-in, and the same one after a renewal", async () => {
    const { place, key, sealed } = await kept();
    const [first, firstSealed] = [await readFile(key), await readFile(sealed, "utf8")];

    await writeLogin(place, LOGIN, randomBytes, false);
    const [renewed, renewedSealed] = [await readFile(key), await readFile(sealed, "utf8")];
    await writeLogin(place, LOGIN, randomBytes, true);
    await writeFile(sealed, firstSealed);

    expect(renewed).toEqual(first);
    expect(renewedSealed).not.toBe(firstSealed);
    await expect(readLogin(place)).rejects.toThrow("does not open with its key");
  });

  test("goes away whole", async () => {
    const { place, key, sealed } = await kept();

    const removed = [await removeLogin(place), await removeLogin(place)];

    expect(removed).toEqual([true, false]);
    expect(await readLogin(place)).toBeNull();
    for (const file of [key, sealed]) await expect(lstat(file)).rejects.toThrow("ENOENT");
  });

  test("lies at no place that each process would understand in its own way", () => {
    expect(() => loginPlace({ DEVICE_LIFECYCLE_LOGIN: "login" })).toThrow("DEVICE_LIFECYCLE_LOGIN is not an absolute path");
    expect(Object.values(loginPlace({})).every((folder) => path.isAbsolute(folder) && folder.includes("device-lifecycle"))).toBe(true);
  });

  test("is none where nobody signed in", async () => {
    expect(await readLogin(loginPlace({ DEVICE_LIFECYCLE_LOGIN: await temporaryFolder() }))).toBeNull();
  });
});

type Kept = Awaited<ReturnType<typeof kept>>;

const UNUSABLE: readonly (readonly [string, (files: Kept) => Promise<unknown>, RegExp])[] = [
  ["whose key others may read", ({ key }) => chmod(key, 0o640), /other users have rights on .*login\.key/],
  ["whose file others may write", ({ sealed }) => chmod(sealed, 0o622), /other users have rights on .*login\.json/],
  ["in a folder that others may enter", ({ place }) => chmod(place.keyFolder, 0o710), /other users have rights on .*key/],
  [
    "behind a symbolic link",
    async ({ sealed }) => rename(sealed, `${sealed}.old`).then(() => symlink(`${sealed}.old`, sealed)),
    /is a symbolic link/,
  ],
  [
    "in a folder behind a symbolic link",
    async ({ place }) =>
      rename(place.sealedFolder, `${place.sealedFolder}2`).then(() => symlink(`${place.sealedFolder}2`, place.sealedFolder)),
    /is not a folder, or is a symbolic link/,
  ],
  [
    "that is a folder",
    async ({ sealed }) => rename(sealed, `${sealed}.old`).then(() => mkdir(sealed, { mode: 0o700 })),
    /is not a file of ours/,
  ],
  ["whose key is gone", ({ key }) => rename(key, `${key}.old`), /its key .* is gone/],
  ["with another key", ({ key }) => writeFile(key, randomBytes(32)), /does not open with its key/],
  ["with half a key", ({ key }) => writeFile(key, randomBytes(16)), /does not open with its key/],
  [
    "that is cut off",
    async ({ sealed }) => writeFile(sealed, (await readFile(sealed, "utf8")).slice(0, -30)),
    /does not open with its key/,
  ],
  ["that is empty", ({ sealed }) => writeFile(sealed, ""), /does not open with its key/],
  ["made out to another tenant", changed("tenantId", "t-2"), /does not open with its key/],
  ["made out to another application", changed("clientId", "c-2"), /does not open with its key/],
  ["made out to another login host", changed("authority", "https://login.microsoftonline.us"), /does not open with its key/],
];

function changed(field: string, value: string) {
  return async ({ sealed }: Kept) => writeFile(sealed, JSON.stringify({ ...JSON.parse(await readFile(sealed, "utf8")), [field]: value }));
}

describe("a sign-in that is not used", () => {
  test.each(UNUSABLE)("%s", async (_name, spoil, expected) => {
    const files = await kept();
    await spoil(files);

    const error: unknown = await readLogin(files.place).catch((thrown: unknown) => thrown);

    expect(error).toBeInstanceOf(SignInError);
    expect(error).toMatchObject({ message: expect.stringMatching(expected), hint: expect.stringMatching(/dlr login|sign in again/) });
    expect(inspect(error, { depth: null })).not.toContain(REFRESH_TOKEN);
  });
});

test("every byte of what is sealed counts", () => {
  const key = new Redacted(randomBytes(32));
  const text = sealLogin(LOGIN.binding, new Redacted("content"), key, randomBytes(12));
  const file = JSON.parse(text);
  const bytes = Buffer.from(file.sealed, "base64");

  const opened = [...bytes.keys()].filter((index) => {
    const damaged = Buffer.from(bytes);
    damaged[index] = (damaged[index] ?? 0) ^ 1;
    return openLogin(JSON.stringify({ ...file, sealed: damaged.toString("base64") }), key) !== null;
  });

  expect(openLogin(text, key)?.content.reveal()).toBe("content");
  expect(opened).toEqual([]);
});

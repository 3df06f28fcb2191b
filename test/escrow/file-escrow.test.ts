import { spawnSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { chmod, mkdir, readFile, rename, rm, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "@jest/globals";
import { EscrowError } from "../../providers/domain/errors.ts";
import { Redacted } from "../../providers/domain/redacted.ts";
import { openEscrowReader } from "../../providers/escrow/open-escrow-reader.ts";
import { ENTRY, SECRET } from "../support/escrow-sample.ts";
import { escrowFolder, expectUnusable, newKeyPair, noCredential, SUFFIXES, writeRecipients } from "./escrow-folder-fixture.ts";

const secret = new Redacted(SECRET);

describe("an entry on disk", () => {
  test("is for its owner alone", async () => {
    const place = await escrowFolder();
    await place.open().put(ENTRY, secret);

    const [name] = await place.entries();

    expect((await stat(join(place.folder, String(name)))).mode & 0o777).toBe(0o600);
    expect((await place.files()).filter((file) => file.includes(String(name)))).toEqual([name]);
  });

  test("is readable by every recipient and by nobody else", async () => {
    const place = await escrowFolder();
    const [second, stranger] = [await newKeyPair(), await newKeyPair()];
    await writeRecipients(place.folder, place.recipient, second.recipient);
    const { reference } = await place.open().put(ENTRY, secret);
    const readAs = async (identity: string) => {
      const identityFile = join(place.root, `${randomUUID()}.txt`);
      await writeFile(identityFile, identity);
      const reader = openEscrowReader({ root: place.root, identityFile, vaultSuffixes: SUFFIXES, credential: noCredential });
      return (await reader.reveal(reference)).secret.reveal();
    };

    expect(await readAs(second.identity)).toBe(SECRET);
    expect((await place.reader.reveal(reference)).secret.reveal()).toBe(SECRET);
    await expect(readAs(stranger.identity)).rejects.toThrow(EscrowError);
  });

  test("is encrypted to the recipients and to one key that is never written", async () => {
    const place = await escrowFolder();
    await place.open().put(ENTRY, secret);
    await place.open().put(ENTRY, secret);

    for (const name of await place.entries()) {
      const header = (await readFile(join(place.folder, name), "latin1")).split("\n---")[0] ?? "";
      expect(header.match(/^-> X25519 /gm)).toHaveLength(2);
    }
    expect(await place.plainBytes()).not.toContain("AGE-SECRET-KEY");
  });

  test("is referred to from the project's folder, wherever that stands", async () => {
    const place = await escrowFolder();
    const { reference } = await place.open().put(ENTRY, secret);
    const moved = `${place.root}-moved`;
    await rename(place.root, moved);
    const reader = openEscrowReader({ root: moved, identityFile: place.identityFile, vaultSuffixes: SUFFIXES, credential: noCredential });

    expect(reference).toMatch(/^file:escrow\/[0-9a-f]{32}\.age$/);
    expect((await reader.reveal(reference)).secret.reveal()).toBe(SECRET);
    await rm(moved, { recursive: true });
  });

  test("that reads back wrong is kept aside and named, and no reference is given", async () => {
    const place = await escrowFolder();
    const distorting = place.open({
      readBack: async (path) => {
        const bytes = await readFile(path);
        bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
        return bytes;
      },
    });

    const error: unknown = await distorting.put(ENTRY, secret).catch((thrown: unknown) => thrown);

    expect(error).toBeInstanceOf(EscrowError);
    expect(await place.entries()).toEqual([]);
    const aside = (await place.files()).find((name) => name.endsWith(".age.bad"));
    expect(aside).toBeDefined();
    expect(String(error)).toContain(String(aside));
  });

  test("of another secret than the one put is noticed, though it decrypts", async () => {
    const place = await escrowFolder();
    const store = place.open({
      readBack: async (path) => {
        if (!first) first = await readFile(path);
        return first;
      },
    });
    let first: Buffer | null = null;
    await store.put(ENTRY, secret);

    await expect(store.put(ENTRY, new Redacted("another code"))).rejects.toThrow(/not what was put there/);
  });

  test("of another request than the one put is noticed, though the secret is the same", async () => {
    const place = await escrowFolder();
    let first: Uint8Array | null = null;
    const readBack = async (path: string) => (first ??= await readFile(path));
    const store = place.open({ readBack });
    await store.put(ENTRY, secret);

    const second = store.put({ ...ENTRY, requestKey: "another#1" }, secret);

    await expect(second).rejects.toThrow(/not what was put there/);
  });

  test("is never overwritten, even if chance gave a name twice", async () => {
    const place = await escrowFolder();
    const store = place.open({ uuid: () => "always the same" });
    const { reference } = await store.put(ENTRY, secret);

    await expect(store.put(ENTRY, new Redacted("another code"))).rejects.toThrow(EscrowError);

    expect((await place.reader.reveal(reference)).secret.reveal()).toBe(SECRET);
    expect(await place.entries()).toHaveLength(1);
  });

  test("is not left half-written by a full disk", async () => {
    const place = await escrowFolder();
    const script = fileURLToPath(new URL("put-one.ts", import.meta.url));

    const limited = spawnSync("/bin/sh", ["-c", `trap '' XFSZ; ulimit -f 0; exec "$0" "$@"`, process.execPath, script, place.root], {
      encoding: "utf8",
    });

    expect(limited.stdout).toMatch(/^ESCROW cannot write .*: the disk is full/);
    expect(await place.files()).toEqual(["confirmed.json", "recipients.txt"]);
  });
});

describe("a folder that may not be used", () => {
  test("has nobody who could read", async () => {
    const place = await escrowFolder();
    const recipients = join(place.folder, "recipients.txt");
    await writeFile(recipients, "# nobody yet\n\n");
    await expectUnusable(place, /names nobody/, /\.\/dlr recipients add age1… --escrow/);
    await rm(recipients);
    await expectUnusable(place, /names nobody/, /\.\/dlr recipients add age1… --escrow/);
    await rm(place.folder, { recursive: true });
    await expectUnusable(place, /no escrow folder/, /\.\/dlr recipients add age1… --escrow/);
  });

  test("has a recipient that is mistyped; the line is named", async () => {
    const place = await escrowFolder();
    for (const wrong of [place.recipient.replace(/.$/, "q"), "age1", "AGE-SECRET-KEY-1QQQ", "ssh-ed25519 AAAA", "somebody@example.com"]) {
      await writeFile(join(place.folder, "recipients.txt"), `# first\n${place.recipient}\n${wrong === place.recipient ? "x" : wrong}\n`);

      await expectUnusable(place, /recipients\.txt:3: this is not an age recipient/);
    }
  });

  test("can be written by everybody, or its list can", async () => {
    const place = await escrowFolder();
    await chmod(join(place.folder, "recipients.txt"), 0o666);
    await expectUnusable(place, /everybody may write/, /chmod 600/);
    await chmod(join(place.folder, "recipients.txt"), 0o600);
    await chmod(place.folder, 0o707);
    await expectUnusable(place, /everybody may write/, /chmod 700/);
  });

  test("is a symbolic link, or its list is one", async () => {
    const elsewhere = await escrowFolder();
    const linkedFolder = await escrowFolder();
    await rm(linkedFolder.folder, { recursive: true });
    await symlink(elsewhere.folder, linkedFolder.folder);
    const linkedList = await escrowFolder();
    await rm(join(linkedList.folder, "recipients.txt"));
    await symlink(join(elsewhere.folder, "recipients.txt"), join(linkedList.folder, "recipients.txt"));

    await expectUnusable(linkedFolder, /symbolic link/);
    await expectUnusable(linkedList, /symbolic link/);
  });

  test("lies behind a symbolic link in the project", async () => {
    const place = await escrowFolder();
    const elsewhere = await escrowFolder();
    await symlink(elsewhere.root, join(place.root, "data"));
    const folder = join(place.root, "data/escrow");
    const store = place.open({ location: { folder, text: "data/escrow" } });

    await expect(store.put(ENTRY, secret)).rejects.toThrow(/data is a symbolic link/);
    expect(await elsewhere.entries()).toEqual([]);
  });

  test("is a file", async () => {
    const place = await escrowFolder();
    await rm(place.folder, { recursive: true });
    await writeFile(place.folder, "");

    await expectUnusable(place, /not a folder/);
  });

  test("holds the key that opens it", async () => {
    const place = await escrowFolder();
    await writeFile(join(place.folder, "my-key.txt"), await readFile(place.identityFile));

    await expectUnusable(place, /lies beside the escrow.*my-key\.txt/, /\.\/dlr recipients remove/);
  });

  test("vanishes between two puts", async () => {
    const place = await escrowFolder();
    const store = place.open();
    await store.put(ENTRY, secret);
    await rm(place.folder, { recursive: true });

    await expect(store.put(ENTRY, secret)).rejects.toThrow(/is gone/);
  });

  test("is usable as soon as it is put right, by the same store", async () => {
    const place = await escrowFolder();
    const list = await readFile(join(place.folder, "recipients.txt"));
    await rm(join(place.folder, "recipients.txt"));
    const store = place.open();
    await expect(store.put(ENTRY, secret)).rejects.toThrow(EscrowError);
    await mkdir(place.folder, { recursive: true });
    await writeFile(join(place.folder, "recipients.txt"), list);

    const { reference } = await store.put(ENTRY, secret);

    expect((await place.reader.reveal(reference)).secret.reveal()).toBe(SECRET);
  });
});

import { randomUUID } from "node:crypto";
import { readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { armor, Decrypter } from "age-encryption";
import { Redacted } from "../../providers/domain/redacted.ts";
import { newKeyPair, noCredential, SUFFIXES } from "../escrow/escrow-folder-fixture.ts";
import { ENTRY, SECRET } from "../support/escrow-sample.ts";
import { openEscrow } from "../support/open-escrow.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { testClock } from "../support/test-clock.ts";
import { run, STACK_TRACE } from "./store-commands.ts";

async function place() {
  const root = await temporaryFolder();
  const folder = join(root, "escrow");
  const recipients = (...args: string[]) => run("recipients", [...args, "--escrow", `file:${folder}`]);
  return { root, folder, recipients, list: join(folder, "recipients.txt") };
}

describe("dlr recipients", () => {
  test("makes a key, lets it in, proves it, and lists it", async () => {
    const { root, folder, recipients, list } = await place();
    const file = join(root, "reader.txt");

    const key = (await run("recipients", ["keygen", file])).stdout.trim();
    const added = await recipients("add", key, "--name", "Anna");
    const before = await recipients("list");
    const confirmed = await recipients("confirm", "--identity", file);
    const after = await recipients("list");

    expect(key).toMatch(/^age1[0-9a-z]{58}$/);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await readFile(file, "utf8")).toMatch(/^AGE-SECRET-KEY-1/m);
    expect([added.code, before.code, confirmed.code, after.code]).toEqual([0, 0, 0, 0]);
    for (const { stderr } of [added, before])
      expect(stderr).toMatch(new RegExp(`\\./dlr recipients confirm --identity FILE --escrow file:${folder}`));
    expect(before.stderr).toMatch(/1 not confirmed: nothing is encrypted to them, and so runs against Microsoft refuse to escrow/);
    expect(confirmed.stderr).toMatch(/next up against Microsoft records the change of readers, and destroys, locks and escrows nothing/);
    expect(after.stderr).toBe(`escrow file:${folder}\n`);
    expect(before.stdout).toMatch(new RegExp(`^KEY +PROVEN +BY +WHOSE\n${key}  not confirmed  -   Anna`));
    expect(after.stdout).toMatch(new RegExp(`\n${key}  confirmed 20\\d\\d-\\d\\d-\\d\\d  .*@.*  Anna`));
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
    expect((await stat(list)).mode & 0o777).toBe(0o600);
    expect((await stat(join(folder, "confirmed.json"))).mode & 0o777).toBe(0o600);
  });

  test("adds a key once, and takes it out with the comment that is its own", async () => {
    const { recipients, list } = await place();
    const [first, second] = [(await newKeyPair()).recipient, (await newKeyPair()).recipient];

    await recipients("add", first, "--name", "Anna");
    const again = await recipients("add", first);
    await recipients("add", second, "--name", "Ben\nAGE");
    const removed = await recipients("remove", first);

    expect(again.stdout).toMatch(/already/);
    expect(removed.code).toBe(0);
    expect(removed.stderr).toMatch(/nobody is left who has proven/);
    const text = await readFile(list, "utf8");
    expect(text).not.toContain("Anna");
    expect(text.trimEnd().split("\n")).toEqual([expect.stringMatching(/^# Ben AGE /), second]);
    expect((await recipients("remove", first)).code).toBe(2);
  });

  test("takes the proof away with the key: a line that was put back by hand proves nothing", async () => {
    const { root, folder, recipients, list } = await place();
    const [leaver, reader] = [await newKeyPair(), await newKeyPair()];
    await writeFile(join(root, "both.txt"), `${leaver.identity}\n${reader.identity}\n`);
    for (const { recipient } of [leaver, reader]) await recipients("add", recipient);
    await recipients("confirm", "--identity", join(root, "both.txt"));
    await recipients("confirm", leaver.recipient);
    const before = await readFile(list, "utf8");

    const removed = await recipients("remove", leaver.recipient);
    await writeFile(list, before);
    const after = await recipients("list");

    expect(removed.stdout).toMatch(/its proof was removed too/);
    expect(after.stdout).toMatch(new RegExp(`${leaver.recipient}  not confirmed`));
    expect(after.stdout).toMatch(new RegExp(`${reader.recipient}  confirmed`));
    expect(await readFile(join(folder, "confirmed.json"), "utf8")).not.toContain(leaver.recipient);
    expect(await readFile(join(folder, "challenges.json"), "utf8")).not.toContain(leaver.recipient);
  });

  test("drops the proof of a key whose line was taken out by hand, when it is removed and when it is added again", async () => {
    const { root, recipients, list } = await place();
    const [leaver, reader] = [await newKeyPair(), await newKeyPair()];
    await writeFile(join(root, "leaver.txt"), leaver.identity);
    await recipients("add", reader.recipient);
    const without = await readFile(list, "utf8");
    const prove = async () => {
      await recipients("add", leaver.recipient);
      await recipients("confirm", "--identity", join(root, "leaver.txt"));
      await writeFile(list, without);
    };

    await prove();
    await recipients("add", leaver.recipient);
    const added = await recipients("list");
    await writeFile(list, without);
    await prove();
    const removed = await recipients("remove", leaver.recipient);

    expect(added.stdout).toMatch(new RegExp(`${leaver.recipient}  not confirmed`));
    expect(removed).toMatchObject({ code: 0, stdout: "its proof was removed too: listed again, the key has to prove itself again\n" });
    expect((await recipients("remove", leaver.recipient)).code).toBe(2);
  });

  test("proves a key that is kept elsewhere by a challenge and its answer", async () => {
    const { recipients } = await place();
    const { identity, recipient } = await newKeyPair();
    await recipients("add", recipient);

    const challenge = await recipients("confirm", recipient);
    const decrypter = new Decrypter();
    decrypter.addIdentity(identity);
    const answer = await decrypter.decrypt(armor.decode(challenge.stdout), "text");
    const wrong = await recipients("confirm", recipient, "--answer", "guess");
    const right = await recipients("confirm", recipient, "--answer", answer);
    const spent = await recipients("confirm", recipient, "--answer", answer);

    expect([challenge.code, wrong.code, right.code, spent.code]).toEqual([0, 3, 0, 3]);
    expect((await recipients("list")).stdout).toMatch(/confirmed 20/);
  });

  test("does not take a stranger's identity for a proof", async () => {
    const { root, recipients } = await place();
    await recipients("add", (await newKeyPair()).recipient);
    const file = join(root, "stranger.txt");
    await writeFile(file, (await newKeyPair()).identity);

    const ended = await recipients("confirm", "--identity", file);

    expect(ended.code).toBe(3);
    expect(ended.stderr).toMatch(/opens nothing/);
    expect((await recipients("list")).stdout).toMatch(/not confirmed/);
  });

  test("says what is wrong with what it is given, and what to do", async () => {
    const { root, folder, recipients } = await place();
    const { identity, recipient } = await newKeyPair();
    const existing = join(root, "existing.txt");
    await writeFile(existing, "keep me");

    const cases = [
      [recipients("list"), 3, /\.\/dlr recipients add/],
      [recipients("add", identity), 2, /secret half/],
      [recipients("add", `${recipient}x`), 2, /not an age recipient/],
      [recipients("add"), 2, /missing required argument/],
      [recipients("confirm"), 3, /no recipients/],
      [run("recipients", ["keygen", existing]), 3, /exists already/],
      [run("recipients", ["keygen", join(root, "no", "such", "folder")]), 3, /does not exist/],
      [run("recipients", ["list", "--escrow", "https://my-vault.vault.azure.net"]), 2, /Key Vault/],
      [run("recipients", ["list", "--escrow", "s3://bucket"]), 2, /not supported/],
      [run("recipients", ["list", "--stack", "no-such-stack"]), 2, /there is no stack/],
      [run("recipients", ["frobnicate"]), 2, /--help/],
    ] as const;

    for (const [running, code, text] of cases) {
      const ended = await running;
      expect(ended.stderr).toMatch(text);
      expect(ended.stderr).not.toMatch(STACK_TRACE);
      expect(ended.code).toBe(code);
    }
    expect(await readFile(existing, "utf8")).toBe("keep me");
    await recipients("add", recipient);
    expect((await run("recipients", ["keygen", join(folder, "mine.txt")])).stderr).toMatch(/escrow folder/);
  });
});

describe("dlr recipients share", () => {
  test("opens what was escrowed before to every confirmed reader, under the same reference, and leaves an audit line", async () => {
    const { root, folder, recipients } = await place();
    const [anna, ben] = [join(root, "anna.txt"), join(root, "ben.txt")];
    await recipients("add", (await run("recipients", ["keygen", anna])).stdout.trim());
    await recipients("confirm", "--identity", anna);
    const store = openEscrow({
      location: `file:${folder}`,
      root,
      isLoopbackGraph: false,
      vaultSuffixes: SUFFIXES,
      credential: noCredential,
      clock: testClock(),
      uuid: randomUUID,
    });
    const { reference } = await store.put(ENTRY, new Redacted(SECRET));
    await recipients("add", (await run("recipients", ["keygen", ben])).stdout.trim());
    const reveal = (file: string) => run("reveal", [reference, "--identity", file]);

    const unproven = await recipients("share", "--identity", anna);
    const closedToUnproven = await reveal(ben);
    await recipients("confirm", "--identity", ben);
    const notHis = await recipients("share", "--identity", ben);
    const shared = await recipients("share", "--identity", anna);

    expect([unproven.code, closedToUnproven.code, notHis.code, shared.code]).toEqual([0, 3, 3, 0]);
    expect(notHis.stderr).toMatch(/1 stay as they are: they were encrypted to others.*\.age/);
    expect(shared.stdout).toBe("1 of 1 entries can be read by 2 confirmed readers now\n");
    for (const file of [anna, ben]) expect((await reveal(file)).stdout).toBe(`${SECRET}\n`);
    const audit = (await readFile(join(folder, "audit.jsonl"), "utf8"))
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as { action: string });
    expect(audit.map(({ action }) => action)).toEqual(["share", "share", "reveal", "reveal"]);
    expect((await readdir(folder)).filter((name) => name.includes("tmp"))).toEqual([]);
  });
});

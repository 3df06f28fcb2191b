import { randomUUID } from "node:crypto";
import { describe, expect, test } from "@jest/globals";
import { armor, Decrypter } from "age-encryption";
import { confirmWithAnswer, issueChallenge, readConfirmations } from "../../providers/escrow/file/confirmations.ts";
import { escrowFolder, newKeyPair } from "./escrow-folder-fixture.ts";

async function challenged() {
  const { folder } = await escrowFolder();
  const { identity, recipient } = await newKeyPair();
  const options = { folder, who: "ben@laptop", at: "2026-11-20T12:00:00.000Z", uuid: randomUUID };
  const ask = async () => {
    const decrypter = new Decrypter();
    decrypter.addIdentity(identity);
    return decrypter.decrypt(armor.decode(await issueChallenge(recipient, options)), "text");
  };
  const isProven = async () => (await readConfirmations(folder)).some((one) => one.recipient === recipient);
  return { ask, isProven, answer: (text: string) => confirmWithAnswer(recipient, text, options) };
}

describe("a challenge", () => {
  test("is answered by what only the key's holder can read", async () => {
    const { ask, answer, isProven } = await challenged();
    const text = await ask();

    const wrong = await answer(`${text}0`);
    const provenByWrong = await isProven();
    const right = await answer(text);

    expect([wrong, provenByWrong, right, await isProven()]).toEqual([false, false, true, true]);
  });

  test("takes the place of an older one, whose answer counts no more", async () => {
    const { ask, answer } = await challenged();
    const [older, newer] = [await ask(), await ask()];

    expect(await answer(older)).toBe(false);
    expect(await answer(newer)).toBe(true);
  });

  test("is answered once", async () => {
    const { ask, answer } = await challenged();
    const text = await ask();
    await answer(text);

    await expect(answer(text)).rejects.toThrow(/no open challenge/);
  });
});

import { setImmediate } from "node:timers/promises";
import { describe, expect, test } from "@jest/globals";
import { registerInTurn } from "../../providers/pulumi/program/register-in-turn.ts";

const ENTRIES = Array.from({ length: 250 }, (_, index) => index);

/** Resources whose registrations the test answers. */
function engine() {
  const answers: (() => void)[] = [];
  const apply = (told: (urn: string) => unknown): never => {
    answers.push(() => void told("urn"));
    return undefined as never;
  };
  const registered: number[] = [];
  const register = (entry: number) => {
    registered.push(entry);
    return { entry, urn: { apply } };
  };
  return { answers, registered, register };
}

describe("registrations that the engine answers at once", () => {
  test("are fifty at a time, in order, and the next comes with each answer", async () => {
    const { answers, registered, register } = engine();
    const work = registerInTurn(ENTRIES, () => true, register);
    await setImmediate();
    const first = [...registered];

    for (const answer of answers.splice(0, 30)) answer();
    await setImmediate();
    const then = registered.length;
    for (; registered.length < ENTRIES.length; await setImmediate()) for (const answer of answers.splice(0)) answer();

    expect(first).toEqual(ENTRIES.slice(0, 50));
    expect(then).toBe(80);
    expect((await work).map(({ entry }) => entry)).toEqual(ENTRIES);
  });
});

describe("a registration that waits for a device", () => {
  test("holds up no other, however many there are", async () => {
    const { answers, registered, register } = engine();

    const resources = await registerInTurn(ENTRIES, () => false, register);

    expect(resources).toHaveLength(250);
    expect(registered).toEqual(ENTRIES);
    expect(answers).toEqual([]);
  });

  test("is registered behind quick ones when its turn comes", async () => {
    const { answers, registered, register } = engine();
    void registerInTurn(ENTRIES, (entry) => entry < 51, register);
    await setImmediate();
    const before = registered.length;

    answers.shift()?.();
    await setImmediate();

    expect([before, registered.length]).toEqual([50, 250]);
  });
});

import { setImmediate } from "node:timers/promises";
import { expect, test } from "@jest/globals";
import { lookTogether } from "../../providers/support/look-together.ts";

/** A look whose answers the test gives, one for each time that it begins. */
function answered() {
  const begun: PromiseWithResolvers<string>[] = [];
  const look = lookTogether(() => {
    const one = Promise.withResolvers<string>();
    begun.push(one);
    return one.promise;
  });
  return { begun, look };
}

test("a look is shared by all who ask before it begins, and by nobody who asks later", async () => {
  const { begun, look } = answered();
  const first = [look(), look()];
  await setImmediate();
  const later = [look(), look(), look()];
  await setImmediate();
  const whileFirst = begun.length;

  begun[0]?.resolve("old");
  await setImmediate();
  begun[1]?.resolve("new");

  expect(whileFirst).toBe(1);
  expect(await Promise.all(first)).toEqual(["old", "old"]);
  expect(await Promise.all(later)).toEqual(["new", "new", "new"]);
  expect(begun).toHaveLength(2);
});

test("a look that fails is told to who shares it, and not to the next", async () => {
  const { begun, look } = answered();
  const first = look();
  await setImmediate();
  const next = look();

  begun[0]?.reject(new Error("no disk"));
  await expect(first).rejects.toThrow("no disk");
  await setImmediate();
  begun[1]?.resolve("there");

  await expect(next).resolves.toBe("there");
});

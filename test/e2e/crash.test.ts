import { expect, test } from "@jest/globals";
import { POINTS } from "../crash/points.ts";
import { runPoint } from "../crash/run-point.ts";

/** One of each kind; `npm run test:crash` has them all. */
const HERE = [
  "machine when the wipe is taken, slow device",
  "machine when the reset is taken, checkpoints",
  "engine when the reset is answered, slow device",
  "group before the reset",
  "provider when the reset is taken",
  "host when the reset is taken",
];

test.each(HERE)("%s: recovery tells the truth and sends nothing twice", async (name) => {
  const point = POINTS.find((candidate) => candidate.name === name);
  if (point === undefined) throw new Error(`there is no point "${name}"`);

  const { violations, how, texts } = await runPoint(point);

  expect({ violations, texts: violations.length === 0 ? [] : texts }).toEqual({ violations: [], texts: [] });
  expect(how).toBe("succeeded");
});

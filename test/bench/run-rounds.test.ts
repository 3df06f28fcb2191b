import { expect, jest, test } from "@jest/globals";
import type { Contender, Operation } from "../../bench/operations.ts";
import { runRound } from "../../bench/run-rounds.ts";

const CONDITIONS = { size: 3, graphDelay: 0 };

/** Contenders that write into a list what is asked of them. */
function double(name: string, said: string[], code = 0): Contender {
  const step = (operation: Operation) => async () => {
    said.push(`${name} ${operation}`);
    return { code, text: "what it said" };
  };
  return {
    name,
    about: "",
    open: async () => ({
      steps: { preview: step("preview"), up: step("up") },
      graphCalls: () => said.length,
      refused: () => 0,
      stateBytes: async () => (name === "bare" ? null : 7),
      close: async () => void said.push(`${name} closed`),
    }),
  };
}

const watch = () => ({ say: () => {}, signal: new AbortController().signal });

test("a round does each operation of all contenders in turn; another begins the next round", async () => {
  const said: string[] = [];
  const contenders = ["bare", "ours", "dlr"].map((name) => double(name, said));

  const { samples, states } = await runRound(contenders, CONDITIONS, 1, watch());

  expect(said.map((one) => one.replace(" closed", ""))).toEqual([
    "ours preview",
    "dlr preview",
    "bare preview",
    "ours up",
    "dlr up",
    "bare up",
    "ours",
    "dlr",
    "bare",
  ]);
  expect(samples.map(({ contender, round, graphCalls }) => [contender, round, graphCalls])).toEqual(
    ["ours", "dlr", "bare", "ours", "dlr", "bare"].map((name) => [name, 1, 1]),
  );
  expect(states).toEqual(["ours", "dlr"].map((contender) => ({ contender, size: 3, bytes: 7 })));
});

test("a run that fails is shown, ends the round, and everything is taken away", async () => {
  const said: string[] = [];
  const shown = jest.spyOn(console, "error").mockImplementation(() => {});

  await expect(runRound([double("ours", said, 1), double("bare", said)], CONDITIONS, 0, watch())).rejects.toThrow(
    "preview of ours with 3 ended with 1",
  );

  expect(shown).toHaveBeenCalledWith(expect.stringContaining("what it said"));
  expect(said).toEqual(["ours preview", "ours closed", "bare closed"]);
  shown.mockRestore();
});

test("nothing more is begun after a signal", async () => {
  const said: string[] = [];

  await expect(runRound([double("ours", said)], CONDITIONS, 0, { say: () => {}, signal: AbortSignal.abort() })).rejects.toThrow();

  expect(said).toEqual(["ours closed"]);
});

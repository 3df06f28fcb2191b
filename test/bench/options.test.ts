import { describe, expect, test } from "@jest/globals";
import { chosen, contendersOf } from "../../bench/contenders.ts";
import { type BenchOptions, benchCommand } from "../../bench/options.ts";

async function parsed(...args: readonly string[]): Promise<BenchOptions> {
  let found: BenchOptions | undefined;
  const command = benchCommand(async (options) => {
    found = options;
  });
  await command
    .exitOverride()
    .configureOutput({ writeErr: () => {} })
    .parseAsync(args, { from: "user" });
  if (found === undefined) throw new Error("the command did not run");
  return found;
}

describe("options of the benchmark", () => {
  test("measure everything unless said otherwise", async () => {
    expect(await parsed()).toMatchObject({
      sizes: [3, 100, 300, 1_000],
      rounds: 3,
      graphDelay: 20,
      limits: false,
      by: "seconds",
      warmUp: true,
    });
  });

  test("are read as they are said", async () => {
    const options = await parsed(
      "--sizes",
      "3,10",
      "--modes",
      "escrow-only",
      "--graph-delay",
      "5ms",
      "--by",
      "cpu",
      "--contenders",
      "bare,dlr",
      "--no-warm-up",
    );

    expect(options).toMatchObject({
      sizes: [3, 10],
      modes: ["escrow-only"],
      graphDelay: 5,
      by: "cpuSeconds",
      contenders: ["bare", "dlr"],
      warmUp: false,
    });
  });

  test.each([
    ["--sizes", "3,x"],
    ["--sizes", "0"],
    ["--rounds", "0"],
    ["--modes", "wipe"],
    ["--by", "memory"],
    ["--graph-delay", "-1"],
  ])("refuse %s %s", async (...args) => {
    await expect(parsed(...args)).rejects.toMatchObject({ code: "commander.invalidArgument" });
  });
});

describe("chosen", () => {
  const all = contendersOf(["escrow-only", "reset-passcode"]);

  test("keeps the order of the round", () => {
    expect(chosen(all, ["real-path", "bare"]).map(({ name }) => name)).toEqual(["bare", "real-path"]);
    expect(chosen(all, undefined)).toBe(all);
  });

  test("names what there is instead of what there is not", () => {
    expect(() => chosen(all, ["bear"])).toThrow(/no contender bear: say script-single, .* or shelved/);
  });
});

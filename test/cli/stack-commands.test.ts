import { describe, expect, test } from "@jest/globals";
import { stackNamed } from "../../cli/pulumi/stack-named.ts";
import { FakeMachine } from "./fake-tools.ts";
import { type Ended, SpawnedCommand } from "./spawned-command.ts";

/** Lists stacks as told, and fails in everything else. */
const listing = (stacks: unknown) => `record();
if (args.slice(0, 2).join(" ") === "stack ls") { console.log(${JSON.stringify(JSON.stringify(stacks))}); process.exit(0); }
process.exit(1);`;

async function run(
  machine: FakeMachine,
  name: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Ended> {
  return await new SpawnedCommand(name, args, { ...machine.env, ...env }).ended;
}

describe.each(["up", "preview"])("npm run %s", (name) => {
  test("hands all arguments to Pulumi's command, with many resources at once", async () => {
    const machine = await FakeMachine.create();
    await machine.pulumi("3.255.0");

    const end = await run(machine, name, ["--stack", "dev", "--diff", "a b", "--", ""]);

    const [call] = await machine.calls("pulumi");
    expect(end.code).toBe(0);
    expect(call?.args).toEqual([name, "--stack", "dev", "--diff", "a b", "--", ""]);
    expect(call?.env).toMatchObject({ PULUMI_PARALLEL: "64", PULUMI_SKIP_CHECKPOINTS: "true" });
  });

  test("leaves PULUMI_PARALLEL as it is set", async () => {
    const machine = await FakeMachine.create();
    await machine.pulumi("3.255.0");

    await run(machine, name, [], { PULUMI_PARALLEL: "3" });

    expect((await machine.calls("pulumi"))[0]?.env.PULUMI_PARALLEL).toBe("3");
  });

  test.each(["--help", "-h"])("%s is ours, and names Pulumi's", async (option) => {
    const machine = await FakeMachine.create();

    const end = await run(machine, name, [option]);

    expect(end.code).toBe(0);
    expect(end.stdout).toContain(`npm run pulumi -- ${name} --help`);
  });

  test("without a selected stack, the command that selects one is told, and the exit code is Pulumi's", async () => {
    const machine = await FakeMachine.create();
    await machine.pulumi("3.255.0", listing([{ name: "prod", current: false }]));

    const end = await run(machine, name, []);

    expect(end.code).toBe(1);
    expect(end.stderr).toBe(
      `  help: no stack is selected: npm run pulumi -- stack select prod   (or name one: npm run ${name} -- --stack prod)\n`,
    );
  });

  test("without any stack, the command that makes one is told", async () => {
    const machine = await FakeMachine.create();
    await machine.pulumi("3.255.0", listing([]));

    const end = await run(machine, name, ["--stack=dev"]);

    expect(end.stderr).toBe("  help: there is no stack dev: npm run pulumi -- stack select --create dev\n");
  });

  test.each([
    ["what our own processes said", "4\\n", 1, 4],
    ["the first that went wrong, where they said several", "4\\n3\\n4\\n", 1, 3],
    ["0 where Pulumi is content, whatever they said", "4\\n", 0, 0],
  ])("ends with %s", async (_case, told, code, expected) => {
    const machine = await FakeMachine.create();
    const script = `require("node:fs").appendFileSync(process.env.DEVICE_LIFECYCLE_EXIT_FILE, "${told}"); process.exit(${code});`;
    await machine.pulumi("3.255.0", `if (args[0] === "${name}") { ${script} }`);

    const end = await run(machine, name, []);

    expect(end.code).toBe(expected);
  });

  test("a run that failed for another reason gets no such advice", async () => {
    const machine = await FakeMachine.create();
    await machine.pulumi("3.255.0", listing([{ name: "acme/device-lifecycle/dev", current: true }]));

    const ends = [await run(machine, name, []), await run(machine, name, ["-s", "dev"])];

    expect(ends.map((end) => [end.code, end.stderr])).toEqual([
      [1, ""],
      [1, ""],
    ]);
  });
});

describe("the stack that arguments name", () => {
  test.each<[readonly string[], string | null]>([
    [["--yes"], null],
    [["--stack", "a"], "a"],
    [["--stack=a/b"], "a/b"],
    [["-s", "a", "--stack", "b"], "b"],
    [["-sa"], "a"],
    [["--yes", "--", "--stack", "a"], null],
    [["--stack"], null],
    [["--stack-name", "a"], null],
    [["-s=a", "--skip-preview"], "a"],
  ])("%j: %j", (args, name) => {
    expect(stackNamed(args)).toBe(name);
  });
});

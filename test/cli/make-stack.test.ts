import { describe, expect, test } from "@jest/globals";
import { forgetStack, makeStack, stacksOf, writeSettings } from "../../cli/support/make-stack.ts";
import { answering } from "./fake-stacks.ts";
import { FakeMachine } from "./fake-tools.ts";

async function machineWith(body: string) {
  const machine = await FakeMachine.create();
  const command = await machine.pulumi("3.255.0", body);
  return { machine, pulumi: { ...machine.options(), command, env: machine.env } };
}

describe("a stack", () => {
  test("is made without being selected, set key by key in the open, and forgotten with its settings kept", async () => {
    const { machine, pulumi } = await machineWith("record();");

    await makeStack(pulumi, "new");
    await writeSettings(pulumi, "new", { "p:a": "1", "p:b": "x y" });
    await forgetStack(pulumi, "new");

    expect((await machine.calls("pulumi")).map(({ args }) => args.join("|"))).toEqual([
      "stack|init|new|--no-select|--non-interactive|--color|never",
      "config|set-all|--stack|new|--plaintext|p:a=1|--plaintext|p:b=x y|--non-interactive|--color|never",
      "stack|rm|new|--yes|--force|--preserve-config|--non-interactive|--color|never",
    ]);
  });

  test("that Pulumi refuses is told with its words", async () => {
    const { pulumi } = await machineWith(`console.error("error: passphrase must be set"); process.exit(255);`);

    await expect(makeStack(pulumi, "new")).rejects.toThrow(/the stack new cannot be made:.*passphrase must be set/s);
    await expect(stacksOf(pulumi)).rejects.toThrow(/the backend with the stacks does not answer:.*passphrase must be set/s);
  });

  test("is listed", async () => {
    const { pulumi } = await machineWith(answering({ stacks: { dev: {}, prod: {} } }));

    expect(await stacksOf(pulumi)).toEqual(["dev", "prod"]);
  });
});

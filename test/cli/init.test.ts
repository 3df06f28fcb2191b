import { describe, expect, test } from "@jest/globals";
import { mayKnowRequests } from "../../cli/init/may-know-requests.ts";
import { type Ask, settlePlaces } from "../../cli/init/settle-places.ts";
import type { StackSettings } from "../../cli/support/stack-settings.ts";
import { FakeMachine } from "./fake-tools.ts";

const stackWith = (values: Readonly<Record<string, string>>): StackSettings => ({
  stack: "prod",
  project: "device-lifecycle",
  values,
  secrets: [],
  unseen: { keys: [], why: "" },
});

describe("what dlr init asks", () => {
  const asked: string[] = [];
  const ask: Ask = async (question, byDefault) => {
    asked.push(question.split(" ")[0] ?? "");
    return byDefault;
  };

  test("is what neither the command line nor the stack says", async () => {
    const before = stackWith({ "device-lifecycle:ledger": "file:kept" });

    const wanted = await settlePlaces({ tenant: "x" }, before, { ask, mayOverwrite: false });

    expect(wanted).toEqual({ "device-lifecycle:tenant": "x", "device-lifecycle:escrow": "file:escrow" });
    expect(asked).toEqual(["Where"]);
  });

  test("is nothing where all is said, and nothing is written that is set already", async () => {
    const before = stackWith({ "device-lifecycle:ledger": "file:kept", "device-lifecycle:escrow": "file:e" });

    expect(await settlePlaces({ escrow: "file:e" }, before, { ask: null, mayOverwrite: false })).toEqual({});
  });

  test("names what contradicts, and takes it with --overwrite alone", async () => {
    const before = stackWith({ "device-lifecycle:ledger": "file:a", "device-lifecycle:escrow": "file:b" });
    const said = { ledger: "file:x", escrow: "file:y" };

    await expect(settlePlaces(said, before, { ask, mayOverwrite: false })).rejects.toThrow(
      "escrow is file:b, and --escrow says file:y; ledger is file:a, and --ledger says file:x",
    );
    expect(await settlePlaces(said, before, { ask: null, mayOverwrite: true })).toEqual({
      "device-lifecycle:escrow": "file:y",
      "device-lifecycle:ledger": "file:x",
    });
  });
});

describe("the state of a stack", () => {
  async function judge(body: string): Promise<boolean> {
    const machine = await FakeMachine.create();
    const command = await machine.pulumi("3.255.0", body);
    return await mayKnowRequests({ ...machine.options(), command, env: machine.env }, "prod");
  }
  const exporting = (resources: unknown) =>
    `fs.writeFileSync(args[args.indexOf('--file') + 1], ${JSON.stringify(JSON.stringify({ deployment: { resources } }))});`;

  test.each([
    ["is empty", exporting([]), false],
    ["has no resources at all", exporting(undefined), false],
    ["has the stack alone", exporting([{ type: "pulumi:pulumi:Stack", outputs: {} }]), false],
    ["has a request", exporting([{ outputs: { outcome: "succeeded", request: { name: "a", generation: 1 } } }]), true],
    ["cannot be read", "process.exit(1);", true],
    ["is of another form", "fs.writeFileSync(args[args.indexOf('--file') + 1], '[]');", true],
  ])("that %s", async (_case, body, mayKnow) => {
    expect(await judge(body)).toBe(mayKnow);
  });
});

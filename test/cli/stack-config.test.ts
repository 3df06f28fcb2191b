import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "@jest/globals";
import { readStackConfig } from "../../cli/support/stack-config.ts";
import { locationOf } from "../../cli/support/store-locations.ts";
import { ConfigurationError } from "../../providers/domain/errors.ts";
import { parseSettings } from "../../providers/pulumi/settings.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

let root: string;

beforeEach(async () => {
  root = await temporaryFolder();
  await writeFile(
    join(root, "Pulumi.yaml"),
    `name: device-lifecycle
config:
  device-lifecycle:ledger: file:shared-ledger
  cloud: { type: string, default: global }
  aws:region: eu-west-1
`,
  );
  await writeFile(
    join(root, "Pulumi.prod.yaml"),
    `config:
  device-lifecycle:escrow: https://prod-codes.vault.azure.net
  device-lifecycle:cloud: china
  device-lifecycle:maxDestructive: 3
  device-lifecycle:hidden: { secure: v1:abc }
  device-lifecycle:protected: ["ceo@*"]
`,
  );
});

describe("a stack's configuration", () => {
  test("has the project's values, and its own over them", async () => {
    expect(Object.fromEntries(await readStackConfig(root, undefined))).toEqual({ ledger: "file:shared-ledger", cloud: "global" });
    expect(Object.fromEntries(await readStackConfig(root, "my-org/device-lifecycle/prod"))).toEqual({
      ledger: "file:shared-ledger",
      cloud: "china",
      escrow: "https://prod-codes.vault.azure.net",
      maxDestructive: "3",
    });
  });

  test("decides where stores are, unless the command says it", async () => {
    expect(await locationOf("escrow", { stack: "prod" }, root)).toBe("https://prod-codes.vault.azure.net");
    expect(await locationOf("escrow", { stack: "prod", escrow: "file:mine" }, root)).toBe("file:mine");
    expect(await locationOf("escrow", {}, root)).toBe("file:escrow");
    expect(await locationOf("ledger", {}, root)).toBe("file:shared-ledger");
  });

  test("gives a double on this machine stores of its own, as the program does", async () => {
    await writeFile(join(root, "Pulumi.yaml"), "name: device-lifecycle\n");
    await writeFile(join(root, "Pulumi.dev.yaml"), "config:\n  device-lifecycle:graphEndpoint: http://localhost:8787\n");

    const places = [await locationOf("escrow", { stack: "dev" }, root), await locationOf("ledger", { stack: "dev" }, root)];

    expect(places).toEqual(["file:emulator-stores/escrow", "file:emulator-stores/ledger"]);
    expect(parseSettings((key) => (key === "graphEndpoint" ? "http://localhost:8787" : undefined))).toMatchObject({
      escrow: places[0],
      ledger: places[1],
    });
    expect(await locationOf("ledger", {}, root)).toBe("file:ledger");
  });

  test("of a stack that has none is an error, which lists those that have one", async () => {
    const error: unknown = await readStackConfig(root, "prdo").catch((thrown: unknown) => thrown);

    expect(error).toBeInstanceOf(ConfigurationError);
    expect((error as ConfigurationError).hint).toContain("prod");
  });

  test.each(["../etc/passwd", "a/../../b/..", "", "a b"])("of a stack named %j is refused", async (name) => {
    await expect(readStackConfig(root, name)).rejects.toThrow(ConfigurationError);
  });

  test("that is no YAML is told by its file", async () => {
    await writeFile(join(root, "Pulumi.broken.yaml"), "config: [unclosed");

    await expect(readStackConfig(root, "broken")).rejects.toThrow(/Pulumi\.broken\.yaml is not well-formed/);
  });
});

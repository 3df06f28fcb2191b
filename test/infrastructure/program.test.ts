import { beforeEach, describe, expect, test } from "@jest/globals";
import { runProgram } from "../../infrastructure/program.ts";
import { GOOD_CONFIG } from "./azure-config.ts";
import { sdk } from "./pulumi-mocks.ts";

const PROJECT = "device-lifecycle-infrastructure";

const registered: string[] = [];

beforeEach(() => {
  registered.length = 0;
});

/**
 * Runs the program with this configuration and this sign-in; gives the words of its refusal, or
 * null.
 */
async function refusalOf(
  config: Readonly<Record<string, unknown>>,
  signedIn = {},
  environment: NodeJS.ProcessEnv = {},
): Promise<string | null> {
  await sdk.runtime.setMocks(
    {
      newResource({ name, inputs }) {
        registered.push(name);
        return { id: name, state: { ...inputs, name } };
      },
      call: () => ({ tenantId: GOOD_CONFIG.tenantId, subscriptionId: GOOD_CONFIG.subscriptionId, ...signedIn }),
    },
    PROJECT,
    "prod",
  );
  const entries = Object.entries({ ...GOOD_CONFIG, ...config }).map(([key, value]) => [
    key.includes(":") ? key : `${PROJECT}:${key}`,
    typeof value === "string" ? value : JSON.stringify(value),
  ]);
  sdk.runtime.setAllConfig(Object.fromEntries(entries));
  try {
    await runProgram(environment);
    await sdk.runtime.disconnect();
    return null;
  } catch (error) {
    if (sdk.RunError.isInstance(error)) return error.message;
    throw error;
  }
}

test("a configuration that is right makes the parts", async () => {
  expect(await refusalOf({})).toBeNull();
  expect(registered).toContain("device-lifecycle-vault");
});

describe("before anything is registered", () => {
  test("mistakes are told together, with their keys", async () => {
    const refusal = await refusalOf({ location: "West Europe", name: "X", "other-project:key": "value" });

    expect(refusal).toContain("has 2 mistakes; nothing was made or changed");
    expect(refusal).toContain(`${PROJECT}:location is "West Europe"`);
    expect(refusal).toContain(`${PROJECT}:name is "X"`);
    expect(refusal).toContain("help: ./dlr pulumi -C infrastructure config set KEY VALUE");
    expect(registered).toEqual([]);
  });

  test("a sign-in to another tenant or subscription is refused, with what to type", async () => {
    const other = "99999999-9999-9999-9999-999999999999";

    const refusal = await refusalOf({}, { tenantId: other, subscriptionId: other });

    expect(refusal).toContain(`az login --tenant ${GOOD_CONFIG.tenantId}`);
    expect(refusal).toContain(`az account set --subscription ${GOOD_CONFIG.subscriptionId}`);
    expect(registered).toEqual([]);
  });

  test("ids are compared whatever their case", async () => {
    expect(
      await refusalOf({ readersGroupId: "ABCDEF00-4444-5555-6666-777777777777" }, { tenantId: GOOD_CONFIG.tenantId.toUpperCase() }),
    ).toBeNull();
  });

  test.each([
    [{ cloud: "usGovernment", location: "usgovvirginia" }, {}, "config set azure-native:environment usgovernment"],
    [{ "azure-native:environment": "china" }, {}, "config set azure-native:environment public"],
    [{}, { ARM_ENVIRONMENT: "usgovernment" }, "config set azure-native:environment public"],
  ])("a provider that works in another cloud is refused: %j %j", async (config, environment, help) => {
    expect(await refusalOf(config, {}, environment)).toContain(help);
    expect(registered).toEqual([]);
  });

  test("the provider's own setting counts before the variable", async () => {
    const config = { cloud: "china", location: "chinanorth3", "azure-native:environment": "china" };

    expect(await refusalOf(config, {}, { ARM_ENVIRONMENT: "public" })).toBeNull();
  });
});

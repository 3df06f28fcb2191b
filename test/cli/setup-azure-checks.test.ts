import { describe, expect, test } from "@jest/globals";
import type { ApiAnswer, AzureApi } from "../../cli/setup-azure/azure-api.ts";
import { AzureError } from "../../cli/setup-azure/azure-error.ts";
import { providerEnvironment } from "../../cli/setup-azure/azure-sign-in.ts";
import { checkAzure } from "../../cli/setup-azure/check-azure.ts";
import { parseOutputs } from "../../cli/setup-azure/outputs.ts";
import { makeLedger } from "../../cli/support/make-ledger.ts";
import { parseSettings } from "../../infrastructure/settings.ts";
import { LedgerError } from "../../providers/domain/errors.ts";
import { StorageFailure } from "../../providers/ledger/azure/azure-failure.ts";
import { GOOD_CONFIG } from "../infrastructure/azure-config.ts";
import { contentsOf, NO_LEDGER } from "../support/ledger-contents.ts";
import { testClock } from "../support/test-clock.ts";

const { tenantId, subscriptionId, location, readersGroupId } = GOOD_CONFIG;
const SETTINGS = parseSettings(new Map(Object.entries({ tenantId, subscriptionId, location, readersGroupId })), "prod");
const { vault, storageAccount } = SETTINGS.names;

const ok = (body: Readonly<Record<string, unknown>>): ApiAnswer => ({ status: 200, body });
const refused = (status: number, code: string): ApiAnswer => ({ status, body: { error: { code, message: `Azure's words on ${code}.` } } });

/** Answers by what the address ends in; whatever is not said is as it should be. */
function azure(answers: Readonly<Record<string, ApiAnswer>>): AzureApi {
  const answer = async (address: string): Promise<ApiAnswer> => {
    const target = address.split("?")[0] ?? "";
    const [, said] = Object.entries(answers).find(([end]) => target.endsWith(end)) ?? [];
    if (said !== undefined) return said;
    if (target.endsWith("/checkNameAvailability")) return ok({ nameAvailable: true });
    return target.endsWith(subscriptionId) ? ok({ displayName: "Contoso", state: "Enabled" }) : refused(404, "ResourceNotFound");
  };
  return { get: answer, post: answer } as unknown as AzureApi;
}

const TAKEN = ok({ nameAvailable: false, reason: "AlreadyExists", message: "The name is already in use." });

describe("what Azure is asked before anything is made", () => {
  test("all is well, on the first run and where the names are ours already", async () => {
    expect(await checkAzure(SETTINGS, azure({}))).toBe("Contoso");
    const ours = { "/checkNameAvailability": TAKEN, [`/vaults/${vault}`]: ok({}), [`/storageAccounts/${storageAccount}`]: ok({}) };
    expect(await checkAzure(SETTINGS, azure(ours))).toBe("Contoso");
  });

  test.each<[string, Readonly<Record<string, ApiAnswer>>, RegExp, RegExp]>([
    ["missing rights", { [subscriptionId]: refused(403, "AuthorizationFailed") }, /403 AuthorizationFailed: Azure's words/, /needs Owner/],
    ["an unknown subscription", { [subscriptionId]: refused(404, "SubscriptionNotFound") }, /404/, /az account list/],
    ["another tenant", { [subscriptionId]: refused(401, "InvalidAuthenticationTokenTenant") }, /401/, /az login --tenant/],
    ["a disabled subscription", { [subscriptionId]: ok({ state: "Disabled" }) }, /it is Disabled/, /--subscription/],
    [
      "a service that nobody registered",
      { "KeyVault/checkNameAvailability": refused(409, "MissingSubscriptionRegistration") },
      /409/,
      /az provider register/,
    ],
    ["a vault's name that another has", { "KeyVault/checkNameAvailability": TAKEN }, /already in use/, /set names\.vault, or --name/],
    ["an account's name that another has", { "Storage/checkNameAvailability": TAKEN }, /already in use/, /set names\.storageAccount/],
    [
      "a name that Azure refuses",
      { "Storage/checkNameAvailability": ok({ nameAvailable: false, reason: "AccountNameInvalid", message: "is not a valid name" }) },
      /not a valid name/,
      /names\.storageAccount/,
    ],
    [
      "a deleted vault's name",
      { "KeyVault/checkNameAvailability": TAKEN, [`/deletedVaults/${vault}`]: ok({ properties: { scheduledPurgeDate: "2027-01-01" } }) },
      /cannot be had; nothing was made/,
      /until 2027-01-01.*az keyvault recover --name/,
    ],
  ])("%s", async (_what, answers, message, hint) => {
    const error = await checkAzure(SETTINGS, azure(answers)).catch((thrown: unknown) => thrown);

    expect(error).toBeInstanceOf(AzureError);
    expect(error).toMatchObject({ disposition: "service", message: expect.stringMatching(message), hint: expect.stringMatching(hint) });
    expect((error as AzureError).message).toContain("nothing was made");
  });
});

describe("the ledger", () => {
  const world = { graph: "https://graph.microsoft.com", tenant: "72f988bf-86f1-41af-91ab-2d7cd011db47" };
  const notYet = new LedgerError("cannot read", { cause: new StorageFailure(403, "AuthorizationPermissionMismatch", "no") });

  function ledger(failures: readonly (Error | null)[]) {
    const left = [...failures];
    const made: string[] = [];
    const read = async () => {
      const failure = left.length > 1 ? left.shift() : left[0];
      if (failure) throw failure;
      return made.length > 0 ? contentsOf() : NO_LEDGER;
    };
    const append = async (record: object) => void made.push(JSON.stringify(record));
    return { made, read, append, create: async () => void made.push("ledger"), describe: () => "ledger in X" };
  }

  async function run(failures: readonly (Error | null)[], isKnown = false) {
    const [place, clock, said] = [ledger(failures), testClock(), [] as string[]];
    const work = makeLedger({ ledger: place, world, isKnown, clock, say: (line) => said.push(line) });
    const error: unknown = await work.catch((thrown: unknown) => thrown);
    return { made: place.made.length, error, said, slept: clock.slept.length };
  }

  test("is made once a new role works, and waiting is told once", async () => {
    const { made, error, said, slept } = await run([notYet, notYet, null]);

    expect([made, error, slept]).toEqual([2, undefined, 2]);
    expect(said).toEqual([
      expect.stringContaining("waiting up to 3 minutes"),
      "made an empty ledger in X, for the devices of https://graph.microsoft.com, tenant 72f988bf-86f1-41af-91ab-2d7cd011db47",
    ]);
  });

  test("is not waited for without end, and then it says who may", async () => {
    const { made, error, slept } = await run([notYet]);

    expect([made, slept]).toEqual([0, 11]);
    expect(error).toMatchObject({ disposition: "service", hint: expect.stringContaining("--operators-group") });
  });

  test("any other failure is told at once", async () => {
    const shut = new LedgerError("shut", { cause: new StorageFailure(403, "AuthorizationFailure", "firewall") });

    expect(await run([shut])).toMatchObject({ error: shut, slept: 0, made: 0 });
  });

  test("that is lost is not made anew: an empty one would let everything be sent again", async () => {
    const { made, error } = await run([null], true);

    expect(made).toBe(0);
    expect(error).toMatchObject({ disposition: "service", hint: expect.stringContaining("restore it") });
  });

  test("that is there stays as it is", async () => {
    const place = ledger([null]);
    const said: string[] = [];
    const say = (line: string) => said.push(line);
    await makeLedger({ ledger: place, world, isKnown: false, clock: testClock(), say });
    await makeLedger({ ledger: place, world, isKnown: true, clock: testClock(), say });

    expect(place.made).toEqual(["ledger", expect.stringContaining(`"kind":"world"`)]);
    expect(place.made[1]).toContain(JSON.stringify(world).slice(1, -1));
    expect(said[1]).toContain("is there already");
  });
});

test("outputs of a run that did not come to its end are no outputs", () => {
  expect(() => parseOutputs({ escrow: "https://a", ledger: "" })).toThrow(/no output ledger, backend/);
  expect(() => parseOutputs(null)).toThrow(AzureError);
});

test("one sign-in serves the provider too, unless somebody set one up for it", () => {
  const home = { tenantId: "T", subscriptionId: "S" };
  const application = { AZURE_TENANT_ID: "T", AZURE_CLIENT_ID: "C" };
  const common = { ARM_TENANT_ID: "T", ARM_SUBSCRIPTION_ID: "S" };

  expect(providerEnvironment({}, home)).toEqual(common);
  expect(providerEnvironment({ ...application, AZURE_CLIENT_SECRET: "s" }, home)).toEqual({
    ...common,
    ARM_CLIENT_ID: "C",
    ARM_CLIENT_SECRET: "s",
  });
  expect(providerEnvironment({ ...application, AZURE_FEDERATED_TOKEN_FILE: "/f" }, home)).toEqual({
    ...common,
    ARM_CLIENT_ID: "C",
    ARM_USE_OIDC: "true",
    ARM_OIDC_TOKEN_FILE_PATH: "/f",
  });
  expect(providerEnvironment({ ...application, AZURE_CLIENT_SECRET: "s", ARM_USE_MSI: "true" }, home)).toEqual({
    ...common,
    ARM_USE_MSI: "true",
  });
});

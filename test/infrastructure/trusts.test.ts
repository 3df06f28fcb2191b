import { describe, expect, test } from "@jest/globals";
import { ConfigReader } from "../../infrastructure/config-reader.ts";
import { parseTrusts } from "../../infrastructure/trusts.ts";
import { GOOD_CONFIG } from "./azure-config.ts";

const ISSUER = "https://issuer.example";

function parse(config: Readonly<Record<string, unknown>>) {
  const reader = new ConfigReader(new Map(Object.entries(config).map(([key, value]) => [key, JSON.stringify(value)])));
  return { trusts: parseTrusts(reader), mistakes: reader.mistakes.map(({ key, text }) => `${key} ${text}`) };
}

function github(changes: Readonly<Record<string, unknown>>) {
  return parse({ github: { ...GOOD_CONFIG.github, ...changes } });
}

describe("GitHub", () => {
  test("jobs of the environment preview are preview, and jobs of the environments are up", () => {
    expect(parse({ github: GOOD_CONFIG.github })).toEqual({
      mistakes: [],
      trusts: [
        {
          identity: "preview",
          name: "github-pull-request",
          issuer: "https://token.actions.githubusercontent.com",
          subject: "repo:contoso/devices:environment:preview",
        },
        {
          identity: "up",
          name: "github-environment-production",
          issuer: "https://token.actions.githubusercontent.com",
          subject: "repo:contoso/devices:environment:production",
        },
        {
          identity: "up",
          name: expect.stringMatching(/^github-environment-Second-site-[0-9a-f]{8}$/),
          issuer: "https://token.actions.githubusercontent.com",
          subject: "repo:contoso/devices:environment:Second site",
        },
      ],
    });
  });

  test("repositories with ids in their subjects are named with them", () => {
    const { trusts, mistakes } = github({ ownerId: 123456, repositoryId: "456789", environments: ["production"] });

    expect(mistakes).toEqual([]);
    expect(trusts.map(({ subject }) => subject)).toEqual([
      "repo:contoso@123456/devices@456789:environment:preview",
      "repo:contoso@123456/devices@456789:environment:production",
    ]);
  });

  test.each([
    [{ repository: "contoso" }, "github.repository is"],
    [{ repository: "https://github.com/contoso/devices" }, "github.repository is"],
    [{ repository: "contoso/devices/x" }, "github.repository is"],
    [{ repository: "contoso/*" }, "github.repository is"],
    [{ repository: "-contoso/devices" }, "github.repository is"],
    [{ repository: "contoso/.." }, "github.repository is"],
    [{ repository: undefined }, "github.repository is missing"],
    [{ environments: undefined }, "github.environments must be"],
    [{ environments: [] }, "github.environments must be"],
    [{ environments: "production" }, "github.environments must be"],
    [{ environments: ["prod*"] }, "github.environments[0] is"],
    [{ environments: ["a:b"] }, "github.environments[0] is"],
    [{ environments: [" production"] }, "github.environments[0] is"],
    [{ environments: [""] }, "github.environments[0] is"],
    [{ environments: ["one", "one"] }, "trust gives up two"],
    [{ environments: ["production", "preview"] }, "trusts one workflow twice"],
    [{ ownerId: "contoso", repositoryId: 1 }, "github.ownerId is"],
    [{ ownerId: 1 }, "github must have ownerId and repositoryId"],
    [{ enviroments: ["production"] }, "github.enviroments is not known"],
  ])("%j is refused", (changes, why) => {
    expect(github(changes).mistakes).toContainEqual(expect.stringContaining(why));
  });
});

describe("Azure DevOps", () => {
  test("one service connection is preview, the other is up", () => {
    const { trusts, mistakes } = parse({ azureDevOps: GOOD_CONFIG.azureDevOps });

    expect(mistakes).toEqual([]);
    expect(trusts).toEqual([
      {
        identity: "preview",
        name: "azure-devops-devices-preview",
        issuer: "https://vstoken.dev.azure.com/55555555-6666-7777-8888-999999999999",
        subject: "sc://contoso/Device lifecycle/devices-preview",
      },
      {
        identity: "up",
        name: "azure-devops-devices-up",
        issuer: "https://vstoken.dev.azure.com/55555555-6666-7777-8888-999999999999",
        subject: "sc://contoso/Device lifecycle/devices-up",
      },
    ]);
  });

  test.each([
    [{ organizationId: "contoso" }, "azureDevOps.organizationId is"],
    [{ organization: "dev.azure.com/contoso" }, "azureDevOps.organization is"],
    [{ upConnection: undefined }, "azureDevOps.upConnection is missing"],
    [{ upConnection: "devices-preview" }, "trusts one workflow twice"],
  ])("%j is refused", (changes, why) => {
    const { mistakes } = parse({ azureDevOps: { ...GOOD_CONFIG.azureDevOps, ...changes } });

    expect(mistakes).toContainEqual(expect.stringContaining(why));
  });
});

describe("other issuers", () => {
  const good = { identity: "up", name: "gitlab", issuer: ISSUER, subject: "project:1:ref:main" };

  test("are trusted as written", () => {
    expect(parse({ trust: [good] })).toEqual({ mistakes: [], trusts: [good] });
  });

  test.each([
    [{ ...good, identity: "admin" }, "trust[0].identity is"],
    [{ ...good, issuer: "http://issuer.example" }, "trust[0].issuer is"],
    [{ ...good, issuer: "https://*.example" }, "trust[0].issuer is"],
    [{ ...good, subject: "repo:contoso/*" }, "trust[0].subject is"],
    [{ ...good, subject: "s".repeat(601) }, "subject of 601 characters"],
    [{ ...good, name: "ab" }, "trust[0].name is"],
    [{ ...good, subject: "repo:contoso/devices:pull_request" }, "a pull request may only be preview"],
    [{ ...good, subjects: [] }, "trust[0].subjects is not known"],
  ])("%j is refused", (trust, why) => {
    expect(parse({ trust: [trust] }).mistakes).toEqual([expect.stringContaining(why)]);
  });

  test("one workflow cannot be both identities, and an identity takes twenty", () => {
    const both = parse({ trust: [good, { ...good, identity: "preview" }] });
    const many = parse({ trust: Array.from({ length: 21 }, (_, index) => ({ ...good, name: `name-${index}`, subject: `s${index}` })) });

    expect(both.mistakes).toEqual([expect.stringContaining("it can be one identity only")]);
    expect(many.mistakes).toEqual([expect.stringContaining("up 21 federated credentials; Azure takes 20")]);
  });
});

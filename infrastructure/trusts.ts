import type { CloudName } from "../providers/domain/cloud-name.ts";
import { IDENTITIES, type Trust } from "./arguments.ts";
import { type ConfigReader, type Form, GUID } from "./config-reader.ts";
import { stableGuid } from "./naming.ts";

const GITHUB_ISSUER = "https://token.actions.githubusercontent.com";

/**
 * What a token that is to be exchanged names as its audience. Source:
 * https://learn.microsoft.com/entra/workload-id/workload-identity-federation-create-trust
 */
export const AUDIENCES: Readonly<Record<CloudName, string>> = {
  global: "api://AzureADTokenExchange",
  usGovernment: "api://AzureADTokenExchangeUSGov",
  usGovernmentDod: "api://AzureADTokenExchangeUSGov",
  china: "api://AzureADTokenExchangeChina",
};

/**
 * Source: https://learn.microsoft.com/entra/workload-id/workload-identity-federation-considerations
 */
const MOST_PER_IDENTITY = 20;
const LONGEST = 600;

const REPOSITORY: Form = {
  pattern: /^[A-Za-z0-9](-?[A-Za-z0-9]){0,38}\/(?!\.{1,2}$)[A-Za-z0-9._-]{1,100}$/,
  words: "OWNER/REPOSITORY, as in the address of the repository on GitHub",
};
const NUMBER: Form = { pattern: /^\d{1,20}$/, words: "a number, as `gh api repos/OWNER/REPOSITORY --jq '.owner.id, .id'` tells" };
const WORD: Form = {
  pattern: /^(?! )[^\p{Cc}/:*]{1,255}(?<! )$/u,
  words: "a name of at most 255 characters without `/`, `:` and `*` (a federated credential knows no wildcards)",
};
const CREDENTIAL: Form = {
  pattern: /^[A-Za-z0-9][A-Za-z0-9_-]{2,119}$/,
  words: "3 to 120 letters, digits, hyphens and underscores, beginning with a letter or digit",
};
const ISSUER: Form = { pattern: /^https:\/\/[^\s?#@*]+$/, words: "the https address of the issuer, exactly as its tokens name it" };
const SUBJECT: Form = {
  pattern: /^[^\p{Cc}*]+$/u,
  words: "the subject of its tokens, exactly (a federated credential knows no wildcards)",
};
const ANY: Form = { pattern: /^/, words: `one of ${IDENTITIES.join(", ")}` };

/**
 * Who is trusted to be one of the identities: `github`, `azureDevOps` and `trust` of the
 * configuration together.
 */
export function parseTrusts(reader: ConfigReader): readonly Trust[] {
  const trusts = [...githubTrusts(reader), ...devOpsTrusts(reader), ...otherTrusts(reader)];
  for (const identity of IDENTITIES) {
    const own = trusts.filter((trust) => trust.identity === identity);
    if (own.length > MOST_PER_IDENTITY) {
      reader.note("trust", `gives ${identity} ${own.length} federated credentials; Azure takes ${MOST_PER_IDENTITY} for one identity`);
    }
    noteTwins(reader, own, (trust) => trust.name.toLowerCase(), `gives ${identity} two federated credentials of the name`);
  }
  noteTwins(reader, trusts, ({ issuer, subject }) => `${issuer} ${subject}`, "trusts one workflow twice, and it can be one identity only:");
  for (const { identity, subject } of trusts) {
    if (identity === "up" && subject.endsWith(":pull_request")) {
      reader.note("trust", `lets ${subject} be up; a pull request may only be preview: what it runs nobody has reviewed yet`);
    }
    if (subject.length > LONGEST) reader.note("trust", `has a subject of ${subject.length} characters; Azure takes ${LONGEST}`);
  }
  return trusts;
}

/**
 * An environment and never `:pull_request`: a branch's own workflow has that subject, and would
 * read what the identity reads.
 */
const PREVIEW_ENVIRONMENT = "preview";

/** As on its first day: another name would be another credential, and this one is protected. */
const PREVIEW_CREDENTIAL = "github-pull-request";

/**
 * Repositories that were made or renamed on or after 2026-07-15 carry the ids of owner and
 * repository in their subjects, others when their administrator chose so. Source:
 * https://docs.github.com/actions/concepts/security/openid-connect
 */
function githubTrusts(reader: ConfigReader): readonly Trust[] {
  const value = reader.mapping("github", ["repository", "ownerId", "repositoryId", "environments"]);
  if (value === null) return [];
  const part = partsOf(reader, "github", value);
  const [owner = "", name = ""] = part("repository", REPOSITORY).split("/");
  const ids = [part("ownerId", NUMBER, ""), part("repositoryId", NUMBER, "")];
  if (ids.filter((id) => id === "").length === 1) reader.note("github", "must have ownerId and repositoryId, or neither");
  const repository = ids.includes("") ? `${owner}/${name}` : `${owner}@${ids[0]}/${name}@${ids[1]}`;
  return [
    {
      identity: "preview",
      name: PREVIEW_CREDENTIAL,
      issuer: GITHUB_ISSUER,
      subject: `repo:${repository}:environment:${PREVIEW_ENVIRONMENT}`,
    },
    ...environmentsOf(reader, value.environments).map(
      (environment): Trust => ({
        identity: "up",
        name: credentialName("github-environment", environment),
        issuer: GITHUB_ISSUER,
        subject: `repo:${repository}:environment:${environment}`,
      }),
    ),
  ];
}

function environmentsOf(reader: ConfigReader, value: unknown): readonly string[] {
  if (Array.isArray(value) && value.length > 0 && value.every((item) => typeof item === "string")) {
    return value.map((name, index) => reader.fit(`github.environments[${index}]`, name, WORD));
  }
  reader.note("github.environments", "must be a list of the environments whose jobs run `up`, such as [production]");
  return [];
}

/**
 * Service connections that were made before Azure DevOps gave them Entra's issuer; for the others
 * `trust` takes what their page shows.
 */
function devOpsTrusts(reader: ConfigReader): readonly Trust[] {
  const known = ["organization", "organizationId", "project", "previewConnection", "upConnection"];
  const value = reader.mapping("azureDevOps", known);
  if (value === null) return [];
  const part = partsOf(reader, "azureDevOps", value);
  const issuer = `https://vstoken.dev.azure.com/${part("organizationId", GUID)}`;
  const project = `sc://${part("organization", WORD)}/${part("project", WORD)}`;
  return IDENTITIES.map((identity) => {
    const connection = part(`${identity}Connection`, WORD);
    return { identity, name: credentialName("azure-devops", connection), issuer, subject: `${project}/${connection}` };
  });
}

function otherTrusts(reader: ConfigReader): readonly Trust[] {
  return reader.mappings("trust", ["identity", "name", "issuer", "subject"]).map((value, index) => {
    const part = partsOf(reader, `trust[${index}]`, value);
    const word = part("identity", ANY);
    const identity = IDENTITIES.find((known) => known === word);
    if (identity === undefined && word !== "")
      reader.note(`trust[${index}].identity`, `is ${JSON.stringify(word)}; it must be ${ANY.words}`);
    return {
      identity: identity ?? "preview",
      name: part("name", CREDENTIAL),
      issuer: part("issuer", ISSUER),
      subject: part("subject", SUBJECT),
    };
  });
}

/** Reads the texts of a mapping; without a default a part must be there. */
function partsOf(reader: ConfigReader, key: string, value: Readonly<Record<string, unknown>>) {
  return (name: string, form: Form, otherwise?: string): string => {
    const found = value[name];
    const text = typeof found === "number" ? String(found) : found;
    if (typeof text === "string" && text !== "") return reader.fit(`${key}.${name}`, text, form);
    if (otherwise === undefined || text !== undefined) reader.note(`${key}.${name}`, `is missing; it must be ${form.words}`);
    return otherwise ?? "";
  };
}

/**
 * A name that Azure takes; where that is not the name itself, with a mark that keeps different
 * names apart.
 */
function credentialName(prefix: string, name: string): string {
  const plain = name.replace(/[^A-Za-z0-9-]+/g, "-").slice(0, 80);
  return plain === name ? `${prefix}-${plain}` : `${prefix}-${plain}-${stableGuid(name).slice(0, 8)}`;
}

function noteTwins(reader: ConfigReader, trusts: readonly Trust[], keyOf: (trust: Trust) => string, text: string): void {
  const seen = new Set<string>();
  for (const trust of trusts) {
    const key = keyOf(trust);
    if (seen.has(key)) reader.note("trust", `${text} ${key}`);
    seen.add(key);
  }
}

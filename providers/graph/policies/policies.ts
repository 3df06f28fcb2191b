import { GraphReadError } from "../../domain/errors.ts";
import { isObject, parseJson } from "../../domain/json.ts";
import type { LockPolicies, PolicyWrite, ReportedPolicy, SeenPolicy } from "../../domain/lock-policy.ts";
import type { GraphEndpoint } from "../../support/cloud.ts";
import { sendResult } from "../actions/send-result.ts";
import { readError } from "../client/answer.ts";
import { createBatchReads } from "../client/batch.ts";
import { parseErrorBody } from "../client/error-body.ts";
import type { GraphClient, ReadAnswer } from "../client/graph-client.ts";
import type { GraphCallFacts } from "../client/middleware/graph-call.ts";
import { deviceStatesPath, POLICY_LISTS, policyPath } from "../client/urls.ts";
import { isOk, parseBody } from "../devices/device-reads.ts";
import { assignBody, catalogBody, readLockSetting } from "./catalog-body.ts";
import { readAt, readOf, writeTo } from "./policy-paths.ts";
import { readAssignments } from "./read-assignments.ts";
import { readList } from "./read-list.ts";

const PROFILE = "#microsoft.graph.iosGeneralDeviceConfiguration";

/** Policies that allow the Activation Lock, over the client that the other ports have too. */
export function createPolicies(client: GraphClient, endpoint: GraphEndpoint): LockPolicies {
  const readMany = createBatchReads(client);
  const list = (facts: GraphCallFacts) => readList(client, endpoint, facts);
  const write = (facts: GraphCallFacts) => perform(client, facts);
  let listing: Promise<readonly unknown[]> | null = null;
  /** Calls under way at once share one list. */
  const listShared = () => {
    const path = `${POLICY_LISTS.settingsCatalog}?$select=id,name,description,platforms`;
    listing ??= list(readAt("settingsCatalog", path)).finally(() => {
      listing = null;
    });
    return listing;
  };
  return {
    find: async (mark) => {
      const all = (await listShared()).filter(isObject);
      const own = all.filter(({ description }) => typeof description === "string" && description.includes(mark));
      return Promise.all(own.map((one) => readCatalogParts(one, list)));
    },
    read: async (id) => {
      const catalog = await readOne(client, readOf("settingsCatalog", id, ""));
      if (catalog !== null) return readCatalogParts(catalog, list);
      const profile = await readOne(client, readOf("deviceRestrictions", id, ""));
      return profile === null ? null : readProfileParts(profile, list);
    },
    create: (title, description, platform) =>
      write(writeTo("settingsCatalog", "POST", POLICY_LISTS.settingsCatalog, catalogBody(title, description, platform))),
    change: ({ form, id, title, description, platforms }, names) => {
      const path = policyPath(form, id);
      if (form === "deviceRestrictions")
        return write(writeTo(form, "PATCH", path, { "@odata.type": PROFILE, activationLockAllowWhenSupervised: true }));
      return write(writeTo(form, "PUT", path, catalogBody(names?.title ?? title, names?.description ?? description, platforms.join(","))));
    },
    assign: ({ form, id }, { include, exclude }) =>
      write(writeTo(form, "POST", `${policyPath(form, id)}/assign`, assignBody(include, exclude))),
    remove: ({ form, id }) => write(writeTo(form, "DELETE", policyPath(form, id), null)),
    reportedBy: async (ids) => (await readMany(ids.map(deviceStatesPath))).map(reportedIn),
  };
}

type List = (facts: GraphCallFacts) => Promise<readonly unknown[]>;

async function readCatalogParts(policy: Readonly<Record<string, unknown>>, list: List): Promise<SeenPolicy> {
  const id = textOf(policy.id);
  const [settings, assignments] = await Promise.all([
    list(readOf("settingsCatalog", id, "/settings")),
    list(readOf("settingsCatalog", id, "/assignments")),
  ]);
  return {
    id,
    form: "settingsCatalog",
    title: textOf(policy.name),
    description: textOf(policy.description),
    platforms: textOf(policy.platforms)
      .split(",")
      .filter((word) => word !== ""),
    ...readLockSetting(settings),
    ...readAssignments(assignments),
  };
}

/** A profile has many settings besides, always: a PATCH leaves them as they are. */
async function readProfileParts(profile: Readonly<Record<string, unknown>>, list: List): Promise<SeenPolicy> {
  const id = textOf(profile.id);
  const allows = profile.activationLockAllowWhenSupervised;
  const isOurs = profile["@odata.type"] === PROFILE;
  return {
    id,
    form: "deviceRestrictions",
    title: textOf(profile.displayName),
    description: textOf(profile.description),
    platforms: isOurs ? ["iOS"] : [],
    allowsLock: typeof allows === "boolean" ? allows : null,
    otherSettings: 0,
    ...readAssignments(await list(readOf("deviceRestrictions", id, "/assignments"))),
  };
}

/** Null where Graph itself says that it has none of that kind. */
async function readOne(client: GraphClient, facts: GraphCallFacts): Promise<Readonly<Record<string, unknown>> | null> {
  const answer = await client.read(facts);
  if (isUnknown(answer)) return null;
  if (!isOk(answer)) throw readError(`the policy at ${facts.path}`, answer, answer.secrets);
  return parseBody(answer);
}

/** A 404 of something before Graph proves nothing. */
function isUnknown({ status, body }: ReadAnswer): boolean {
  return status === 404 && /^(resourcenotfound|notfound|itemnotfound)$/i.test(parseErrorBody(body).code);
}

async function perform(client: GraphClient, facts: GraphCallFacts): Promise<PolicyWrite> {
  const result = await client.call(facts);
  const body = result.kind === "answer" ? parseJson(result.answer.body) : undefined;
  return { result: sendResult(result, client.now()), id: isObject(body) && typeof body.id === "string" ? body.id : null };
}

function reportedIn(answer: ReadAnswer | GraphReadError): readonly ReportedPolicy[] | GraphReadError {
  if (answer instanceof GraphReadError) return answer;
  if (!isOk(answer)) return readError("what the device reports of its policies", answer, answer.secrets);
  const { value } = parseBody(answer);
  if (!Array.isArray(value)) return new GraphReadError("Graph's list of what a device reports of its policies has an unknown form");
  return value.filter(isObject).map(({ displayName, state }) => ({ title: textOf(displayName), state: textOf(state) }));
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

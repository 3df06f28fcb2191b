import type { JsonObject } from "../../domain/json.ts";
import { EVERYBODY, POLICY_PLATFORMS } from "../../domain/lock-policy.ts";
import { DRAFT, WORD } from "./schema-words.ts";

const GUID = "[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}";
const A_GROUP = "0a1b2c3d-0000-4000-8000-000000000001";

const groups = (pattern: string, description: string, example: string): JsonObject => ({
  type: "array",
  maxItems: 200,
  uniqueItems: true,
  description,
  items: { type: "string", pattern, description: "A group is named by its object id in Entra.", examples: [example] },
  examples: [[example]],
});

const GROUPS: JsonObject = {
  type: "object",
  additionalProperties: false,
  required: ["include"],
  description: "Whom the policy is for, and no others: groups by their object id.",
  examples: [{ include: [A_GROUP] }],
  properties: {
    include: groups(
      `^(${EVERYBODY.join("|")}|${GUID})$`,
      "Groups that get it, allDevices or allUsers. An empty list is nobody: so a policy is taken away from devices.",
      A_GROUP,
    ),
    exclude: groups(`^${GUID}$`, "Groups that do not get it, whatever they are in besides.", "0a1b2c3d-0000-4000-8000-000000000002"),
  },
};

const POLICY: JsonObject = {
  type: "object",
  additionalProperties: false,
  required: ["name", "platforms", "groups"],
  description: "A policy of Intune that allows the Activation Lock on supervised devices.",
  examples: [{ name: "activation-lock", platforms: ["iOS"], groups: { include: [A_GROUP] } }],
  properties: {
    name: {
      type: "string",
      pattern: `^${WORD}$`,
      description: "Unique in the whole folder: lower-case letters, digits and hyphens, at most 63. It becomes the Pulumi resource name.",
      examples: ["activation-lock"],
    },
    title: {
      type: "string",
      pattern: "^\\S(.*\\S)?$",
      maxLength: 200,
      description: "The name that Intune shows. Without it the name.",
      examples: ["Activation Lock allowed"],
    },
    platforms: {
      type: "array",
      minItems: 1,
      uniqueItems: true,
      description: "iOS (which is iPadOS too), macOS, or both: then there is one policy of each, NAME/iOS and NAME/macOS.",
      items: { type: "string", enum: [...POLICY_PLATFORMS], examples: ["iOS"] },
      examples: [["iOS", "macOS"]],
    },
    groups: GROUPS,
    adopt: {
      type: "string",
      pattern: `^${GUID}$`,
      description: "Id of a policy that is in Intune already. It keeps its name, and is never deleted.",
      examples: ["5b1c2d3e-0000-4000-8000-000000000001"],
    },
    accept: {
      type: "string",
      pattern: "^[0-9a-f]{12}$",
      description: "What the preview of an adopted policy showed: only that is changed. The preview says which word.",
      examples: ["3f9a0c1d2e4b"],
    },
  },
};

/** devices/schema/policies.schema.json */
export const POLICIES_SCHEMA: JsonObject = {
  $schema: DRAFT,
  title: "Activation Lock policies",
  description: "A file of devices/policies.",
  type: "object",
  additionalProperties: false,
  required: ["policies"],
  properties: { policies: { type: "array", items: POLICY, description: "The policies, in any order." } },
};

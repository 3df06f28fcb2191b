import { ACKNOWLEDGEMENTS } from "../../providers/domain/actions/action-table.ts";
import type { JsonObject } from "../../providers/domain/json.ts";
import { DEVICE_ID, SERIAL_NUMBER } from "../../providers/request/schema/selector-schema.ts";

const MOST_DEVICES = 1_000;

const text = (description: string, example: string): JsonObject => ({ type: "string", description, examples: [example] });
const list = (items: JsonObject, description: string): JsonObject => ({
  type: "array",
  minItems: 1,
  maxItems: MOST_DEVICES,
  items,
  description,
});

/**
 * devices/schema/form.schema.json: one form that somebody filled in, as JSON. What each text must
 * look like the loader says, as for a request that was written by hand.
 */
export const FORM_SCHEMA: JsonObject = {
  $schema: "http://json-schema.org/draft-07/schema#",
  title: "Device request form",
  description: "What dlr adopt FORM.json makes a request of.",
  type: "object",
  additionalProperties: false,
  required: ["playbook", "reason"],
  oneOf: [{ required: ["serialNumbers"] }, { required: ["ids"] }],
  properties: {
    $schema: text("Where this schema is, for editors.", "../schema/form.schema.json"),
    name: text("Name of the request and of its file; without it, the name of this file.", "leeds-leaver-0042"),
    serialNumbers: list(SERIAL_NUMBER, "The devices, by serial number."),
    ids: list(DEVICE_ID, "The devices, by Intune's id."),
    playbook: text("A built-in playbook, or one of devices/playbooks.", "unlock-and-wipe"),
    reason: text("Why, for the reviewer and for the record.", "Leaver returned the iPad"),
    ticket: text("Number of the ticket, if there is one.", "INC-4711"),
    expires: text("Last day (UTC) on which it may run, YYYY-MM-DD.", "2026-12-31"),
    acknowledge: {
      type: "array",
      uniqueItems: true,
      items: { type: "string", enum: ACKNOWLEDGEMENTS, examples: ["dataLoss"] },
      description: "What the steps demand, spelled out.",
      examples: [["dataLoss", "physicalPossession"]],
    },
  },
};

import { withoutAnySecret } from "../../providers/domain/likely-secrets.ts";
import type { NotifyEvent } from "../event.ts";

/** The media type of an event that is one JSON object, its attributes and its data. */
export const CLOUD_EVENT = "application/cloudevents+json; charset=utf-8";

/**
 * One event in the structured mode of CloudEvents 1.0. `dataschema` stands for the page that names
 * the members of `data`; they are only ever added to. Source:
 * https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/formats/json-format.md
 */
export function renderCloudEvent({ id, at, stack, kind, ...data }: NotifyEvent): string {
  const subject = subjectOf(data);
  const event = {
    specversion: "1.0",
    id,
    source: `/device-lifecycle/${encodeURIComponent(stack)}`,
    type: `device-lifecycle.${kind}`,
    time: at,
    ...(subject === undefined ? {} : { subject }),
    datacontenttype: "application/json",
    data: { stack, ...data },
  };
  return JSON.stringify(event, (key, value: unknown) => (typeof value === "string" && key !== "id" ? withoutAnySecret(value) : value));
}

function subjectOf(data: object): string | undefined {
  return "request" in data && typeof data.request === "string" ? data.request : undefined;
}

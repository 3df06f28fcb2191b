import { ABOUT, type About, isAbout, type RequestRule } from "./rule.ts";

/**
 * Who writes a request does not approve it. A preview says nothing: approval comes after it. Nobody
 * known is nobody other.
 */
export const twoPersonRule: RequestRule<{ readonly about: About; readonly isOn: boolean }> = {
  name: "two-persons",
  description: "Somebody else than its author approved a request",
  settings: {
    properties: { about: ABOUT, isOn: { type: "boolean", default: false, description: "Off, since only CI knows both" } },
  },
  judge: (request, { about, isOn }, { isPreview, authors, approvers }) => {
    if (!isOn || isPreview || !isAbout(about, request)) return [];
    if (authors.length === 0) return [`nobody knows who wrote ${request.name}: CI says so in DEVICE_LIFECYCLE_AUTHORS`];
    if (approvers.length === 0) return [`nobody approved ${request.name}: CI says so in DEVICE_LIFECYCLE_APPROVERS`];
    const others = approvers.filter((name) => !authors.includes(name));
    return others.length > 0 ? [] : [`${request.name} was approved by its author alone: ${approvers.join(", ")}`];
  },
};

/**
 * A stolen account wipes no fleet with one pull request. It is asked of each request before that
 * runs: the engine asks about a whole stack only once everything is done.
 */
export const authorRule: RequestRule<{ readonly destructive?: number }> = {
  name: "author-limit",
  description: "One author destroys the data of few devices in one run",
  settings: {
    properties: {
      destructive: {
        type: "integer",
        minimum: 0,
        description: "How many new requests of one run may destroy data; without it any number may",
      },
    },
  },
  judge: ({ name }, { destructive }, { authors, destroying }) => {
    const place = destroying.indexOf(name) + 1;
    if (destructive === undefined || place <= destructive) return [];
    const who = authors.length === 0 ? "an author whom CI does not name" : authors.join(", ");
    return [
      `${name} is number ${place} of the new requests of ${who} in this run that destroy data, and one author may have ${destructive}`,
    ];
  },
};

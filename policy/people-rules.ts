import { ABOUT, type About, isAbout, type RequestRule, type RunRule } from "./rule.ts";

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

/** A stolen account wipes no fleet with one pull request. */
export const authorRule: RunRule<{ readonly destructive?: number }> = {
  name: "author-limit",
  description: "One author destroys the data of few devices in one run",
  settings: {
    properties: {
      destructive: { type: "integer", minimum: 0, description: "How many requests of one run may destroy data; without it any number may" },
    },
  },
  judgeAll: (requests, { destructive }, { authors }) => {
    const found = requests.filter((request) => request.destructive);
    if (destructive === undefined || found.length <= destructive) return [];
    const who = authors.length === 0 ? "an author whom CI does not name" : authors.join(", ");
    return [`${found.length} new requests of ${who} destroy data, and one author may have ${destructive} in one run: split them`];
  },
};

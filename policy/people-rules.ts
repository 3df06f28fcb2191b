import { APPROVERS, AUTHORS } from "../providers/domain/run-variables.ts";
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
  judge: (request, { about, isOn }, { isPreview, authorsOf, approvers }) => {
    if (!isOn || isPreview || !isAbout(about, request)) return [];
    const authors = authorsOf(request.name);
    if (authors.length === 0)
      return [`nobody knows who wrote ${request.name}: the review says so after dlr people authors, or CI in ${AUTHORS}`];
    if (approvers.length === 0) return [`nobody approved ${request.name}: CI says so in ${APPROVERS}, which dlr people approvers writes`];
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
  judge: ({ name }, { destructive }, { authorsOf, destroying }) => {
    if (destructive === undefined || !destroying.includes(name)) return [];
    const known = authorsOf(name);
    return (known.length === 0 ? [null] : known).flatMap((author) => {
      // Somebody who is not known may be anybody.
      const place = destroying.filter((other) => mayBeOf(authorsOf(other), author)).indexOf(name) + 1;
      if (place <= destructive) return [];
      const who = author ?? "an author whom CI does not name";
      return [
        `${name} is number ${place} of the new requests of ${who} in this run that destroy data, and one author may have ${destructive}`,
      ];
    });
  },
};

function mayBeOf(authors: readonly string[], author: string | null): boolean {
  return author === null || authors.length === 0 || authors.includes(author);
}

import { ABOUT, type About, isAbout, type RequestRule } from "./rule.ts";

/** Each request names a ticket, in the form that the organisation writes them. */
export const ticketRule: RequestRule<{ readonly about: About; readonly pattern: string }> = {
  name: "ticket",
  description: "A request names the ticket that it is done for",
  settings: {
    properties: {
      about: ABOUT,
      pattern: {
        type: "string",
        default: "\\S",
        description: "Regular expression that the ticket has to match, such as ^INC-[0-9]+$",
      },
    },
  },
  judge: (request, { about, pattern }) => {
    const form = compiled(pattern);
    if (!isAbout(about, request)) return [];
    if (request.ticket === null) return [`${request.name} names no ticket: write \`ticket:\` below its reason`];
    return form.test(request.ticket) ? [] : [`the ticket of ${request.name} does not match ${pattern}: ${request.ticket}`];
  },
};

function compiled(pattern: string): RegExp {
  try {
    return new RegExp(pattern, "u");
  } catch (cause) {
    throw new RangeError(`the setting pattern of the policy ticket is no regular expression: ${pattern}`, { cause });
  }
}

import { isFrozen, type Window } from "./freeze-window.ts";
import { ABOUT, type About, isAbout, type RequestRule } from "./rule.ts";

interface Settings {
  readonly about: About;
  readonly timeZone: string;
  readonly windows: readonly Window[];
}

/** Nothing new is begun while the organisation stands still; what is begun goes on. */
export const freezeRule: RequestRule<Settings> = {
  name: "freeze",
  description: "No request begins during a freeze",
  settings: {
    properties: {
      about: ABOUT,
      timeZone: { type: "string", default: "UTC", description: "IANA name of the zone that the windows are in, such as Europe/London" },
      windows: {
        type: "array",
        default: [],
        description: "Dates, or weekdays with hours, by the clock on the wall there; `to` is the first minute after",
        items: {
          type: "object",
          additionalProperties: false,
          required: ["from", "to"],
          properties: {
            from: { type: "string", pattern: "^(\\d{4}-\\d{2}-\\d{2}T)?([01]\\d|2[0-4]):[0-5]\\d$" },
            to: { type: "string", pattern: "^(\\d{4}-\\d{2}-\\d{2}T)?([01]\\d|2[0-4]):[0-5]\\d$" },
            weekdays: {
              type: "array",
              items: { enum: ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"] },
            },
            why: { type: "string" },
          },
        },
      },
    },
  },
  judge: (request, { about, timeZone, windows }, { now, isPreview }) => {
    const frozen = windows.filter((window) => isFrozen(window, timeZone, now));
    if (isPreview || !isAbout(about, request)) return [];
    return frozen.map(
      ({ from, to, why }) => `${request.name} begins nothing from ${from} to ${to} (${timeZone})${why === undefined ? "" : `: ${why}`}`,
    );
  },
};

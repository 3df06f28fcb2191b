import { ABOUT, type About, isAbout, type RequestRule } from "./rule.ts";

/** Only playbooks that the organisation has agreed on. */
export const playbookRule: RequestRule<{ readonly about: About; readonly playbooks?: readonly string[]; readonly ownSteps: boolean }> = {
  name: "playbooks",
  description: "A request uses a playbook of the list",
  settings: {
    properties: {
      about: ABOUT,
      playbooks: { type: "array", items: { type: "string" }, description: "Names of playbooks; without it all are fine" },
      ownSteps: { type: "boolean", default: false, description: "Requests with steps of their own are fine too" },
    },
  },
  judge: (request, { about, playbooks, ownSteps }) => {
    if (playbooks === undefined || !isAbout(about, request)) return [];
    const { name, playbook } = request;
    const instead = `use one of ${playbooks.join(", ")}`;
    if (playbook === null) return ownSteps ? [] : [`${name} has steps of its own: ${instead}`];
    return playbooks.includes(playbook) ? [] : [`${name} uses the playbook ${playbook}: ${instead}`];
  },
};
